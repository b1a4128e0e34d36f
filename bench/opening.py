"""The opening hour of a campaign: so many teachers fill their request at once, each at a person's pace, among 30 000.

Told with it: where the time of the portal goes by layer, and how long the points take from the postal code typed.
"""

import asyncio
import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence

import psycopg

from bench import Figure, _academy
from bench._portal import sign_in, web_server
from bench._typed import typed_to_shown
from bench._wizard import Seen, Teacher, fill_request

AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
TEACHERS = int(os.environ.get("BENCH_TEACHERS", "500"))
THINK = float(os.environ.get("BENCH_THINK", "10"))  # seconds between two pages, on average
P95_GOAL, ERRORS_GOAL, TYPED_GOAL = 2000.0, 0.001, 1000.0
OPEN = """
import datetime as dt
from django.utils import timezone
from mobility.models import Campaign
from mobility.services.campaigns import create_campaign
from security.models import User
now = timezone.now()
made = Campaign.objects.filter(title="Mesure").first() or create_campaign(by=User.objects.order_by("pk").first(), campaign=Campaign(
    degree="2D", phase="inter", session=now.year + 1, rules_session=now.year + 1, title="Mesure", source="Mesure",
    opens_at=now - dt.timedelta(1), closes_at=now + dt.timedelta(30), pieces_until=now + dt.timedelta(40), voeux_max=31))
print(made.public_id)
"""
CLEAN = "SET iprof.retention = 'on'; TRUNCATE mobility_mobilityrequest CASCADE"


def run() -> Iterator[Figure]:
    database = _academy.ensure(AGENTS)
    with psycopg.connect(_academy.url(database)) as connection:
        connection.execute(CLEAN)
    campaign = _academy.manage(database, "shell", "--no-imports", "-c", OPEN).split()[-1]
    cookies = sign_in(database, TEACHERS + 1, corps=("certifies", "agreges", "plp")).cookies
    with web_server(database) as port:
        yield from typed_to_shown(port, cookies[-1], campaign, goal=TYPED_GOAL)
    os.environ["BENCH_LAYERS"] = "1"
    try:
        with web_server(database) as port:
            began = time.perf_counter()
            seen = asyncio.run(_hour(port, cookies[:TEACHERS], campaign))
            spent = time.perf_counter() - began
    finally:
        del os.environ["BENCH_LAYERS"]
    yield from _figures(seen, spent)


async def _hour(port: int, cookies: Sequence[str], campaign: str) -> Seen:
    seen, chance = Seen(), random.Random(7)

    async def one(cookie: str) -> None:
        await asyncio.sleep(chance.uniform(0, THINK))
        await fill_request(Teacher(port, cookie, seen, chance), campaign, mean=THINK)

    done = await asyncio.gather(*(one(cookie) for cookie in cookies), return_exceptions=True)
    seen.failures += [repr(error)[:120] for error in done if isinstance(error, BaseException)]
    return seen


def _figures(seen: Seen, spent: float) -> Iterator[Figure]:
    waits = seen.every
    p95 = statistics.quantiles(waits, n=20)[18]
    note = f"{TEACHERS} teachers at once among {AGENTS}, {THINK:g} s between pages on average, {os.cpu_count()} cores, {spent:.0f} s"
    yield Figure("opening.pages", round(len(waits) / spent, 1), "requests/s", note=note)
    yield Figure("opening.p50", round(statistics.median(waits), 1), "ms")
    yield Figure("opening.p95", round(p95, 1), "ms", goal=f"<= {P95_GOAL:g}", ok=p95 <= P95_GOAL)
    errors = len(seen.failures) / max(len(waits), 1)
    yield Figure(
        "opening.errors", round(errors, 5), "share", goal=f"<= {ERRORS_GOAL}", ok=errors <= ERRORS_GOAL,
        note="; ".join(sorted(set(seen.failures))[:3]),
    )  # fmt: skip
    yield Figure("opening.confirmed", seen.confirmed, "requests", goal=f"= {TEACHERS}", ok=seen.confirmed == TEACHERS)
    whole = sum(seen.layers.values()) or 1
    for layer, told in sorted(seen.layers.items(), key=lambda pair: -pair[1]):
        yield Figure(f"opening.time.{layer}", round(told / whole, 3), "share of the portal's time")
    for step, found in seen.waits.items():
        yield Figure(f"opening.p50, {step}", round(statistics.median(found), 1), "ms", note=f"{len(found)} requests")
