"""Arrivals at a fixed pace, whatever the server does with them: what a deadline evening looks like from outside."""

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
COOKIE = re.compile(rb"^set-cookie: ([^=]+)=([^;]*)", re.IGNORECASE | re.MULTILINE)
SIGN_IN = "/connexion/"


@dataclass(slots=True)
class Arrivals:
    """Waiting times in milliseconds, from the moment somebody came to the last byte; and what failed."""

    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.waits, n=20)[18]

    @property
    def p50(self) -> float:
        return statistics.median(self.waits)


async def _ask(port: int, path: str, cookies: dict[str, str], body: str | None = None) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    jar = "; ".join(f"{name}={value}" for name, value in cookies.items())
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    head += f"Cookie: {jar}\r\n" if jar else ""
    if body is not None:
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}\r\n{body or ''}".encode())
    answer = await reader.read(-1)
    writer.close()
    cookies.update((name.decode(), value.decode()) for name, value in COOKIE.findall(answer.partition(b"\r\n\r\n")[0]))
    return int(answer[9:12]), answer


async def sign_in(port: int, login: str, password: str) -> None:
    """The form, then the password: as a browser does. Raises RuntimeError when it does not open the account."""
    cookies: dict[str, str] = {}
    status, page = await _ask(port, SIGN_IN, cookies)
    found = TOKEN.search(page)
    if status != 200 or found is None:
        raise RuntimeError(f"the form answered {status}")
    body = f"csrfmiddlewaretoken={found[1].decode()}&login={quote_plus(login)}&password={quote_plus(password)}"
    status, _ = await _ask(port, SIGN_IN, cookies, body)
    if status != 302 or not any(name.endswith("session") for name in cookies):
        raise RuntimeError(f"the password answered {status}")


async def see(port: int, path: str, cookie: str) -> None:
    name, _, value = cookie.partition("=")
    status, _ = await _ask(port, path, {name: value})
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")


async def arrive(seen: Arrivals, acts: Sequence[Callable[[], Awaitable[None]]], *, seconds: float) -> None:
    """Begins each act at its time, evenly spread over so many seconds, without waiting for those before."""

    async def one(due: float, act: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(max(0, due - time.perf_counter()))
        try:
            await act()
        except (OSError, RuntimeError, ValueError) as error:
            seen.failures.append(str(error))
        else:
            seen.waits.append((time.perf_counter() - due) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(one(began + seconds * rank / len(acts), act) for rank, act in enumerate(acts)))
