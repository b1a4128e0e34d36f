"""Contractuels: pay examined again within 36 months, from what the file tells; the indices are not published."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain import law
from career.domain.contractuels import (
    FILE,
    build_contract_law,
    indices_node,
    load_contract_law,
    next_reexamination,
    reexamination_node,
)
from career.domain.grids import load_grids
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import NotInForce
from iprof.kernel.periods import months_between

pytestmark = pytest.mark.req("S79")
ON = dt.date(2026, 11, 24)


def contract(since: str, grade: str = "premiere_categorie") -> CareerStepFact:
    day = dt.date.fromisoformat(since)
    return CareerStepFact("contractuels", grade, None, day, origin="SIAE Reims", recorded_on=day)


def test_the_law_is_that_of_a_corps_without_grid() -> None:
    assert not load_grids().corps[load_contract_law().corps].has_grid


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2024-09-01", "2027-09-01"),
        ("2023-11-24", "2026-11-24"),
        ("2024-02-29", "2027-02-28"),  # no 29th in the month of the term
        ("2021-02-28", "2024-02-28"),
        ("2016-09-01", "2019-09-01"),  # first day of the text
        ("2025-12-31", "2028-12-31"),
    ],
)
def test_thirty_six_months_date_to_date(since: str, due: str) -> None:
    node = reexamination_node([contract(since)], ON)
    assert node.value == next_reexamination(dt.date.fromisoformat(since)) == dt.date.fromisoformat(due)
    assert node.inputs[1].label == "Début du contrat"
    assert (node.inputs[1].origin, node.inputs[1].as_of) == ("SIAE Reims", dt.date.fromisoformat(since))
    assert node.version == "2016-09-01"
    assert "article 1-3" in node.sources[0].text
    assert node.sources[0].confidence == "medium"


@pytest.mark.parametrize(("since", "past"), [("2023-11-23", True), ("2023-11-24", True), ("2023-11-25", False)])
def test_a_day_that_has_come_is_said_past(since: str, past: bool) -> None:
    assert ("Cette date est passée" in reexamination_node([contract(since)], ON).sentence) == past


def test_the_last_decision_counts_rather_than_the_start() -> None:
    steps = [contract("2022-09-01"), contract("2024-01-15", "deuxieme_categorie")]
    node = reexamination_node(steps, ON, examined=True)
    assert node.value == dt.date(2027, 1, 15)
    assert node.sentence.startswith("Dernière décision transmise le 15 janvier 2024, plus 36 mois : 15 janvier 2027")
    assert "contrat antérieur" not in node.sentence


def test_an_earlier_contract_is_told_not_counted() -> None:
    node = reexamination_node([contract("2023-09-01"), contract("2025-09-01")], ON)
    assert node.value == dt.date(2028, 9, 1)
    assert "contrat antérieur, du 1er septembre 2023 : s'il s'est enchaîné sans interruption" in node.sentence
    assert "contrat antérieur" not in reexamination_node([contract("2025-09-01")], ON).sentence


def test_nothing_is_said_before_the_text() -> None:
    with pytest.raises(NotInForce):
        reexamination_node([contract("2016-08-31")], ON)
    with pytest.raises(NotInForce):
        next_reexamination(dt.date(2016, 8, 31))
    with pytest.raises(NotInForce):
        indices_node(dt.date(2016, 8, 31))


@given(st.dates(dt.date(2016, 9, 1), dt.date(2100, 1, 1)), st.dates(dt.date(2016, 9, 1), dt.date(2100, 1, 1)))
def test_never_more_than_three_years_and_later_for_who_began_later(first: dt.date, second: dt.date) -> None:
    assert months_between(first, next_reexamination(first)) == 36
    assert next_reexamination(first).year == first.year + 3
    if first <= second:
        assert next_reexamination(first) <= next_reexamination(second)


def test_the_indices_are_not_published() -> None:
    node = indices_node(ON)
    assert node.value is None
    assert "ne donnent ni les uns ni les autres" in node.sentence
    assert "Arrêté du 29 août 2016" in node.sources[0].text


def test_indices_that_a_text_would_give_are_shown(tmp_path: Path) -> None:
    text = (law.LEGAL / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace("bounds: unknown", 'bounds: "de 1 à 2"'), encoding="utf-8")
    node = indices_node(ON, build_contract_law(tmp_path))
    assert node.value == "de 1 à 2"
    assert node.sentence == "Chaque académie fixe ses indices dans les bornes d'un arrêté."
