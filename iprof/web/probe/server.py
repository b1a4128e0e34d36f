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
            told, memory = wire.take(link)
        except (EOFError, OSError, ValueError):
            return
        try:
            _apart(link, told["job"], memory, told["options"], held)
        finally:
            os.close(memory)


def _apart(link: socket.socket, job: str, memory: int, options: dict[str, Any], held: int) -> None:
    """One file in a child of its own, whose answer is handed on; « heavy » when it dies or lasts."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        link.close()  # who reads a file has no line to the portal
        _work(theirs, job, memory, options, held)
    theirs.close()
    try:
        _hand_on(ours, link)
    finally:
        ours.close()
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _hand_on(child: socket.socket, link: socket.socket) -> None:
    try:
        told, memory = _answer(child)
    except (EOFError, OSError, ValueError):
        wire.send(link, {"refusal": "heavy"})
        return
    try:
        wire.hand(link, told, memory)
    finally:
        os.close(memory)


def _answer(child: socket.socket) -> tuple[dict[str, Any], int]:
    deadline = time.monotonic() + limits.SECONDS
    readable, _, _ = select.select([child], [], [], limits.SECONDS)
    if not readable:
        raise OSError("too long")
    child.settimeout(max(deadline - time.monotonic(), 0.1))
    found: tuple[dict[str, Any], int] = wire.take(child)
    return found


def _work(link: socket.socket, job: str, memory: int, options: dict[str, Any], held: int) -> None:
    """Never returns."""
    try:
        content = os.pread(memory, os.fstat(memory).st_size, 0)
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
