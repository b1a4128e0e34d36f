"""`python3 run.py attacks`: the attacks of tests/attacks at full size, then their figures, one JSON line each."""

import tempfile
from pathlib import Path

from launcher.servers import throwaway_servers
from launcher.suite import pytest


def attacks(arguments: list[str]) -> int:
    """The exit code of pytest, to which `arguments` go."""
    with tempfile.TemporaryDirectory() as folder, throwaway_servers() as servers:
        figures = Path(folder) / "figures.jsonl"
        environment = {
            **servers,
            "DJANGO_SETTINGS_MODULE": "iprof.settings.test",
            "ATTACKS_FULL": "1",
            "ATTACKS_FIGURES": str(figures),
        }
        code = pytest("-q", "--create-db", "--show-capture=no", "tests/attacks", *arguments, **environment)
        if figures.exists():
            print(figures.read_text(encoding="utf-8"), end="", flush=True)
    return code
