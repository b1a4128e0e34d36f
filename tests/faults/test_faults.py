"""What is killed in the middle of a sending: nothing is lost, nothing goes to another, a repeat has its Message-ID.

The suite runs the first once; `python3 run.py faults` runs each twenty times and counts.
"""

import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.world import World

RUNS = int(os.environ.get("FAULT_RUNS", "1"))
pytestmark = pytest.mark.req("S03", "S57")


@pytest.fixture(scope="module")
def world():
    world = World()
    try:
        world.open()
        yield world
    finally:
        world.close()


def killed(name: str):
    """Dead for a moment, then started again, as a supervisor does."""

    def fault(world: World) -> None:
        time.sleep(random.uniform(0, 1.2))
        world.kill(name)
        time.sleep(random.uniform(0, 1))
        getattr(world, f"start_{name}")()

    return fault


def refused(world: World) -> None:
    """Nobody listens at the relay's address for a while."""
    world.kill("sink")
    time.sleep(random.uniform(1, 4))
    world.start_sink()


def slow(world: World) -> None:
    """Some mails are taken after the sender stopped waiting for the answer."""
    world.kill("sink")
    world.start_sink(FAULT_SLOW="3")
    time.sleep(random.uniform(3, 6))
    world.kill("sink")
    world.start_sink()


FAULTS = {
    "worker killed": killed("worker"),
    "broker killed": killed("broker"),
    "PostgreSQL killed": killed("postgres"),
    "SMTP server killed": killed("sink"),
    "relay refuses connections": refused,
    "relay slower than the sender waits": slow,
}


IN_THE_SUITE = ("worker killed",)  # a run takes some ten seconds, its servers as many


@pytest.mark.parametrize("name", FAULTS if "FAULT_RUNS" in os.environ else IN_THE_SUITE)
def test_nothing_is_lost_nor_goes_astray(world, name):
    found = []
    for _ in range(RUNS):
        before = len(world.lines())
        world.write_causes()
        world.wait_for_first(before)
        FAULTS[name](world)
        world.wait_until_drained()
        found.append(tally(world, before))
    write_figures(name, found)
    assert [run["lost"] for run in found] == [0] * RUNS
    assert [run["astray"] for run in found] == [0] * RUNS
    assert world.abandoned() == 0


def tally(world: World, before: int) -> dict[str, int]:
    """Of the mails that came since: lost, to another person, repeated under their own Message-ID."""
    expected, lines = world.expected(), world.lines()
    came = {message_id for _, message_id, *_ in lines}
    return {
        "lost": len(expected.keys() - came),
        "astray": sum(not (expected.get(identity) == recipient == to) for recipient, identity, to, _ in lines),
        "repeated": len(lines) - before - len({line[1] for line in lines[before:]}),
        "mails": len(lines) - before,
    }


def write_figures(name: str, found: list[dict[str, int]]) -> None:
    if path := os.environ.get("FAULT_FIGURES"):
        total = {key: sum(run[key] for run in found) for key in found[0]}
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"fault": name, "runs": len(found), **total}) + "\n")
