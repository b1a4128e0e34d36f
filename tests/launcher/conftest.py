import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def state():
    """A state folder as the launcher makes it: private, but PostgreSQL's own user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="iprof-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
