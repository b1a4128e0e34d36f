"""The table of states and its diagram; the law of contests and of late changes, as read (S56, S72)."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from iprof.kernel.errors import DomainError
from mobility.domain.contests import NOT_PUBLISHED, answer_node, contest_law
from mobility.domain.late import differs, late_law
from mobility.domain.states import TRANSITIONS, Act, State, after, document, may
from mobility.services.told import SUBJECTS

pytestmark = pytest.mark.req("S56")


def test_the_diagram_is_that_of_the_table():
    """`manage.py mobility_states` writes it."""
    assert (Path(settings.BASE_DIR) / "docs" / "mobility_states.md").read_text(encoding="utf-8") == document()


def test_each_act_is_once_in_the_table_and_told():
    assert sorted(one.act for one in TRANSITIONS) == sorted(Act)
    assert SUBJECTS.keys() == set(Act)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_an_act_leads_where_the_table_says_or_nowhere(state, act):
    row = next(one for one in TRANSITIONS if one.act is act)
    assert may(state, act) == (state in row.sources)
    if state in row.sources:
        assert after(state, act) == (row.target or state)
        return
    with pytest.raises(DomainError, match="request_transition"):
        after(state, act)


def test_every_state_is_reached_and_a_result_is_only_ever_recalled():
    reached = {row.target for row in TRANSITIONS} | {State.DRAFT}
    assert reached >= set(State)
    assert [row.act for row in TRANSITIONS if State.PUBLISHED in row.sources] == [Act.RECALL]


def test_no_delay_of_answer_is_made_up():
    node = answer_node(dt.date(2027, 1, 20), contest_law())
    assert (node.value, node.sentence) == (None, NOT_PUBLISHED)
    assert len(contest_law().remedies) == 3


def test_a_delay_once_published_is_counted():
    known = replace(contest_law(), answer_days=8)
    assert answer_node(dt.date(2027, 1, 20), known).value == dt.date(2027, 1, 28)


@pytest.mark.req("S72")
def test_the_events_are_those_read():
    assert list(late_law().events) == ["deces", "mutation_conjoint", "medical_enfant", "fin_detachement"]
    assert late_law().source.confidence == "medium"


def test_a_change_asks_for_something():
    assert not differs(["Dijon"], ["Dijon"], {})
    assert differs(["Dijon", "Lyon"], ["Lyon", "Dijon"], {})
    assert differs(["Dijon"], ["Dijon"], {"strategy": ""})
