"""How the portal and the reader of files speak: a header of JSON, then bytes; each length on eight bytes."""

import json
import socket
import struct
from typing import Any

HEADER = struct.Struct(">QQ")
LARGEST = 64_000_000  # bytes of a content, either way


def send(link: socket.socket, told: dict[str, Any], content: bytes = b"") -> None:
    head = json.dumps(told).encode()
    link.sendall(HEADER.pack(len(head), len(content)) + head)
    link.sendall(content)


def receive(link: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Raises EOFError when the other side is gone, ValueError for what is no message."""
    first, second = HEADER.unpack(_exactly(link, HEADER.size))
    if first > LARGEST or second > LARGEST:
        raise ValueError("too long")
    told = json.loads(_exactly(link, first))
    return told, _exactly(link, second)


def _exactly(link: socket.socket, size: int) -> bytes:
    buffer = bytearray()
    while len(buffer) < size:
        part = link.recv(min(size - len(buffer), 1 << 20))
        if not part:
            raise EOFError
        buffer += part
    return bytes(buffer)
