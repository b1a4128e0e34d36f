"""Sign-ins: how many a second against the bare hash, and what 2 000 of them in a minute do to the pages of the others.

The burst is played three times on the same database: with Django's own cost of a hash in one pool of processes, with
the portal's cost in one pool, and with the portal's cost and sign-ins in a pool of their own that yields to the other
(docs/operations.md, « Deadline evening »).
"""

import asyncio
import contextlib
import functools
import json
import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench import Figure, _academy
from bench._burst import Arrivals, arrive, see, sign_in
from bench._portal import sign_in as open_sessions
from bench._portal import web_server

APART_GOAL = 1.5
AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
SIGN_INS, BURST_SECONDS = int(os.environ.get("BENCH_SIGN_INS", "2000")), 60.0
PAGES_PER_SECOND = 10
ROUNDS = 3
PASSWORD = "Sept moutons bleus, 42 collines"  # noqa: S105  (of fictional accounts)
DJANGO_HASHER, PORTAL_HASHER = "django.contrib.auth.hashers.Argon2PasswordHasher", "security.hashers.PortalArgon2Hasher"
PREPARE = """
import json
from django.contrib.auth.hashers import make_password
from security.models import FailedTries, User
encoded = make_password({password!r})
logins = list(User.objects.filter(is_staff=False, agent__left_on=None).order_by("pk").values_list("username", flat=True)[:{count}])
User.objects.filter(username__in=logins).update(password=encoded, must_change_password=False)
FailedTries.objects.all().delete()
print(json.dumps(logins))
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to serve: the cost of a hash, and whether sign-ins have processes of their own."""

    name: str
    hasher: str
    apart: bool


SHAPES = (
    Shape("one pool, Django's cost", DJANGO_HASHER, apart=False),
    Shape("one pool", PORTAL_HASHER, apart=False),
    Shape("sign-ins apart", PORTAL_HASHER, apart=True),
)


def run() -> Iterator[Figure]:
    database = _academy.ensure(AGENTS)
    logins = accounts(database, SIGN_INS, PORTAL_HASHER)
    yield from _throughput(database, logins)
    for shape in SHAPES:
        yield from _burst(database, shape)


def accounts(database: str, count: int, hasher: str) -> list[str]:
    """Logins of teachers who all have PASSWORD, hashed at that cost."""
    with _hasher(hasher):
        told = _academy.manage(database, "shell", "--no-imports", "-c", PREPARE.format(password=PASSWORD, count=count))
    found: list[str] = json.loads(told.splitlines()[-1])
    if len(found) < count:
        raise RuntimeError(f"{len(found)} accounts instead of {count}")
    return found


@contextlib.contextmanager
def _hasher(path: str) -> Iterator[None]:
    os.environ["BENCH_HASHER"] = path
    try:
        yield
    finally:
        del os.environ["BENCH_HASHER"]


def _throughput(database: str, logins: list[str]) -> Iterator[Figure]:
    """Sign-ins a second, closed loop, in turn with the bare hash in as many processes."""
    signed, hashed, failed = [], [], 0
    with web_server(database) as port, ProcessPoolExecutor(os.cpu_count()) as pool:
        for turn in range(ROUNDS):
            hashed.append(_bare_hashes(pool))
            speed, failures = asyncio.run(_closed(port, logins[turn * 200 : turn * 200 + 200]))
            signed.append(speed)
            failed += failures
    ratio = statistics.median(a / b for a, b in zip(signed, hashed, strict=True))
    yield Figure(
        "signin.per_second",
        round(statistics.median(signed), 1),
        "sign-ins/s",
        ratio=round(ratio, 3),
        limit=f"the bare hash in {os.cpu_count()} processes: {statistics.median(hashed):.1f}/s",
        ok=failed == 0,
        note=f"form and password, {ROUNDS} alternated rounds of 200, 16 at a time; {failed} failed",
    )


def _hash_for(seconds: float) -> float:
    """Bare hashes a second in this process, at the portal's cost."""
    from argon2.low_level import Type, hash_secret  # noqa: PLC0415  (in the child only)

    from security.hashers import PortalArgon2Hasher as Cost  # noqa: PLC0415

    count, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        hash_secret(PASSWORD.encode(), b"s" * 16, Cost.time_cost, Cost.memory_cost, Cost.parallelism, 32, Type.ID)
        count += 1
    return count / spent


def _bare_hashes(pool: ProcessPoolExecutor) -> float:
    return sum(pool.map(_hash_for, [3.0] * (os.cpu_count() or 1)))


async def _closed(port: int, logins: list[str]) -> tuple[float, int]:
    failures = 0
    waiting = iter(logins)

    async def visitor() -> None:
        nonlocal failures
        for login in waiting:
            try:
                await sign_in(port, login, PASSWORD)
            except (OSError, RuntimeError):
                failures += 1

    began = time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(16)))
    return len(logins) / (time.perf_counter() - began), failures


def _burst(database: str, shape: Shape) -> Iterator[Figure]:
    logins = accounts(database, SIGN_INS, shape.hasher)
    cookies = open_sessions(database, 200).cookies  # after the passwords: changing one ends its sessions
    with contextlib.ExitStack() as stack:
        stack.enter_context(_hasher(shape.hasher))
        port = stack.enter_context(web_server(database))
        door = stack.enter_context(web_server(database, niceness=19)) if shape.apart else port
        rest, during, entered = asyncio.run(_play(port, door, logins, cookies))
    ratio = round(during.p95 / rest.p95, 2)
    lost = len(during.failures) + len(entered.failures)
    yield Figure(
        f"burst.dashboard_p95, {shape.name}",
        round(during.p95, 1),
        "ms",
        ratio=ratio,
        limit=f"the same pages with nobody signing in: p95 {rest.p95:.1f} ms",
        goal=f"<= {APART_GOAL}, nothing lost" if shape.apart else "",
        ok=ratio <= APART_GOAL and not lost if shape.apart else None,
        note=f"{PAGES_PER_SECOND} pages/s; {len(during.failures)} pages failed",
    )
    yield Figure(
        f"burst.signin_p95, {shape.name}",
        round(entered.p95),
        "ms",
        note=f"{SIGN_INS} sign-ins arriving in {BURST_SECONDS:g} s; p50 {entered.p50:.0f} ms; {len(entered.failures)} failed"
        + (f" (first: {entered.failures[0]})" if entered.failures else ""),
    )


async def _play(port: int, door: int, logins: list[str], cookies: list[str]) -> tuple[Arrivals, Arrivals, Arrivals]:
    """(pages at rest, pages during the burst, sign-ins)."""

    def pages(seconds: float) -> list[functools.partial]:  # type: ignore[type-arg]
        count = int(PAGES_PER_SECOND * seconds)
        return [functools.partial(see, port, "/", cookies[turn % len(cookies)]) for turn in range(count)]

    rest, during, entered = Arrivals(), Arrivals(), Arrivals()
    await arrive(Arrivals(), pages(3), seconds=3)  # warm
    await arrive(rest, pages(20), seconds=20)
    doors = [functools.partial(sign_in, door, login, PASSWORD) for login in logins]
    await asyncio.gather(
        arrive(during, pages(BURST_SECONDS), seconds=BURST_SECONDS),
        arrive(entered, doors, seconds=BURST_SECONDS),
    )
    return rest, during, entered
