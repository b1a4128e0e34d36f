"""The portal's side: one reader of files per process, started at the first file, started again when it dies."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iprof.web.probe import wire
from iprof.web.probe.limits import SECONDS

SERVER = Path(__file__).resolve().parent / "server.py"
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}  # no key, no address: whoever takes hold of the reader finds none
SLACK = 3.0  # seconds left to the reader to tell that a file took too long


@dataclass(frozen=True, slots=True)
class Answer:
    """`told` as the job says; `{"refusal": "heavy"}` when it took too much memory or time."""

    told: dict[str, Any]
    content: bytes = b""

    @property
    def refusal(self) -> str:
        return str(self.told.get("refusal", ""))


@dataclass(frozen=True, slots=True)
class Looked:
    """`pages`, or the word that says why it is not taken: locked, active, broken, empty, heavy."""

    pages: int = 0
    refusal: str = ""


HEAVY = Answer({"refusal": "heavy"})


@dataclass(slots=True)
class _Reader:
    """A child and its line. It belongs to the process that started it: a fork starts its own."""

    pid: int
    link: socket.socket
    child: subprocess.Popen[bytes]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        self.link.close()
        with suppress(ProcessLookupError):
            self.child.kill()
        self.child.wait()


_lock = threading.Lock()
_reader: list[_Reader] = []


def ask(job: str, content: bytes, **options: Any) -> Answer:
    """The answer of one job of `iprof.web.probe.jobs` on a content. Never raises for what is in the content."""
    for _ in range(2):  # once more when the reader was found dead, never for the file that killed it
        reader = _current()
        with reader.lock:
            try:
                wire.send(reader.link, {"job": job, "options": options}, content)
            except OSError:
                _drop(reader)
                continue
            try:
                return Answer(*wire.receive(reader.link))
            except (OSError, EOFError, ValueError):  # too long, or gone with the file
                _drop(reader)
                return HEAVY
    return HEAVY


def look(content: bytes) -> Looked:
    """Opens a PDF: how many pages, or why it is not taken."""
    told = ask("look", content).told
    return Looked(told.get("pages", 0), told.get("refusal", ""))


def _current() -> _Reader:
    with _lock:
        if _reader and _reader[0].pid == os.getpid() and _reader[0].child.poll() is None:
            return _reader[0]
        if _reader and _reader[0].pid == os.getpid():
            _reader[0].close()
        _reader[:] = [_start()]
        return _reader[0]


def _start() -> _Reader:
    ours, theirs = socket.socketpair()
    with theirs:
        child = subprocess.Popen(  # noqa: S603  (a file of ours, no shell)
            [sys.executable, "-I", str(SERVER), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    ours.settimeout(SECONDS + SLACK)
    return _Reader(os.getpid(), ours, child)


def _drop(reader: _Reader) -> None:
    with _lock:
        if _reader and _reader[0] is reader:
            _reader.clear()
    reader.close()


@atexit.register
def _stop() -> None:
    if _reader and _reader[0].pid == os.getpid():
        _reader.pop().close()
