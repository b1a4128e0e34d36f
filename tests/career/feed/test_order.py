"""The same messages in any order, cut anywhere, end in the same state."""

import random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.career.feed.messages import MATRICULE, career_state, event, load, numen

pytestmark = pytest.mark.django_db
# Quarantine and account names tell what happened on the way: only what a career is made of must be the same.
CAREER = tuple(
    f"career_{name}"
    for name in (
        "agent", "careerstep", "assignment", "evaluation", "diploma", "training", "familysituation", "serviceperiod",
        "arrete", "tombstone", "inboxmessage",
    )
)  # fmt: skip
FACTS = {
    "career.step": ("ref", {"echelon": [5, 6, 7]}),
    "training.recorded": ("ref", {"hours": ["6", "12"]}),
    "assignment.upserted": ("ref", {"quotity": ["50", "100"]}),
}


@st.composite
def histories(draw):
    """Messages of two agents: identities with or without NUMEN, facts told again, rectified, departures taken back."""
    sequences = iter(draw(st.permutations(range(1, 31))))
    messages = []
    for number, matricule in enumerate((MATRICULE, "B0000007")):
        for _ in range(draw(st.integers(1, 3))):
            own = draw(st.sampled_from([None, numen(number), numen(number + 50)]))
            name = draw(st.sampled_from(["Durand", "Martin", "d'Ampère"]))
            messages.append(event("agent.upserted", next(sequences), agent=matricule, numen=own, last_name=name))
        for _ in range(draw(st.integers(0, 6))):
            kind = draw(st.sampled_from(sorted(FACTS)))
            ref = draw(st.sampled_from(["R1", "R2"]))
            if draw(st.booleans()):
                values = {name: draw(st.sampled_from(choices)) for name, choices in FACTS[kind][1].items()}
                messages.append(event(kind, next(sequences), agent=matricule, ref=ref, **values))
            else:
                cancel = {"career.step": "career.step.cancelled"}.get(kind, kind.split(".")[0] + ".cancelled")
                messages.append(event(cancel, next(sequences), agent=matricule, ref=ref))
        for _ in range(draw(st.integers(0, 2))):
            kind = draw(st.sampled_from(["agent.left", "left.cancelled"]))
            messages.append(event(kind, next(sequences), agent=matricule))
    return messages


def state_after(messages, chunk_lines: int) -> dict[str, list[str]]:
    point = transaction.savepoint()
    try:
        load(*messages, chunk_lines=chunk_lines)
        return career_state(CAREER)
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.req("S02", "S06")
@settings(max_examples=60)
@given(messages=histories(), seed=st.integers(0, 10**6), chunk_lines=st.sampled_from([1, 2, 3, 100]))
def test_any_order_ends_in_the_same_state(messages, seed, chunk_lines):
    shuffled = list(messages)
    random.Random(seed).shuffle(shuffled)

    assert state_after(shuffled, chunk_lines) == state_after(messages, 100)


@pytest.mark.parametrize("kinds", [("agent.left", "left.cancelled"), ("left.cancelled", "agent.left")])
def test_departures_under_one_number_do_not_depend_on_the_order(kinds):
    messages = [event(kind, 5, id=f"0000000{n}-0000-4000-8000-000000000000") for n, kind in enumerate(kinds)]
    agent = event("agent.upserted")

    one, other = state_after([agent, *messages], 1), state_after([agent, *reversed(messages)], 1)
    assert one["career_agent"] == other["career_agent"]


def test_a_numen_that_comes_late_is_kept_though_the_newest_message_has_none():
    old, new = event("agent.upserted", 1, numen=numen(7)), event("agent.upserted", 2)

    for cut in (1, 2):
        assert state_after([new, old], cut) == state_after([old, new], cut)
