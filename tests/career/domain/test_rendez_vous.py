"""Rendez-vous de carrière: the days between which each is due."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.rendez_vous import window, window_node
from career.domain.snapshot import CareerStepFact


def at(echelon: int, since: str, kept_days: int = 0, grade: str = "classe_normale") -> CareerStepFact:
    return CareerStepFact("certifies", grade, echelon, dt.date.fromisoformat(since), kept_days=kept_days)


@pytest.mark.parametrize(
    ("step", "number", "first", "last"),
    [
        (at(6, "2025-09-01"), 1, "2026-09-01", "2027-08-31"),  # deuxième année du 6e échelon
        (at(8, "2025-09-01"), 2, "2027-03-01", "2028-02-29"),  # a leap year
        (at(9, "2025-09-01"), 3, "2026-09-01", "2027-08-31"),
        (at(6, "2025-08-31"), 1, "2026-08-31", "2027-08-30"),
        (at(8, "2024-08-31"), 2, "2026-02-28", "2027-02-27"),
        (at(6, "2024-02-29"), 1, "2025-02-28", "2026-02-27"),
        (at(9, "2025-09-01", kept_days=180), 3, "2026-03-01", "2027-02-28"),
        (at(9, "2025-09-01", kept_days=540), 3, "2025-09-01", "2026-02-28"),  # not before the échelon is held
        (at(6, "2016-12-01"), 1, "2017-12-01", "2018-11-30"),  # an échelon entered before the law
        (at(6, "2016-03-01"), 1, "2017-09-01", "2018-02-28"),  # not before the law
        (at(6, "2015-09-02"), 1, "2017-09-01", "2017-09-01"),
    ],
)
def test_windows(step: CareerStepFact, number: int, first: str, last: str) -> None:
    found = window(step)
    assert found is not None
    assert (found.rule.value.number, str(found.first), str(found.last)) == (number, first, last)
    assert not found.is_open(found.first - dt.timedelta(1))
    assert found.is_open(found.first)
    assert found.is_open(found.last)
    assert not found.is_open(found.last + dt.timedelta(1))


@pytest.mark.parametrize(
    "step",
    [
        at(5, "2025-09-01"),
        at(7, "2025-09-01"),
        at(10, "2025-09-01"),
        at(6, "2025-09-01", grade="hors_classe"),
        at(9, "2025-09-01", kept_days=720),  # closed on the day of entry
        at(6, "2015-09-01"),  # closed on the eve of the law
        CareerStepFact("chaires_superieures", "grade_unique", 6, dt.date(2025, 9, 1)),
        CareerStepFact("contractuels", "premiere_categorie", None, dt.date(2025, 9, 1)),
    ],
)
def test_no_rendez_vous_elsewhere(step: CareerStepFact) -> None:
    assert window(step) is None
    assert window_node(step, dt.date(2026, 9, 1)) is None


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2026-08-31", "Il ouvre le 1er septembre 2026."),
        ("2026-09-01", "Il est ouvert."),
        ("2027-08-31", "Il est ouvert."),
        ("2027-09-01", "Il est passé."),
    ],
)
def test_a_window_explains_itself(on: str, said: str) -> None:
    node = window_node(at(6, "2025-09-01"), dt.date.fromisoformat(on))
    assert node is not None
    assert (node.value, node.label) == (dt.date(2026, 9, 1), "1er rendez-vous de carrière")
    assert said in node.sentence
    assert "du 1er septembre 2026 au 31 août 2027" in node.sentence
    assert node.sources[0].confidence == "medium"
    assert node.version == "2017-09-01"


@given(st.sampled_from([6, 8, 9]), st.dates(dt.date(2012, 1, 1), dt.date(2050, 1, 1)), st.integers(0, 1500))
def test_a_window_stays_inside_the_echelon_and_the_law(echelon: int, since: dt.date, kept: int) -> None:
    found = window(CareerStepFact("pe", "classe_normale", echelon, since, kept_days=kept))
    if found is not None:
        assert max(since, dt.date(2017, 9, 1)) <= found.first <= found.last
        assert (found.last - found.first).days <= 366
