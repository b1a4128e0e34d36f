"""The figures of a forecast and their explanations: chances, intervals of pay, ranges of dates, assumptions."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.chances import Chances, published_chances
from career.domain.forecast import Forecast, Outcome, forecast, plan
from career.domain.forecast_nodes import (
    Basis,
    bonification_node,
    dates_node,
    grade_node,
    interval,
    interval_node,
    percent,
    place_chances,
    place_node,
    rate_nodes,
)
from career.domain.snapshot import CareerStepFact, Standing

TODAY = dt.date(2026, 11, 24)
SOON, LATER = dt.date(2028, 11, 24), dt.date(2031, 11, 24)
SIXTH, SEVENTH = Decimal("2446.62"), Decimal("2579.54")  # 497 and 524 points of 59,0734 € a year, over twelve
RATES = rate_nodes(published_chances("psyen", 2026, 2028)[1])
BASIS = Basis(TODAY, (bonification_node(), *RATES))


def held(corps: str, echelon: int, since: dt.date, grade: str = "classe_normale") -> Standing:
    return Standing(CareerStepFact(corps, grade, echelon, since), since)


def ahead(now: Standing, chances: Chances) -> Forecast:
    return forecast(now, plan(now.step.corps, on=TODAY, days=(TODAY, SOON, LATER), chances=chances))


def sixth(share: Fraction) -> Forecast:
    """6e since 1 January 2026: 24 months later, on 1 January 2028, this share is in the 7e; the others wait a year."""
    return ahead(held("certifies", 6, dt.date(2026, 1, 1)), Chances({6: share}))


@pytest.mark.parametrize(
    ("chance", "shown"),
    [
        (Fraction(0), "0"),
        (Fraction(1, 100000), "0.1"),
        (Fraction(1, 3), "33.3"),
        (Fraction(95, 1000), "9.5"),
        (Fraction(1, 2000), "0.1"),  # half of a tenth goes up
        (Fraction(2, 3), "66.7"),
        (Fraction(99999, 100000), "99.9"),
        (Fraction(1), "100"),
    ],
)
def test_what_is_possible_is_never_shown_as_nothing_nor_as_certain(chance, shown):
    assert percent(chance) == Decimal(shown)


@given(st.fractions(0, 1))
def test_a_percentage_is_within_a_tenth_of_its_chance(chance):
    assert abs(Fraction(percent(chance)) - chance * 100) <= Fraction(1, 10)


@pytest.mark.req("S82")
def test_each_rate_names_its_campaign_and_those_it_is_supposed_for():
    """Published last: 2026 for the classe exceptionnelle (9,5 %), 2025 for the hors-classe (23 %)."""
    told = {node.label: (node.value, node.version, node.sentence.split(". ")[0]) for node in RATES}
    assert told == {
        "Taux de promotion à la hors-classe": (
            Decimal("23.0"),
            "2025-09-01",
            "Taux publié pour la campagne 2025, le dernier connu, supposé reconduit pour 2026 à 2028",
        ),
        "Taux de promotion à la classe exceptionnelle": (
            Decimal("9.5"),
            "2026-09-01",
            "Taux publié pour la campagne 2026, le dernier connu, supposé reconduit pour 2027 à 2028",
        ),
    }
    assert all("a la même chance" in node.sentence for node in RATES)


def test_a_rate_of_its_own_campaign_supposes_nothing_and_one_year_is_not_a_range():
    (own,) = rate_nodes(published_chances("pe", 2022, 2022)[1])
    assert own.sentence.startswith("Taux publié pour la campagne 2022. ")
    hors_classe = rate_nodes(published_chances("pe", 2025, 2026)[1])[0]
    assert "supposé reconduit pour 2026. " in hors_classe.sentence


def test_the_basis_is_as_recent_as_its_last_assumption():
    assert BASIS.version == "2026-09-01"
    assert len(BASIS.sources) == 3
    assert [(entry.label, entry.value) for entry in BASIS.inputs] == [
        ("Hypothèse, bonification d'un an", "30 %"),
        ("Hypothèse, taux de promotion à la hors-classe", "23 %"),
        ("Hypothèse, taux de promotion à la classe exceptionnelle", "9,5 %"),
    ]
    assert Basis(TODAY, ()).version == "2026-11-24"


def test_the_share_of_the_bonification_is_that_of_the_text():
    node = bonification_node()
    assert (node.value, node.unit) == (Decimal("30.0"), "%")
    assert "Le texte l'accorde à 30 % des agents concernés." in node.sentence


@pytest.mark.req("S77")
def test_the_chance_of_a_grade_is_a_share_of_the_careers():
    """Promoted at 23 % in 2027, then at 23 % of the 77 % left in 2028: 40,71 %."""
    quarter = Fraction(23, 100)
    found = ahead(
        held("certifies", 10, dt.date(2025, 1, 1)),
        Chances({}, {("hors_classe", year): quarter for year in (2027, 2028)}),
    )
    node = grade_node(found, "hors_classe", SOON, BASIS)
    assert (node.label, node.value) == ("Chance d'être à la hors-classe", Decimal("40.7"))
    assert node.sentence.startswith("Au 24 novembre 2028, 40,7 % des trajectoires possibles passent par ce grade")
    assert (node.inputs[0].value, node.inputs[1:]) == (SOON, BASIS.inputs)
    assert grade_node(found, "classe_exceptionnelle", SOON, BASIS).value == 0


@pytest.mark.req("S77")
@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        (Fraction(3, 10), SIXTH, SEVENTH),
        (Fraction(1, 10), SIXTH, SIXTH),  # nine in ten do not exceed the 6e
        (Fraction(1, 11), SIXTH, SIXTH),
        (Fraction(9, 10), SIXTH, SEVENTH),  # one in ten does not exceed the 6e
        (Fraction(10, 11), SEVENTH, SEVENTH),
    ],
)
def test_the_interval_holds_eight_careers_in_ten(share, low, high):
    bounds = interval(sixth(share), SOON)
    assert bounds is not None
    assert (bounds.least, bounds.low, bounds.high, bounds.most) == (SIXTH, low, high, SEVENTH)


def test_the_interval_is_told_in_words():
    node = interval_node(sixth(Fraction(3, 10)), SOON, BASIS)
    assert node.value == "2\u202f446,62\u202f€ à 2\u202f579,54\u202f€"
    assert node.sentence.startswith("Au 24 novembre 2028, huit trajectoires sur dix au moins sont dans cet intervalle")
    assert node.sources[1:] == BASIS.sources
    certain = interval_node(sixth(Fraction(3, 10)), TODAY, BASIS)
    assert certain.value == "2\u202f446,62\u202f€"


def test_no_interval_where_a_pay_is_not_known():
    """The indices of the first two échelons of the instituteurs are not published."""
    found = ahead(held("instituteurs", 1, dt.date(2026, 11, 1), "grade_unique"), Chances())
    assert interval(found, TODAY) is None
    node = interval_node(found, TODAY, BASIS)
    assert node.value is None
    assert "n'est pas publié" in node.sentence


def test_no_interval_where_a_place_is_not_known():
    now = held("certifies", 6, dt.date(2026, 1, 1))
    unknown = Standing(CareerStepFact("certifies", "hors_classe", None, SOON), SOON)
    found = Forecast(TODAY, {SOON: (Outcome(now, 1, 2), Outcome(unknown, 1, 2))}, {}, {}, 2)
    assert interval(found, SOON) is None


def test_weights_that_do_not_reach_the_total_are_a_mistake():
    now = held("certifies", 6, dt.date(2026, 1, 1))
    with pytest.raises(ValueError, match="add up to 1, not 20"):
        interval(Forecast(TODAY, {SOON: (Outcome(now, 1, 20),)}, {}, {}, 20), SOON)


@pytest.mark.req("S77")
def test_the_dates_are_a_range_with_their_chances():
    days = sixth(Fraction(3, 10)).days_of_echelon("classe_normale", 7)
    node = dates_node("Passage au 7e échelon", days, LATER, BASIS)
    assert node.value == "entre le 1er janvier 2028 et le 1er janvier 2029"
    assert node.sentence.startswith(
        "100 % des trajectoires possibles d'ici au 24 novembre 2031 : le 1er janvier 2028 : 30 % ; le 1er janvier 2029 : 70 %."
    )
    assert dates_node("Passage", {SOON: Fraction(1, 4)}, LATER, BASIS).value == "24 novembre 2028, dans 25 % des cas"


def test_the_places_come_most_likely_first_and_add_up():
    found = sixth(Fraction(3, 10))
    places = place_chances(found, SOON)
    assert [(step.echelon, chance) for step, chance in places] == [(6, Fraction(7, 10)), (7, Fraction(3, 10))]
    # one place whatever the day it was entered on: the 7e since 2028 or 2029
    assert [(step.echelon, chance) for step, chance in place_chances(found, dt.date(2031, 11, 24))][0][0] == 7
    assert sum(chance for _, chance in place_chances(found, LATER)) == 1
    node = place_node(*places[1], SOON, BASIS)
    assert (node.value, node.unit, node.rule) == (Decimal("30.0"), "%", "career.forecast.place")
