"""An SMTP server that writes down each mail before it says yes: `python -m tests.faults.sink PORT FILE`.

One line a mail: recipient of the envelope, Message-ID, To. Killed at any moment, what it took is on disk; a mail taken
whose answer was lost is there and will come again. FAULT_DELAY: seconds each mail takes. FAULT_SLOW: share of mails, in
a hundred, whose answer comes later than the sender waits.
"""

import asyncio
import os
import random
import sys
from email import message_from_bytes

from aiosmtpd.smtp import SMTP

DELAY, SLOW = float(os.environ.get("FAULT_DELAY", "0")), int(os.environ.get("FAULT_SLOW", "0"))


class Ledger:
    def __init__(self, path: str) -> None:
        self.file = open(path, "a", encoding="utf-8")

    async def handle_DATA(self, server, session, envelope) -> str:
        await asyncio.sleep(DELAY)
        mail = message_from_bytes(envelope.original_content)
        self.file.write("\t".join([*envelope.rcpt_tos, mail["Message-ID"], mail["To"], mail["Subject"] or ""]) + "\n")
        self.file.flush()
        if random.randrange(100) < SLOW:
            await asyncio.sleep(2.5)  # taken, and the sender has stopped waiting to be told
        return "250 OK"


async def serve(port: int, path: str) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Ledger(path), hostname="sink"), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
