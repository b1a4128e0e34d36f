"""A command of the product in a process of its own: how long it took and how much memory it held."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from bench import _academy


@dataclass(frozen=True, slots=True)
class Done:
    seconds: float
    peak_mb: int
    output: str


def run_command(database: str, *arguments: str) -> Done:
    """Raises CalledProcessError when the command fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=_academy.ROOT,
        env=_academy.environment(database),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments, output)
    return Done(time.perf_counter() - started, usage.ru_maxrss // 1024, output)
