"""What is killed, full or silent while documents come: nothing answered « reçu » is lost, nothing is seen before its checks.

`python3 run.py faults -k documents` runs each twenty times and counts. The suite breaks each step by itself instead, without
servers (tests/documents/test_broken_steps.py).
"""

import os
import random
import threading
import time

import pytest

from tests.faults.documents_world import DocumentsWorld
from tests.faults.test_faults import write_figures

RUNS = int(os.environ.get("FAULT_RUNS", "1"))
KEPT, REFUSED = "depose", "refuse"
pytestmark = [
    pytest.mark.req("S14", "S86"),
    pytest.mark.skipif("FAULT_RUNS" not in os.environ, reason="joué à la demande : python3 run.py faults"),
]


@pytest.fixture(scope="module")
def world():
    world = DocumentsWorld()
    try:
        world.open()
        yield world
    finally:
        world.close()


def killed(name: str, *, within: float):
    """Dead for a moment, then started again, as a supervisor does."""

    def fault(world: DocumentsWorld) -> dict[str, int]:
        time.sleep(random.uniform(0, within))
        world.kill(name)
        time.sleep(random.uniform(0, 0.5))
        getattr(world, f"start_{name}")()
        return {}

    return fault


def full(world: DocumentsWorld) -> dict[str, int]:
    """No room for a whole content, then room again."""
    if not world.small_disk:
        pytest.skip("le système ne laisse pas monter un petit disque")
    time.sleep(random.uniform(0, 0.5))
    world.fill(random.randrange(0, 60_000))
    time.sleep(random.uniform(0.5, 1.5))
    world.empty()
    return {}


def refusing(world: DocumentsWorld) -> dict[str, int]:
    """Neither written nor read: the worker's documents wait, and say why."""
    time.sleep(random.uniform(0, 0.5))
    world.switch.touch()
    time.sleep(random.uniform(0.5, 1.5))
    said = int(not world.held("stockage") or "stockage" in world.home())
    world.switch.unlink()
    return {"said": said}


def unscanned(world: DocumentsWorld) -> dict[str, int]:
    """The antivirus is down until a document waits for it, and its page says so."""
    world.kill("scanner")
    world._until(lambda: world.held("en-panne") > 0, "nothing waits for the antivirus")
    said = int("antivirus" in world.home())
    time.sleep(random.uniform(0, 1))
    world.start_scanner()
    return {"said": said}


FAULTS = {
    "document: worker killed": killed("worker", within=2),
    "document: portal killed": killed("web", within=1.5),
    "document: disk full": full,
    "document: storage refuses": refusing,
    "document: antivirus down then up": unscanned,
    "document: PostgreSQL killed": killed("postgres", within=1.5),
    "document: broker killed": killed("broker", within=1.5),
}


@pytest.mark.parametrize("name", FAULTS)
def test_no_document_is_lost_nor_half_seen(world, name):
    found = [one_run(world, name) for _ in range(RUNS)]
    seen = world.look()
    found[0] |= seen
    write_figures(name, [dict.fromkeys(found[0], 0) | run for run in found])
    for what in ("lost", "kept against what was said", "half visible", "refused", "contents missing"):
        assert [run[what] for run in found] == [0] * RUNS, what
    assert (seen["unreadable"], seen["damaged"]) == (0, 0)
    assert world.names() == {name for _, name, _ in world.states().values() if name}
    assert all(run.get("said", 1) for run in found)


def one_run(world: DocumentsWorld, name: str) -> dict[str, int]:
    over, half = threading.Event(), []
    watch = threading.Thread(target=watched, args=(world, over, half), daemon=True)
    watch.start()
    depositors = world.depositors()
    told = FAULTS[name](world)
    for one in depositors:
        one.join()
    ended = world.wait_until_decided()
    over.set()
    watch.join()
    return (
        tally(world, [answer for one in depositors for answer in one.answers])
        | {"half visible": sum(half), "worker ended": ended}
        | told
    )


def watched(world: DocumentsWorld, over: threading.Event, half: list[int]) -> None:
    """What staff could see before its checks, looked for all the time."""
    while not over.wait(0.05):
        half.append(world.half_visible())


def tally(world: DocumentsWorld, answers) -> dict[str, int]:
    """Of the files of this run: what was said of them, and what became of them."""
    rows = world.states()
    mine = {answer.sha256: rows.get(answer.sha256) for answer in answers}
    received = [mine[answer.sha256] for answer in answers if answer.said == "received"]
    return {
        "files": len(answers),
        **{
            said: sum(answer.said == said for answer in answers) for said in ("received", "nothing", "error", "silence")
        },
        "lost": sum(row is None or row[0] not in (KEPT, REFUSED) for row in received),
        "kept against what was said": sum(
            answer.said == "nothing" and mine[answer.sha256] is not None for answer in answers
        ),
        "refused": sum(row is not None and row[0] == REFUSED for row in mine.values()),
        "contents missing": sum(
            row is not None and row[0] == KEPT and not world.whole(*row[1:]) for row in mine.values()
        ),
    }
