"""The antivirus: clamd's INSTREAM command, over TCP or a local socket."""

import socket
import struct
from contextlib import closing

CHUNK, TIMEOUT = 1 << 17, 20.0  # bytes; seconds


class ScannerDown(Exception):
    """No answer, or one that says nothing: whatever was to be scanned waits."""


def infected(content: bytes, *, address: str) -> bool:
    """Whether clamd recognises something. `address`: « host:port » or the path of a socket. Raises ScannerDown."""
    try:
        with closing(_connected(address)) as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                link.sendall(struct.pack(">I", len(part)) + part)
            link.sendall(struct.pack(">I", 0))
            answer = _answer(link)
    except (OSError, ValueError) as error:
        raise ScannerDown(str(error)) from error
    if answer.endswith(b"FOUND"):
        return True
    if answer == b"stream: OK":
        return False
    raise ScannerDown(answer.decode("ascii", "replace")[:80])


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(TIMEOUT)
        try:
            link.connect(address)
        except OSError:
            link.close()
            raise
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def _answer(link: socket.socket) -> bytes:
    found = b""
    while b"\0" not in found and len(found) < 4096:
        part = link.recv(4096)
        if not part:
            break
        found += part
    return found.partition(b"\0")[0].strip()
