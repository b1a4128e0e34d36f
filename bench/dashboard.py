"""The home page of a teacher among 30 000, against two plain pages of the same size on the same server, in turn."""

import os
import statistics
from collections.abc import Iterator

from bench import Figure, _academy
from bench._load import Load, drive
from bench._portal import sign_in, web_server

AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
SESSIONS = 400
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))
SECONDS = 2.0
CONNECTIONS = 16
MAX_QUERIES = 12
ORM_GOAL = 0.6


def run() -> Iterator[Figure]:
    database = _academy.ensure(AGENTS)
    told = sign_in(database, SESSIONS)
    cookies, counts = told.cookies, told.counts
    yield Figure(
        "home.queries", counts[-1], "queries", goal=f"<= {MAX_QUERIES}, the same for 60 careers of any length",
        ok=len(counts) == 1 and counts[-1] <= MAX_QUERIES, note=f"counts met: {counts}",
    )  # fmt: skip
    beside = f"?queries={counts[-1] - 3}&bytes={told.size}"  # session, user and agent are read by the plain page too
    pages = {"home": "/", "orm": f"/plain-orm/{beside}", "raw": f"/plain-raw/{beside}"}
    with web_server(database) as port:
        for path in pages.values():
            drive(port, path, cookies, connections=4, seconds=1)  # warm
        rounds: dict[str, list[Load]] = {name: [] for name in pages}
        for number in range(ROUNDS):
            order = list(pages) if number % 2 == 0 else list(reversed(pages))
            for name in order:
                rounds[name].append(drive(port, pages[name], cookies, connections=CONNECTIONS, seconds=SECONDS))
        for name, limit in (
            ("orm", "plain page, as many ORM queries, same bytes"),
            ("raw", "the same in raw SQL: the limit"),
        ):
            ratios = [a.per_second / b.per_second for a, b in zip(rounds["home"], rounds[name], strict=True)]
            ratio = statistics.median(ratios)
            speed = statistics.median(load.per_second for load in rounds[name])
            yield Figure(
                f"home.per_second.against_{name}",
                round(statistics.median(load.per_second for load in rounds["home"]), 1),
                "requests/s",
                ratio=round(ratio, 3),
                limit=f"{limit}: {speed:.1f} requests/s",
                goal=f">= {ORM_GOAL}" if name == "orm" else "",
                ok=ratio >= ORM_GOAL if name == "orm" else None,
                note=f"{ROUNDS} alternated rounds of {SECONDS:g} s, {min(ratios):.2f} to {max(ratios):.2f}; {told.size} bytes",
            )
        busy = rounds["home"]
        alone = drive(port, "/", cookies, connections=1, seconds=5)
        for name, p50, p99 in (
            ("alone", alone.p50, alone.p99),
            (
                f"{CONNECTIONS} connections",
                statistics.median(b.p50 for b in busy),
                statistics.median(b.p99 for b in busy),
            ),
        ):
            yield Figure(f"home.p50, {name}", round(p50, 1), "ms")
            yield Figure(f"home.p99, {name}", round(p99, 1), "ms")
