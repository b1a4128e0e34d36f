"""Our own interpreter, at the root of the checkout."""

import os
import signal
import subprocess
import sys

from launcher.places import ROOT

STOP_SECONDS = 15


def python(*arguments: str, **environment: str) -> int:
    """The exit code of `python …`, with these environment variables besides ours.

    On a terminal Ctrl-C reaches the command itself, which decides; we wait for its end, as a shell does.
    """
    on_terminal = sys.stdin is not None and sys.stdin.isatty()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if on_terminal else None
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        preexec_fn=_hear_interrupt if on_terminal else None,
    )
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


def _hear_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is ignored stays ignored across exec
