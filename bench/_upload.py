"""The deposit form as a browser sends it."""

import asyncio
import re
from collections.abc import Sequence

from bench._burst import TOKEN

PATH = "/mes-documents/deposer/"
COOKIE = re.compile(rb"^set-cookie: ([^=\s]*csrf[^=]*=[^;]*)", re.IGNORECASE | re.MULTILINE)
EDGE = "----depot"


async def token_of(port: int, cookie: str) -> str:
    """The cookies of one who opened the form and its token, joined by a line. Raises RuntimeError."""
    answer = await _ask(
        port, f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    token, csrf = TOKEN.search(answer), COOKIE.search(answer)
    if token is None or csrf is None:
        raise RuntimeError(f"the form answered {answer[:200]!r}")
    return f"{csrf[1].decode()}\n{token[1].decode()}"


async def deposit(port: int, cookie: str, opened: str, files: Sequence[bytes]) -> None:
    """Raises RuntimeError when a file is not kept."""
    csrf, _, token = opened.partition("\n")
    body = bytearray(
        f'--{EDGE}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'.encode()
    )
    for number, content in enumerate(files):
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="fichiers"; filename="Attestation_{number}.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    body += f"--{EDGE}--\r\n".encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nCookie: {cookie}; {csrf}\r\nContent-Type: multipart/form-data; boundary={EDGE}\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = await _ask(port, head.encode() + bytes(body))
    if answer[9:12] != (b"302" if len(files) == 1 else b"200"):
        raise RuntimeError(f"the deposit answered {answer[:300]!r}")


async def _ask(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await reader.read(-1)
    writer.close()
    return answer
