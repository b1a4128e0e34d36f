"""`python3 run.py faults`: what is killed in the middle of a sending or of a deposit, twenty times each, then the counts, one JSON line each."""

import os
import tempfile
from pathlib import Path

from launcher.servers import throwaway_servers
from launcher.suite import pytest

RUNS = "20"


def faults(arguments: list[str]) -> int:
    """The exit code of pytest, to which `arguments` go (« -k broker »). FAULT_RUNS changes how many times."""
    with tempfile.TemporaryDirectory() as folder, throwaway_servers() as servers:
        figures = Path(folder) / "figures.jsonl"
        environment = {
            **servers,
            "DJANGO_SETTINGS_MODULE": "iprof.settings.test",
            "FAULT_RUNS": os.environ.get("FAULT_RUNS", RUNS),
            "FAULT_FIGURES": str(figures),
        }
        code = pytest("-q", "tests/faults", *arguments, **environment)
        if figures.exists():
            print(figures.read_text(encoding="utf-8"), end="", flush=True)
    return code
