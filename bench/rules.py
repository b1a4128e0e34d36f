"""The ten-year distribution of 30 000 agents in one process, against their plain deterministic projection; and what the
pages that show it cost beside the home page."""

import datetime as dt
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator

from bench import Figure, _academy
from bench._load import drive
from bench._portal import sign_in, web_server
from career.domain import forecast as rules
from career.domain.chances import published_chances
from career.domain.projection import path, project
from career.domain.snapshot import CareerStepFact, Standing, standing
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import add_months

AGENTS = int(os.environ.get("BENCH_AGENTS", "30000"))
ROUNDS = int(os.environ.get("BENCH_RULES_ROUNDS", "5"))
ON = dt.date(2026, 11, 24)
DAYS = tuple(add_months(ON, 12 * year) for year in range(11))
GOAL, PAGE_GOAL = 5.0, 1.2
PAGE_ROUNDS, SECONDS, SESSIONS = 7, 2.0, 100


def run() -> Iterator[Figure]:
    agents = _standings()
    _plain(agents[:200])  # the law is read
    times: dict[Callable[[list[Standing]], float], list[float]] = {_plain: [], _distribution: []}
    for number in range(ROUNDS):
        for measured in sorted(times, key=lambda kind: kind.__name__, reverse=bool(number % 2)):
            times[measured].append(measured(agents))
    ratios = [slow / fast for fast, slow in zip(times[_plain], times[_distribution], strict=True)]
    ratio, plain = statistics.median(ratios), statistics.median(times[_plain])
    spent = statistics.median(times[_distribution])
    yield Figure(
        "rules.distribution.per_second",
        round(len(agents) / spent),
        "agents/s",
        ratio=round(ratio, 2),
        limit=f"deterministic projection, dates only: {len(agents) / plain:.0f} agents/s",
        goal=f"<= {GOAL:g} times its time",
        ok=ratio <= GOAL,
        note=f"{len(agents)} agents, 10 years, one process, memory of places emptied each round; {ROUNDS} alternated rounds, "
        f"{min(ratios):.2f} to {max(ratios):.2f}; {spent:.1f} s for all",
    )
    explained = _explained(agents[:: max(1, len(agents) // 2000)])
    yield Figure("rules.projection_explained.per_second", round(explained), "agents/s", note="index, pay and trees")
    yield from _pages(1000 * spent / len(agents))


def _standings() -> list[Standing]:
    """Where every agent of the fictional académie stands, read in the feed itself."""
    steps: dict[str, list[CareerStepFact]] = defaultdict(list)
    with _academy.feed_of(AGENTS)[1].open("rb") as lines:
        for line in lines:
            if b'"career.step"' in line:
                message = json.loads(line)
                data = message["data"]
                if data.get("echelon"):
                    steps[message["agent"]].append(_fact(data))
    found = [standing(tuple(facts), ON) for facts in steps.values()]
    return [now for now in found if now is not None]


def _fact(data: dict[str, object]) -> CareerStepFact:
    return CareerStepFact(
        str(data["corps"]),
        str(data["grade"]),
        int(str(data["echelon"])),
        dt.date.fromisoformat(str(data["effective_on"])),
        int(str(data["chevron"])) if data.get("chevron") else None,
        int(str(data.get("kept_days") or 0)),
    )


def _plain(agents: list[Standing]) -> float:
    """Seconds: each place ahead by ancienneté, with its day."""
    started = time.perf_counter()
    for now in agents:
        try:
            for _ in path(now, until=DAYS[-1]):
                pass
        except DomainError:
            continue
    return time.perf_counter() - started


def _distribution(agents: list[Standing]) -> float:
    """Seconds: the exact chances on each of eleven days; nothing remembered from another round."""
    rules._following.cache_clear()
    rules._entry.cache_clear()
    started = time.perf_counter()
    plans = {
        corps: rules.plan(corps, on=ON, days=DAYS, chances=published_chances(corps, ON.year, DAYS[-1].year)[0])
        for corps in {now.step.corps for now in agents}
    }
    for now in agents:
        found = rules.forecast(now, plans[now.step.corps])
        if sum(outcome.weight for outcome in found.views[DAYS[-1]]) != found.total:
            raise ValueError("the chances do not add up to 1")
    return time.perf_counter() - started


def _explained(agents: list[Standing]) -> float:
    """Agents a second."""
    started = time.perf_counter()
    for now in agents:
        try:
            project(now, on=ON, until=DAYS[-1])
        except DomainError:
            continue
    return len(agents) / (time.perf_counter() - started)


def _pages(computing: float) -> Iterator[Figure]:
    """The home page, and the projection that shows the distribution, one request at a time, in turn."""
    database = _academy.ensure(AGENTS)
    cookies = sign_in(database, SESSIONS).cookies
    pages = {"home": "/", "projection": "/ma-carriere/projection/?annees=10"}
    with web_server(database) as port:
        for page in pages.values():
            drive(port, page, cookies, connections=2, seconds=1)  # warm
        rounds: dict[str, list[float]] = {name: [] for name in pages}
        for number in range(PAGE_ROUNDS):
            for name in sorted(pages, reverse=bool(number % 2)):
                rounds[name].append(drive(port, pages[name], cookies, connections=1, seconds=SECONDS).p50)
    home = statistics.median(rounds["home"])
    yield Figure(
        "rules.distribution.added_to_a_page",
        round(computing, 3),
        "ms",
        ratio=round(1 + computing / home, 3),
        limit=f"the home page without it: {home:.1f} ms",
        goal=f"<= {PAGE_GOAL}",
        ok=1 + computing / home <= PAGE_GOAL,
    )
    shown = statistics.median(rounds["projection"])
    yield Figure(
        "rules.projection_page.p50",
        round(shown, 1),
        "ms",
        ratio=round(statistics.median(b / a for a, b in zip(rounds["home"], rounds["projection"], strict=True)), 2),
        limit=f"the home page: {home:.1f} ms",
        note="one scenario, charts, and a forecast over ten years with its explained figures",
    )
