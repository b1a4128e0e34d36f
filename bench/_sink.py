"""An SMTP server that takes everything, as fast as aiosmtpd goes, and tells how much it has: `python -m bench._sink PORT`.

`VRFY` answers « 252 mails distinct-ids wrong », so that the bench counts what arrived without touching the database:
mails taken, distinct (recipient, Message-ID) pairs, mails whose To is not their envelope's recipient.
"""

import asyncio
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP


class Count:
    def __init__(self) -> None:
        self.mails, self.wrong = 0, 0
        self.pairs: set[tuple[str, bytes]] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = envelope.original_content.partition(b"\r\n\r\n")[0]
        identity = head.partition(b"Message-ID: <")[2].partition(b">")[0]
        self.mails += 1
        self.pairs.add((envelope.rcpt_tos[0], identity))
        self.wrong += envelope.rcpt_tos != [head.partition(b"\r\nTo: ")[2].partition(b"\r\n")[0].decode()]
        return "250 OK"

    async def handle_VRFY(self, *_: Any) -> str:
        return f"252 {self.mails} {len(self.pairs)} {self.wrong}"


async def _serve(port: int) -> None:
    count = Count()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(count, hostname="sink"), "127.0.0.1", port)
    await server.serve_forever()


@dataclass(frozen=True, slots=True)
class Seen:
    mails: int
    distinct: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Sink:
    port: int

    def seen(self) -> Seen:
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            _, told = client.docmd("VRFY", "count")
        return Seen(*(int(part) for part in told.split()))

    def wait_for(self, mails: int, *, seconds: float) -> float:
        """The moment that many mails have come. Raises TimeoutError."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if self.seen().mails >= mails:
                return time.perf_counter()
            time.sleep(0.1)
        raise TimeoutError(f"{self.seen().mails} mails of {mails} after {seconds:g} s")


@contextmanager
def sink(port: int, *, niceness: int = 0) -> Iterator[Sink]:
    process = subprocess.Popen(["nice", "-n", str(niceness), sys.executable, "-m", "bench._sink", str(port)])
    try:
        for _ in range(100):
            with suppress(OSError):
                Sink(port).seen()
                break
            time.sleep(0.1)
        yield Sink(port)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
