"""The delays that follow a rendez-vous de carrière, to the day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.rendez_vous_clocks import (
    answer_node,
    clock_node,
    commission_node,
    last_answer_day,
    observations_node,
    revision_node,
)
from iprof.kernel.errors import NotInForce

days = st.dates(dt.date(2017, 9, 1), dt.date(2099, 1, 1))


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("notified", "last"),
    [
        ("2026-06-15", "2026-06-30"),  # quinze jours calendaires: the day of notification does not count
        ("2026-06-20", "2026-07-05"),  # a Sunday: calendar days are not carried over
        ("2025-05-01", "2025-05-16"),
        ("2025-04-30", "2025-05-21"),  # three weeks, as the arrêté of 2017 first said
        ("2017-09-01", "2017-09-22"),
    ],
)
def test_the_last_day_to_write_observations(notified: str, last: str) -> None:
    node = observations_node(on(notified))
    assert (node.value, node.unit) == (on(last), "date")
    assert node.sentence.endswith("inclus.")
    assert node.sources[0].confidence == "medium"


@pytest.mark.parametrize(
    ("notified", "last"),
    [
        ("2026-06-15", "2026-07-16"),  # 30 clear days: 16 June is the first, 15 July the 30th, the 16th the last to act
        ("2026-09-10", "2026-10-12"),  # the 11th is a Sunday
        ("2026-09-09", "2026-10-12"),  # the 10th is a Saturday
        ("2026-10-11", "2026-11-12"),  # 11 November is a public holiday
        ("2026-03-06", "2026-04-07"),  # Easter Monday
        ("2025-11-24", "2025-12-26"),  # Christmas
        ("2024-01-31", "2024-03-04"),  # a leap year, and a Saturday
    ],
)
def test_the_last_day_to_contest(notified: str, last: str) -> None:
    node = revision_node(on(notified), origin="SIAE Reims")
    assert node.value == on(last)
    assert node.inputs[0].origin == "SIAE Reims"
    assert "plus 30 jours francs" in node.sentence
    assert len(node.sources) == 2
    assert node.version == "2017-09-01"


def test_what_follows_a_revision() -> None:
    answer = answer_node(on("2026-10-01"), origin="Votre demande")
    commission = commission_node(on("2026-10-01"), origin="Réponse")
    assert answer.value == last_answer_day(on("2026-10-01"))
    assert answer.value == commission.value == on("2026-11-02")  # 1 November is a Sunday
    assert answer.label == "Réponse à la demande de révision"
    assert commission.label == "Saisine de la commission administrative paritaire"


def test_each_kind_has_its_clock() -> None:
    day = on("2026-06-15")
    assert clock_node("observations", day, origin="x") == observations_node(day, origin="x")
    assert clock_node("revision", day, origin="x") == revision_node(day, origin="x")


@pytest.mark.parametrize("node", [observations_node, revision_node])
def test_no_delay_is_known_before_the_law(node) -> None:
    with pytest.raises(NotInForce):
        node(dt.date(2017, 8, 31))


@given(days)
def test_clear_days_never_end_on_a_closed_day_nor_before_the_term(notified: dt.date) -> None:
    last = revision_node(notified).value
    assert isinstance(last, dt.date)
    assert last.weekday() < 5
    assert 31 <= (last - notified).days <= 35
