"""Teachers who deposit documents through the form, and write down what they were answered."""

import hashlib
import http.client
import secrets
import socket
import threading
import time
import uuid
from dataclasses import dataclass

from tests.documents.papers import paper

TOKEN = "f" * 32
TRIES = 20.0  # seconds a teacher waits for a page
KEPT_NOTHING = "rien n&#x27;a été gardé"


@dataclass(frozen=True, slots=True)
class Answer:
    """`said`: received, nothing (« rien n'a été gardé »), error (a page of error), silence (no page at all)."""

    sha256: str
    said: str


class Depositor(threading.Thread):
    """Sends `count` files one after the other."""

    def __init__(self, port: int, session: str, count: int) -> None:
        super().__init__(daemon=True)
        self.port, self.session, self.count = port, session, count
        self.answers: list[Answer] = []

    def run(self) -> None:
        for _ in range(self.count):
            content = paper() + f"\n% {uuid.uuid4()}\n".encode()
            said = self._send(content)
            self.answers.append(Answer(hashlib.sha256(content).hexdigest(), said))
            if said in ("silence", "error"):
                self._wait()

    def _wait(self) -> None:
        """For the portal to be there again, as whoever reloads the page."""
        stop = time.monotonic() + TRIES
        time.sleep(1)
        while time.monotonic() < stop and not listens(self.port):
            time.sleep(0.1)

    def _send(self, content: bytes) -> str:
        try:
            status, page = post(self.port, self.session, content)
        except (OSError, http.client.HTTPException):
            return "silence"
        if status == 302:
            return "received"
        return "nothing" if status == 400 and KEPT_NOTHING in page else "error"


def post(port: int, session: str, content: bytes) -> tuple[int, str]:
    edge = secrets.token_hex(16)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'.encode(),
        f'--{edge}\r\nContent-Disposition: form-data; name="fichiers"; filename="JustifDomicile_2026.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n".encode(),
        content,
        f"\r\n--{edge}--\r\n".encode(),
    ]
    return _ask(
        port, session, "POST", "/mes-documents/deposer/", b"".join(parts), f"multipart/form-data; boundary={edge}"
    )


def page(port: int, session: str, path: str) -> tuple[int, str]:
    return _ask(port, session, "GET", path)


def _ask(port: int, session: str, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=TRIES)
    headers = {"Cookie": f"session={session}; csrf={TOKEN}", **({"Content-Type": kind} if kind else {})}
    try:
        link.request(method, path, body or None, headers)
        answer = link.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        link.close()


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return True
    except OSError:
        return False
