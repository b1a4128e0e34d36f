"""`python3 run.py test`: rules and pages on two processes; then the browser journeys, on two as well."""

import shutil
import subprocess
import sys

from launcher.python import python
from launcher.servers import throwaway_servers

NO_TEST_SELECTED = 5  # pytest's exit code: a selection that matches nothing is not a failure
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest(*arguments: str, **environment: str) -> int:
    code = python("-m", "pytest", *arguments, **environment)
    return 0 if code == NO_TEST_SELECTED else code


def browser_is_ready() -> bool:
    """Chromium is there, and so is what Playwright's own driver needs from the system."""
    if not any(shutil.which(name) for name in BROWSERS):
        return False
    driver = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(driver, capture_output=True, check=False).returncode == 0


def test(arguments: list[str], *, browser: bool) -> int:
    """The exit code. `arguments` go to pytest as they are, in one process."""
    with throwaway_servers() as servers:
        environment = {**servers, "DJANGO_SETTINGS_MODULE": "iprof.settings.test"}
        if arguments:
            return pytest(*arguments, **environment)
        keep = ("--create-db", "--reuse-db") if browser else ("--create-db",)  # migrated once for the two halves
        quick = pytest("-q", "-n", "2", "-m", "not e2e", *keep, **environment)
        if not browser:
            return quick
        if not browser_is_ready():
            print("▸ Chromium ou libatomic1 est absent : les essais dans un navigateur sont sautés.", flush=True)
            return quick
        return pytest("-q", "-n", "2", "-m", "e2e", "--reuse-db", **environment) or quick
