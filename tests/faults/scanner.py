"""A clamd that finds nothing: `python -m tests.faults.scanner PORT`. FAULT_DELAY: seconds before each answer."""

import asyncio
import os
import struct
import sys

DELAY = float(os.environ.get("FAULT_DELAY", "0"))


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(len(b"zINSTREAM\0"))
    while size := struct.unpack(">I", await reader.readexactly(4))[0]:
        await reader.readexactly(size)
    await asyncio.sleep(DELAY)
    writer.write(b"stream: OK\0")
    await writer.drain()
    writer.close()


async def serve(port: int) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
