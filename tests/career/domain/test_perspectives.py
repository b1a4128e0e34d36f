"""Retirement and ways to other duties, explained."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.grids import load_grids
from career.domain.perspectives import Services, first_session, reaches_group, route_node
from career.domain.refusals import refusal_of
from career.domain.retirement import ACTIVE, SEDENTARY, load_retirement, retirement_node, rights
from career.domain.routes import SERVICES, load_routes
from iprof.kernel.errors import DomainError, NotInForce
from tests.career.domain.test_pay_supplements import check, said

DAY = dt.date(2026, 11, 23)
births = st.dates(dt.date(1955, 1, 1), dt.date(2005, 12, 31))


def test_retirement_explains_itself() -> None:
    node = retirement_node(dt.date(1965, 4, 1))
    check(node)
    assert (node.value, node.version) == (dt.date(2028, 4, 1), "2026-09-01")
    assert (
        said(node) == "Naissance le 1er avril 1965, plus 63 ans : 1er avril 2028. Il faut au moins 2 ans de services."
    )
    age, quarters, full_rate = node.children
    assert (age.value, quarters.value, full_rate.value) == ("63 ans", 171, dt.date(2032, 4, 1))
    assert said(age) == "Génération née à partir du 1er avril 1965 : 63 ans."
    assert said(quarters) == "171 trimestres d'assurance donnent une pension sans décote."


def test_unpublished_quarters_are_told_not_guessed() -> None:
    node = retirement_node(dt.date(1960, 6, 1), origin="État civil fictif")
    check(node)
    assert (node.children[1].value, node.inputs[0].origin) == (None, "État civil fictif")
    assert "non publié" in node.children[1].sentence


def test_active_category_tells_its_services() -> None:
    node = retirement_node(dt.date(1976, 2, 29), ACTIVE)
    check(node)
    assert node.value == dt.date(2035, 2, 28)
    assert node.sentence.endswith("Il faut au moins 17 ans de services actifs.")
    assert [source.confidence for source in node.sources] == ["medium", "low"]
    assert len(node.children) == 2


@given(births, births)
def test_rights_never_open_earlier_for_the_younger(a: dt.date, b: dt.date) -> None:
    older, younger = (rights(born) for born in sorted((a, b)))
    assert older.opens_on <= younger.opens_on
    assert older.cohort.age_months <= younger.cohort.age_months


@given(births)
def test_the_table_is_the_one_in_force_the_day_rights_open(born: dt.date) -> None:
    found = rights(born)
    tables = load_retirement().tables[SEDENTARY]
    assert found.since == tables.at(max(found.opens_on, tables.first_day)).since


@given(births, st.dates(dt.date(2023, 9, 1), dt.date(2026, 8, 31)), st.dates(dt.date(2026, 9, 1), dt.date(2060, 1, 1)))
def test_the_suspension_never_delays(born: dt.date, before: dt.date, after: dt.date) -> None:
    reform, suspended = rights(born, effective_on=before), rights(born, effective_on=after)
    assert suspended.opens_on <= reform.opens_on
    assert (suspended.cohort.quarters or 0) <= (reform.cohort.quarters or 0)


def test_the_reform_is_silent_before_its_first_day() -> None:
    with pytest.raises(NotInForce):
        rights(dt.date(1966, 1, 1), effective_on=dt.date(2023, 8, 31))
    with pytest.raises(DomainError) as caught:
        rights(dt.date(1954, 12, 31))
    assert "31 décembre 1954" in refusal_of(caught.value).message


# Ways to other duties ----------------------------------------------------------------------------------------------

EVERYTHING = dict.fromkeys(SERVICES, dt.date(2020, 9, 1))


@pytest.mark.parametrize(
    ("code", "corps", "met_on"),
    [
        ("direction_concours_interne", "certifies", dt.date(2025, 9, 1)),
        ("direction_concours_interne", "instituteurs", None),
        ("direction_concours_interne_hea", "pe", dt.date(2025, 9, 1)),
        ("direction_concours_interne_hea", "contractuels", None),
        ("direction_troisieme_concours", "certifies", None),
        ("direction_liste_aptitude", "certifies", None),
        ("ia_ipr_concours", "agreges", dt.date(2025, 9, 1)),
        ("ia_ipr_concours", "certifies", None),
        ("ia_ipr_concours", "pe", None),
        ("ia_ipr_concours_sur_titres", "certifies", dt.date(2028, 9, 1)),
        ("ien_concours", "pe", None),
        ("agregation_interne", "certifies", dt.date(2025, 9, 1)),
        ("agregation_interne", "contractuels", None),
        ("capes_interne", "contractuels", dt.date(2023, 9, 1)),
        ("caffa", "certifies", dt.date(2025, 9, 1)),
        ("cappei_examen", "pe", dt.date(2020, 9, 1)),
        ("cappei_vaep", "pe", dt.date(2025, 9, 1)),
    ],
)
def test_a_way_opens_on_the_day_its_services_are_complete(code: str, corps: str, met_on: dt.date | None) -> None:
    node = route_node(code, Services(corps, EVERYTHING), DAY)
    check(node)
    assert node.value == met_on
    assert ("Il manque" in node.sentence) == (met_on is None)


@pytest.mark.parametrize("code", load_routes())
def test_every_way_says_what_is_missing_when_nothing_is_known(code: str) -> None:
    node = route_node(code, Services("certifies"), DAY)
    check(node)
    assert node.value is None
    assert "Il manque" in node.sentence


def test_what_is_left_is_told() -> None:
    node = route_node("caffa", Services("pe", {"second_degre": dt.date(2023, 2, 1)}), DAY)
    assert node.value == dt.date(2028, 2, 1)
    assert node.sentence == (
        "Condition de services remplie le 1er février 2028. Elle s'apprécie au 31 décembre de l'année de l'examen : première "
        "session possible en 2028. Le portail ne vérifie pas : être titulaire, ou contractuel en contrat à durée indéterminée."
    )
    assert node.children[0].sentence == (
        "Condition de 5 ans : services dans le second degré. Il manque 14 mois : remplie le 1er février 2028, sans interruption."
    )
    soon = route_node("caffa", Services("pe", {"second_degre": dt.date(2021, 12, 1)}), DAY)
    assert "Il manque moins d'un mois" in soon.children[0].sentence


def test_both_durations_of_the_vaep_count() -> None:
    node = route_node(
        "cappei_vaep", Services("pe", {"enseignement": dt.date(2015, 9, 1), "domaine_adapte": dt.date(2025, 9, 1)}), DAY
    )
    assert node.value == dt.date(2028, 9, 1)
    assert [child.value for child in node.children] == [dt.date(2020, 9, 1), dt.date(2028, 9, 1)]
    partly = route_node("cappei_vaep", Services("pe", {"enseignement": dt.date(2015, 9, 1)}), DAY)
    assert (partly.value, partly.children[1].value) == (None, None)
    assert "la date de début (exercice dans le domaine adapté)" in partly.sentence


def test_a_day_of_assessment_without_date_gives_no_session() -> None:
    node = route_node("agregation_interne", Services("certifies", EVERYTHING), DAY)
    assert "Elle s'apprécie le jour de la publication des résultats d'admissibilité." in node.sentence
    assert "tel qu'il a été lu" in node.sentence


@pytest.mark.parametrize(
    ("met_on", "january", "december"),
    [("2026-12-31", 2027, 2026), ("2027-01-01", 2027, 2027), ("2027-01-02", 2028, 2027), ("2028-02-29", 2029, 2028)],
)
def test_the_first_session_looks_at_its_own_day(met_on: str, january: int, december: int) -> None:
    day = dt.date.fromisoformat(met_on)
    assert first_session(day, "first_january") == january
    assert first_session(day, "last_day_of_year") == december
    assert first_session(day, "admissibility") is None


def test_the_index_threshold_is_told() -> None:
    node = route_node("direction_concours_interne_hea", Services("certifies", EVERYTHING), DAY)
    group = node.children[0]
    assert (group.value, group.inputs[0].value) == ("atteint", 895)
    assert group.sentence == "Le corps doit culminer au moins au groupe hors échelle A (895 points) : il l'atteint."
    low = route_node("direction_concours_interne_hea", Services("instituteurs", EVERYTHING), DAY)
    assert (low.value, low.children[0].value) == (None, "non atteint")
    assert "un corps qui atteint ce groupe" in low.sentence


def test_the_corps_that_reach_a_group() -> None:
    reached = {group: {c for c in load_grids().corps if reaches_group(c, group, DAY)} for group in ("HEA", "HEB")}
    assert reached["HEB"] == {"agreges", "chaires_superieures"}
    assert reached["HEA"] == {"agreges", "chaires_superieures", "certifies", "plp", "peps", "cpe", "psyen", "pe"}


@pytest.mark.parametrize(
    ("code", "first_day"),
    [("caffa", "2015-07-22"), ("cappei_vaep", "2021-02-01"), ("agregation_interne", "2026-11-23")],
)
def test_nothing_is_said_of_a_way_before_its_first_day(code: str, first_day: str) -> None:
    day = dt.date.fromisoformat(first_day)
    agent = Services("certifies", EVERYTHING)
    assert [route_node(code, agent, on).version for on in (day, day + dt.timedelta(1))] == [first_day, first_day]
    with pytest.raises(NotInForce):
        route_node(code, agent, day - dt.timedelta(1))


@given(st.sampled_from(sorted(load_routes())), st.lists(st.dates(dt.date(1990, 1, 1), DAY), min_size=2, max_size=4))
def test_starting_later_never_opens_a_way_earlier(code: str, starts: list[dt.date]) -> None:
    found = [
        route_node(code, Services("agreges", dict.fromkeys(SERVICES, start)), DAY).value for start in sorted(starts)
    ]
    for before, after in pairwise(found):
        assert before == after is None or before <= after  # type: ignore[operator]
