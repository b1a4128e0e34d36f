"""The portal as `python3 run.py` starts it, over a storage that can refuse."""

from iprof.settings.dev import *
from iprof.settings.dev import STORAGES

# A dict of its own: whoever imports this changes nothing of the settings it comes from.
STORAGES = {**STORAGES, "documents": {**STORAGES["documents"], "BACKEND": "tests.faults.storage.RefusingStorage"}}
