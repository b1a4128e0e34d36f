"""A load generator without dependency: keeps so many requests in flight, each on its own connection, for a while."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """Answers per second and latencies in milliseconds. Every answer was a 200."""

    per_second: float
    p50: float
    p99: float
    answers: int


async def _one(port: int, path: str, cookie: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.read(-1)
    writer.close()
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{path} answered {answer[:60]!r}")
    return len(answer)


async def _drive(port: int, path: str, cookies: Sequence[str], connections: int, seconds: float) -> Load:
    latencies: list[float] = []
    end = time.perf_counter() + seconds

    async def worker(number: int) -> None:
        turn = number
        while time.perf_counter() < end:
            began = time.perf_counter()
            await _one(port, path, cookies[turn % len(cookies)])
            latencies.append((time.perf_counter() - began) * 1000)
            turn += connections

    began = time.perf_counter()
    await asyncio.gather(*(worker(number) for number in range(connections)))
    spent = time.perf_counter() - began
    cuts = statistics.quantiles(latencies, n=100) if len(latencies) > 1 else latencies * 99
    return Load(len(latencies) / spent, statistics.median(latencies), cuts[98], len(latencies))


def drive(port: int, path: str, cookies: Sequence[str], *, connections: int, seconds: float) -> Load:
    """Raises RuntimeError on any answer that is not a 200."""
    return asyncio.run(_drive(port, path, cookies, connections, seconds))
