"""How the portal and the reader of files speak: a header of JSON, and the content in memory that both sides see.

The content travels as a file descriptor of anonymous memory (memfd_create), so that two megabytes cross two processes
without being copied from hand to hand.
"""

import json
import os
import socket
import struct
from contextlib import suppress
from typing import Any

HEADER = struct.Struct(">Q")
LARGEST = 64_000_000  # bytes of a content, either way


def send(link: socket.socket, told: dict[str, Any], content: bytes = b"") -> None:
    memory = os.memfd_create("content")
    try:
        _fill(memory, content)
        hand(link, told, memory)
    finally:
        os.close(memory)


def receive(link: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Raises EOFError when the other side is gone, ValueError for what is no message."""
    told, memory = take(link)
    try:
        return told, _content(memory)
    finally:
        os.close(memory)


def hand(link: socket.socket, told: dict[str, Any], memory: int) -> None:
    """A message whose content is already in memory; the caller keeps its own descriptor."""
    head = json.dumps(told).encode()
    socket.send_fds(link, [HEADER.pack(len(head))], [memory])
    link.sendall(head)


def take(link: socket.socket) -> tuple[dict[str, Any], int]:
    """(header, descriptor of the content, which the caller closes). Raises as `receive`."""
    first, given, _, _ = socket.recv_fds(link, HEADER.size, 1)
    try:
        if not first:
            raise EOFError
        (length,) = HEADER.unpack(first + _exactly(link, HEADER.size - len(first)))
        if length > LARGEST or len(given) != 1:
            raise ValueError("no message")
        return json.loads(_exactly(link, length)), given[0]
    except BaseException:
        for memory in given:
            with suppress(OSError):
                os.close(memory)
        raise


def _fill(memory: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(memory, left) :]


def _content(memory: int) -> bytes:
    """Read at places of its own: both sides share the position of a descriptor."""
    size = os.fstat(memory).st_size
    if size > LARGEST:
        raise ValueError("too long")
    content = os.pread(memory, size, 0)
    if len(content) != size:
        raise ValueError("shorter than told")
    return content


def _exactly(link: socket.socket, size: int) -> bytes:
    buffer = bytearray()
    while len(buffer) < size:
        part = link.recv(size - len(buffer))
        if not part:
            raise EOFError
        buffer += part
    return bytes(buffer)
