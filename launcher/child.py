"""Children that do not outlive us: when the launcher is killed outright, Linux ends them."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
# Loaded before the fork: nothing but the call itself may happen between fork and exec.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _end_with_parent() -> None:
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def start(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    told: bytes = b"",
) -> subprocess.Popen[bytes]:
    """A process in its own session: Ctrl-C reaches the launcher alone, which then stops the others in order.

    Its output goes to `log`, or where ours goes. `told` is what it reads on its standard input.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.PIPE if told else subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # the launcher has one thread
    )
    if process.stdin is not None:
        process.stdin.write(told)
        process.stdin.close()
    return process
