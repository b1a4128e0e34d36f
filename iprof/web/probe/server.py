"""The reader of files: loads the libraries once, then forks for each file. Started by `client`, alone in its session."""

import os
import resource
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent.parent.parent))  # started in isolation: no path of ours

from iprof.web.probe import jobs, limits, wire


def serve(link: socket.socket) -> None:
    """Until the portal closes its side."""
    held = _data_held()
    while True:
        try:
            told, content = wire.receive(link)
        except (EOFError, OSError, ValueError):
            return
        head, body = _apart(told["job"], content, told["options"], held)
        wire.send(link, head, body)


def _apart(job: str, content: bytes, options: dict[str, Any], held: int) -> tuple[dict[str, Any], bytes]:
    """One file in a child of its own; « heavy » when it dies or lasts."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        _work(theirs, job, content, options, held)
    theirs.close()
    try:
        return _answer(ours)
    except (EOFError, OSError, ValueError):
        return {"refusal": "heavy"}, b""
    finally:
        ours.close()
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _answer(link: socket.socket) -> tuple[dict[str, Any], bytes]:
    deadline = time.monotonic() + limits.SECONDS
    readable, _, _ = select.select([link], [], [], limits.SECONDS)
    if not readable:
        raise OSError("too long")
    link.settimeout(max(deadline - time.monotonic(), 0.1))
    found: tuple[dict[str, Any], bytes] = wire.receive(link)
    return found


def _work(link: socket.socket, job: str, content: bytes, options: dict[str, Any], held: int) -> None:
    """Never returns."""
    try:
        ceiling = held + limits.MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
        resource.setrlimit(resource.RLIMIT_CPU, (int(limits.SECONDS) + 1, int(limits.SECONDS) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            head, body = jobs.run(job, content, options)
        except MemoryError:
            head, body = {"refusal": "heavy"}, b""
        wire.send(link, head, body)
    finally:
        os._exit(0)


def _data_held() -> int:
    """Bytes of data of this process: what RLIMIT_DATA counts."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmData")), 0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the portal stops it by closing its side
    with socket.socket(fileno=int(sys.argv[1])) as line:
        serve(line)
