"""Requests of mobility confirmed while processes die, all at once, or at the closing: each is there once, or not at all.

`python3 run.py faults -k mobility` runs it and counts. The suite holds a small sample (tests/mobility/services/test_at_once.py).
"""

import os
import random
import time
from collections import Counter
from contextlib import suppress

import psycopg
import pytest

from tests.faults.mobility_world import NEVER, ONCE, MobilityWorld
from tests.faults.test_faults import write_figures

KILLS = int(os.environ.get("FAULT_KILLS", "50"))
AT_ONCE, SAME, CLOSING = 200, 20, 120
pytestmark = [
    pytest.mark.req("S50", "S56", "D17"),
    pytest.mark.skipif("FAULT_RUNS" not in os.environ, reason="joué à la demande : python3 run.py faults"),
]


@pytest.fixture(scope="module")
def world():
    world = MobilityWorld()
    try:
        world.open()
        yield world
    finally:
        world.close()


def faults(world: MobilityWorld, told: list[dict[str, str]]) -> dict[str, int]:
    """Of every request: lost although told, half written, written twice, another receipt than the one told."""
    rows = world.requests()
    confirmed = {one["request"]: one["code"] for one in told if "code" in one}
    return {
        "told": len(confirmed),
        "confirmed": sum(state == "saisi" for state, *_ in rows.values()),
        "lost": sum(rows[request][0] != "saisi" for request in confirmed),
        "not exactly once": sum(counts != ONCE for state, counts, *_ in rows.values() if state == "saisi"),
        "half written": sum(counts != NEVER for state, counts, *_ in rows.values() if state == "brouillon"),
        "another receipt": sum(rows[request][2] != code for request, code in confirmed.items()),
    }


def nothing_wrong(found: dict[str, int]) -> None:
    for what in ("lost", "not exactly once", "half written", "another receipt"):
        assert found[what] == 0, what


def test_mobility_confirmed_by_two_hundred_at_once(world):
    world.drafts(AT_ONCE)
    process, path = world.confirmers("all")
    process.wait()
    told = world.answers(path)
    found = faults(world, told)
    write_figures("mobility: two hundred at once", [found])
    assert found["told"] == AT_ONCE
    nothing_wrong(found)


def test_mobility_the_same_request_twenty_times_at_once(world):
    world.drafts(1)
    process, path = world.confirmers("same", str(SAME))
    process.wait()
    told = world.answers(path)
    found = faults(world, told) | {"answers": len(told), "codes": len({one.get("code") for one in told})}
    write_figures("mobility: one request twenty times", [found])
    assert (found["answers"], found["codes"]) == (SAME, 1)
    nothing_wrong(found)


def test_mobility_confirmed_around_the_closing(world):
    """By the real clock: who was told « confirmée » was before it, to the second; who was refused has lost nothing."""
    world.drafts(CLOSING)
    world.close_in(30)
    process, path = world.confirmers("closing")
    process.wait()
    told = world.answers(path)
    rows = world.requests()
    found = faults(world, told) | Counter("refused" if "refused" in one else "answered" for one in told)
    late = [one["request"] for one in told if one.get("refused") == "campaign_closed"]
    found["late and kept as a draft"] = sum(rows[request][:2] == ("brouillon", NEVER) for request in late)
    write_figures("mobility: around the closing", [dict(found)])
    nothing_wrong(found)
    assert len(told) == CLOSING
    assert found["answered"] > 0
    assert len(late) == found["refused"] == found["late and kept as a draft"] > 0
    assert all(rows[one["request"]][3] for one in told if "code" in one)


@pytest.mark.parametrize("victim", ["confirmers", "postgres"])
def test_mobility_killed_at_random_points(world, victim):
    """Between two kills the next process takes up the drafts left, as a supervisor starts a portal again."""
    world.drafts(world.many)
    told, without, kills = [], 0, 0
    for _ in range(KILLS if victim == "confirmers" else max(KILLS // 5, 1)):
        process, path = world.confirmers("stream")
        world.wait_for_ready(path)
        time.sleep(random.uniform(0, 4))
        before = len(world.answers(path)) - 1
        if victim == "postgres":
            world.kill("postgres")
            time.sleep(0.2)
        world.kill_group(process)
        if victim == "postgres":
            time.sleep(0.5)
            world.start_postgres()
            _up(world)
        told += world.answers(path)[1:]
        kills, without = kills + 1, without + (before <= 0)
        nothing_wrong(faults(world, told))
    left = sum(state == "brouillon" for state, *_ in world.requests().values())
    process, path = world.confirmers("stream")
    process.wait()
    told += world.answers(path)[1:]
    found = faults(world, told)
    write_figures(
        f"mobility: {victim} killed", [found | {"kills": kills, "before the first answer": without, "left": left}]
    )
    nothing_wrong(found)
    assert left > 0, "too few drafts: the last kills hit nothing"
    assert all(state == "saisi" for state, *_ in world.requests().values())


def _up(world: MobilityWorld) -> None:
    """The server answers again."""
    for _ in range(100):
        with suppress(psycopg.Error):
            world._ask("SELECT 1")
            return
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not come back")
