"""What may be typed, what can be gained, how the classe exceptionnelle tells agents apart: pure rules of the simulator."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain import promotion_appreciation
from career.domain.bareme_hors_classe import APPRECIATIONS, bareme_node, bareme_of
from career.domain.grids import load_grids
from career.domain.promotion_appreciation import (
    AppreciationRule,
    check_appreciation,
    contest_node,
    kept_node,
    load_appreciation,
    window_ahead,
    window_text,
)
from career.domain.promotion_nudges import echelons_ahead, higher_appreciations, seniority_gain, trainings_gain
from career.domain.promotion_order import NOT_HELD, evaluators_of, load_order, order_node
from career.domain.promotion_rates import last_rate_node
from career.domain.promotion_situation import check_echelon, check_entry, check_grade, check_supposed, entered
from career.domain.refusals import refusal_of
from career.domain.snapshot import Standing
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import DomainError, NotInForce
from iprof.kernel.explain import Input, Node

ON = dt.date(2026, 11, 24)
CAMPAIGNS = ((2027, dt.date(2027, 8, 31)), (2028, dt.date(2028, 8, 31)))


def normal(echelon: int, since: str, corps: str = "certifies") -> Standing:
    return entered(corps, "classe_normale", echelon, dt.date.fromisoformat(since))


def told(call, *args) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args)
    return refusal_of(caught.value).message


def check(node: Node) -> None:
    assert Node.from_json(json.loads(json.dumps(node.to_json()))) == node
    assert node.sources
    assert node.sentence
    assert dt.date.fromisoformat(node.version)


# A situation typed -------------------------------------------------------------------------------------------------


@pytest.mark.req("S41")
@pytest.mark.parametrize(
    ("corps", "grade", "on", "count"),
    [
        ("certifies", "classe_normale", ON, 11),
        ("certifies", "hors_classe", dt.date(2020, 12, 31), 6),
        ("certifies", "hors_classe", dt.date(2021, 1, 1), 7),
        ("agreges", "hors_classe", ON, 4),
        ("pe", "classe_exceptionnelle", dt.date(2023, 8, 5), 4),
        ("pe", "classe_exceptionnelle", dt.date(2023, 8, 6), 5),
    ],
)
def test_how_many_echelons_that_day(corps: str, grade: str, on: dt.date, count: int) -> None:
    for echelon in range(1, count + 1):
        check_echelon(corps, grade, echelon, on)
    said = told(check_echelon, corps, grade, count + 1, on)
    assert f"compte {count} échelons au" in said
    assert f"le {count + 1}e n'existe pas. Saisissez un nombre de 1 à {count}." in said
    told(check_echelon, corps, grade, 0, on)


def test_a_grade_of_another_corps() -> None:
    check_grade("agreges", "hors_classe")
    said = told(check_grade, "agreges", "grade_unique")
    assert "« grade unique » n'existe pas dans le corps choisi (professeurs agrégés)" in said
    assert "classe normale, hors-classe, classe exceptionnelle" in said
    assert "inventé" in told(check_grade, "agreges", "inventé")


def test_the_day_of_entry() -> None:
    for day in (dt.date(2017, 9, 1), ON):
        check_entry("certifies", "classe_normale", day, ON)
    assert "25 novembre 2026 n'est pas encore passé" in told(
        check_entry, "certifies", "classe_normale", dt.date(2026, 11, 25), ON
    )
    said = told(check_entry, "certifies", "classe_normale", dt.date(2017, 8, 31), ON)
    assert "commence le 1er septembre 2017" in said
    assert "saisissez le 1er septembre 2017" in said


def test_a_hors_echelle_echelon_is_entered_at_its_first_chevron() -> None:
    assert entered("agreges", "hors_classe", 4, ON).step.chevron == 1
    assert normal(9, "2026-02-01").step.chevron is None


# The appréciation --------------------------------------------------------------------------------------------------


@pytest.mark.req("S41")
@pytest.mark.parametrize(
    ("echelon", "since", "first"),
    [
        (9, "2025-11-24", None),  # open on the day
        (9, "2025-11-25", "25 novembre 2026"),
        (9, "2024-01-01", None),  # past
        (8, "2026-09-01", "1er mars 2031"),  # 42 months, then a year
        (10, "2026-11-01", None),
        (11, "2017-09-01", None),
    ],
)
def test_an_appreciation_waits_for_its_rendez_vous(echelon: int, since: str, first: str | None) -> None:
    now = normal(echelon, since)
    if first is None:
        check_supposed(now, ON)
        return
    said = told(check_supposed, now, ON)
    assert "le 3e rendez-vous de carrière, au 9e échelon" in said
    assert f"est dû du {first} au" in said


def test_the_window_ahead_is_told() -> None:
    found = window_ahead(normal(9, "2026-03-01"), ON)
    assert found
    assert window_text(found) == "3e rendez-vous de carrière, du 1er mars 2027 au 29 février 2028"
    assert window_ahead(normal(9, "2024-03-01"), dt.date(2026, 3, 1)) is None


def test_an_appreciation_means_nothing_out_of_the_classe_normale() -> None:
    assert "classe normale" in told(check_supposed, entered("pe", "hors_classe", 3, dt.date(2025, 9, 1)), ON)


def test_before_the_rule_nothing_is_said() -> None:
    with pytest.raises(NotInForce):
        check_appreciation(normal(8, "2017-09-01"), dt.date(2018, 8, 31))


def test_it_is_kept_until_promoted(monkeypatch: pytest.MonkeyPatch) -> None:
    node = kept_node(ON)
    check(node)
    assert node.value == "Non"
    assert "seule une demande de révision" in node.sentence
    found = load_appreciation().at(ON)
    other = DatedValues("essai", {found.since: (AppreciationRule(3, kept_until_promoted=False), found.source)})
    monkeypatch.setattr(promotion_appreciation, "load_appreciation", lambda: other)
    assert kept_node(ON).value == "Oui"


def test_the_time_to_contest() -> None:
    node = contest_node(ON)
    check(node)
    assert (node.value, node.unit) == (30, "jours")


# What gains points or time -----------------------------------------------------------------------------------------


def bareme(now: Standing, echelon: int, on: dt.date) -> Node:
    return bareme_node(
        corps=now.step.corps, grade="classe_normale", echelon=echelon, echelon_start=now.echelon_start,
        appreciation="Excellent", on=on,
    )  # fmt: skip


@pytest.mark.req("S43")
def test_a_year_more() -> None:
    now = normal(11, "2025-03-01")
    node = seniority_gain(bareme(now, 11, CAMPAIGNS[0][1]), bareme(now, 11, CAMPAIGNS[1][1]), (2027, 2028))
    check(node)
    assert node.sentence.startswith("245 − 225 = 20 points")  # 11e, two then three full years: 80, then 100
    assert node.value == 20


@pytest.mark.req("S43")
def test_a_better_appreciation() -> None:
    found = higher_appreciations("certifies", "Satisfaisant", ON)
    assert [(node.label, node.value) for node in found] == [
        ("Appréciation « Très satisfaisant »", 20),
        ("Appréciation « Excellent »", 40),
    ]
    for node in found:
        check(node)
    assert higher_appreciations("pe", "Excellent", ON) == ()
    with pytest.raises(DomainError, match="no_bareme"):
        higher_appreciations("chaires_superieures", "Excellent", ON)


@pytest.mark.req("S43")
@given(corps=st.sampled_from(["certifies", "pe"]), appreciation=st.sampled_from(list(APPRECIATIONS)))
def test_gains_are_those_of_the_table(corps: str, appreciation: str) -> None:
    points = bareme_of(corps, ON).value.appreciation
    gains = [node.value for node in higher_appreciations(corps, appreciation, ON)]
    assert gains == sorted(other - points[appreciation] for other in points.values() if other > points[appreciation])


@pytest.mark.req("S43")
@pytest.mark.parametrize("corps", ["certifies", "agreges", "plp", "peps", "cpe", "psyen", "pe"])
def test_a_training_gives_no_point(corps: str) -> None:
    node = trainings_gain(corps, ON)
    check(node)
    assert node.value == 0
    assert "n'y ajoute aucun point" in node.sentence


@pytest.mark.req("S43")
def test_the_echelons_to_come_before_the_last_observation() -> None:
    (tenth,) = echelons_ahead(normal(9, "2023-03-01"), ON, CAMPAIGNS)
    check(tenth)
    assert (tenth.label, tenth.value) == ("Passage au 10e échelon", dt.date(2027, 3, 1))
    assert "la campagne 2027 en tient compte. Points d'ancienneté ce jour-là : 20." in tenth.sentence
    (later,) = echelons_ahead(normal(10, "2024-03-01"), ON, CAMPAIGNS)
    assert later.value == dt.date(2028, 3, 1)
    assert "la campagne 2028 en tient compte. Points d'ancienneté ce jour-là : 60." in later.sentence
    assert echelons_ahead(normal(9, "2024-09-01"), ON, CAMPAIGNS) == ()  # the day after the last observation
    assert echelons_ahead(normal(11, "2020-03-01"), ON, CAMPAIGNS) == ()


def test_an_echelon_may_give_no_point_or_be_a_criterion() -> None:
    (ninth,) = echelons_ahead(normal(8, "2024-03-01"), ON, CAMPAIGNS)
    assert "ne lui donne pas encore de points" in ninth.sentence
    (sixth,) = echelons_ahead(entered("pe", "hors_classe", 5, dt.date(2025, 3, 1)), ON, CAMPAIGNS)
    assert "4e critère d'examen, sans points" in sixth.sentence
    assert echelons_ahead(entered("agreges", "hors_classe", 4, dt.date(2026, 3, 1)), ON, CAMPAIGNS) == ()  # chevrons


def test_what_the_calendar_has_passed_is_not_to_come() -> None:
    """The arrêté of a passage already due is awaited: nothing of it is gained again."""
    late = normal(9, "2022-03-01")  # due on 1 March 2026
    assert echelons_ahead(late, ON, CAMPAIGNS) == ()


# The classe exceptionnelle -----------------------------------------------------------------------------------------


@pytest.mark.req("S41", "S82")
def test_the_order_is_the_published_one_and_no_score() -> None:
    held = Input("Échelon tenu", "5e", "Essai")
    node = order_node("pe", dt.date(2027, 9, 1), {"echelon": held})
    check(node)
    assert [child.label for child in node.children] == [
        "Nombre d'avis très favorables",
        "Ancienneté dans le corps",
        "Ancienneté dans la hors-classe",
        "Échelon",
        "Ancienneté dans l'échelon",
        "Âge",
    ]
    assert [child.value for child in node.children] == [NOT_HELD] * 3 + ["5e"] + [NOT_HELD] * 2
    assert [child.sources[0].confidence for child in node.children] == ["medium"] * 5 + ["low"]
    assert not [part for part in node.walk() if isinstance(part.value, int) or "points" in part.unit]
    with pytest.raises(NotInForce):
        order_node("pe", dt.date(2024, 8, 31), {})


@pytest.mark.parametrize(
    ("corps", "who"),
    [
        ("pe", ("inspecteur de l'Éducation nationale",)),
        ("certifies", ("chef d'établissement", "inspecteur")),
        ("psyen", ("inspecteur de l'Éducation nationale", "chef d'établissement", "inspecteur")),
    ],
)
def test_who_gives_an_opinion(corps: str, who: tuple[str, ...]) -> None:
    assert evaluators_of(corps, ON) == who
    assert set(load_order().at(ON).value.evaluators) >= set(load_grids().find_corps(corps).degrees)


@pytest.mark.req("S82")
def test_the_last_rate_is_an_assumption_of_its_own_year() -> None:
    node = last_rate_node("hors_classe", "certifies", 2027)
    check(node)
    assert node.label == "Dernier taux connu (campagne 2025)"  # 2026 is not published
    assert f"{node.value} {node.unit}" == "23 % des promouvables"
    assert "Hypothèse" in node.sentence
    assert last_rate_node("classe_exceptionnelle", "certifies", 2026).label == "Dernier taux connu (campagne 2025)"
    for grade, corps, year in (
        ("hors_classe", "certifies", 2022),
        ("grade", "certifies", 2027),
        ("hors_classe", "x", 2027),
    ):
        assert f"campagne {year}" in told(last_rate_node, grade, corps, year)
