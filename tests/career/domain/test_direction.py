"""Reclassement of a personnel de direction, and the day of the liste d'aptitude."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.direction import direction_node, load_direction
from career.domain.liste_aptitude import Candidate, aptitude
from career.domain.liste_aptitude_day import aptitude_day_node, first_list
from career.domain.perspectives import Services
from career.domain.refusals import refusal_of
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import DomainError, NotInForce
from iprof.kernel.explain import Input
from iprof.kernel.periods import add_months, months_between
from tests.career.domain.test_pay_supplements import check

pytestmark = pytest.mark.req("S49")
ON = dt.date(2026, 11, 24)


def step(corps: str, grade: str, echelon: int) -> CareerStepFact:
    return CareerStepFact(corps, grade, echelon, dt.date(2024, 9, 1))


@pytest.mark.parametrize(
    ("grade", "echelon", "to", "kept"),
    [
        ("hors_classe", 1, "5e", "toute l'ancienneté acquise"),
        ("hors_classe", 2, "6e", "toute l'ancienneté acquise"),
        ("hors_classe", 3, "7e", "les 4/5 de l'ancienneté acquise"),
        ("hors_classe", 4, "8e", "toute l'ancienneté acquise"),
        ("hors_classe", 5, "9e", "les 5/6 de l'ancienneté acquise"),
        ("hors_classe", 6, "10e", "toute l'ancienneté acquise"),
        ("classe_exceptionnelle", 1, "8e", "les 5/4 de l'ancienneté acquise"),
        ("classe_exceptionnelle", 2, "9e", "la moitié de l'ancienneté acquise"),
        ("classe_exceptionnelle", 3, "9e", "les 3/5 de l'ancienneté acquise et 12 mois"),
        ("classe_exceptionnelle", 4, "10e", "toute l'ancienneté acquise"),
        ("classe_exceptionnelle", 5, "10e", "toute l'ancienneté acquise et 36 mois"),
    ],
)
def test_the_place_is_that_of_the_table(grade: str, echelon: int, to: str, kept: str) -> None:
    node = direction_node(step("certifies", grade, echelon), ON)
    check(node)
    assert node.value == f"{to} échelon de la classe normale"
    assert f"avec {kept}, dans la limite" in node.sentence
    assert "table publiée avant les échelons créés en 2023" in node.sentence
    assert len(load_direction().at(ON).value.rows) == 11


@pytest.mark.parametrize(
    ("corps", "grade", "echelon"),
    [
        ("certifies", "classe_normale", 9),
        ("certifies", "hors_classe", 7),
        ("agreges", "hors_classe", 3),
        ("instituteurs", "grade_unique", 11),
    ],
)
def test_what_the_table_does_not_say_is_refused(corps: str, grade: str, echelon: int) -> None:
    with pytest.raises(DomainError) as caught:
        direction_node(step(corps, grade, echelon), ON)
    assert refusal_of(caught.value).code == "reclassement_direction_non_publie"


def test_nothing_is_said_before_the_text() -> None:
    assert direction_node(step("pe", "hors_classe", 1), dt.date(2017, 9, 1)).value == "5e échelon de la classe normale"
    with pytest.raises(NotInForce):
        direction_node(step("pe", "hors_classe", 1), dt.date(2017, 8, 31))


# Liste d'aptitude ---------------------------------------------------------------------------------------------------


def aptitude_day(corps: str, born: dt.date, teaching: dt.date | None, in_corps: dt.date | None):  # type: ignore[no-untyped-def]
    told = Input("Premier échelon", teaching, "SIAE")
    known = {kind: first for kind, first in (("enseignement", teaching), ("corps", in_corps)) if first}
    services = Services(corps, known, dict.fromkeys(("enseignement", "corps"), (told,)))
    return aptitude_day_node(services, born=Input("Date de naissance", born, "SIAE"), on=ON)


@pytest.mark.parametrize(
    ("born", "teaching", "in_corps", "met_on"),
    [
        ("1990-03-02", "2010-09-01", "2015-09-01", "2030-03-02"),
        ("1980-03-02", "2018-09-02", "2018-09-02", "2028-09-02"),
        ("1980-03-02", "2010-09-01", "2024-09-01", "2029-09-01"),
        ("1980-03-02", "2010-09-01", "2015-09-01", "2020-09-01"),
    ],
)
def test_the_last_condition_gives_the_day(born: str, teaching: str, in_corps: str, met_on: str) -> None:
    node = aptitude_day("certifies", *map(dt.date.fromisoformat, (born, teaching, in_corps)))
    check(node)
    assert node.value == dt.date.fromisoformat(met_on)
    assert ("remplies depuis" in node.sentence) == (met_on < ON.isoformat())
    assert f"pour la liste de {max(int(met_on[:4]), 2027)}." in node.sentence


def test_another_corps_or_a_missing_day_gives_none() -> None:
    start = dt.date(2010, 9, 1)
    other = aptitude_day("pe", start, start, start)
    assert (other.value, "n'est pas de ceux" in other.sentence) == (None, True)
    unknown = aptitude_day("certifies", dt.date(1980, 1, 1), None, start)
    assert (unknown.value, unknown.children[1].value) == (None, None)
    assert "Il manque une date" in unknown.sentence
    check(unknown)


@given(
    st.dates(dt.date(1965, 1, 1), dt.date(2000, 1, 1)),
    st.dates(dt.date(2000, 1, 1), ON),
    st.dates(dt.date(2000, 1, 1), ON),
)
def test_the_day_agrees_with_the_rule_of_the_cases(born: dt.date, teaching: dt.date, in_corps: dt.date) -> None:
    """On the day of appreciation of each list, one may apply exactly when the day given is not past it."""
    met_on = aptitude_day("certifies", born, teaching, in_corps).value
    for year in (2027, 2030, 2036):
        day = dt.date(year, 10, 1)
        years = [Decimal(months_between(start, day) // 12) for start in (teaching, in_corps)]
        found = aptitude(Candidate("certifies", born, *years), year)
        assert found.eligible == (met_on <= day)
        assert found.eligible == (first_list(met_on) <= year)
    assert met_on >= add_months(born, 480)
