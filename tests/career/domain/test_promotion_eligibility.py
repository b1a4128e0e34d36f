"""Who may be examined for a promotion: the day the condition is met, what counts in it, what is not told."""

import datetime as dt
from decimal import Decimal

import pytest

from career.domain.grids import load_grids
from career.domain.promotion_conditions import Conditions, Voie, load_access
from career.domain.promotion_eligibility import Agent, eligibility, opens_to
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError

ON = dt.date(2026, 8, 31)


def held(corps: str, grade: str, echelon: int, since: dt.date, chevron: int | None = None, kept: int = 0) -> Standing:
    step = CareerStepFact(corps, grade, echelon, since, chevron, kept)
    return Standing(step, step.seniority_start)


def test_each_corps_that_may_be_promoted_has_both_grades():
    for grade, access in load_access().items():
        for corps in access.corps:
            assert {grade, access.from_grade} <= set(load_grids().find_corps(corps).grades)


# What a board looks at -----------------------------------------------------------------------------------------------

NINTH = Conditions((Voie({"pe": 9}, 24),))


@pytest.mark.parametrize(
    ("echelon", "since", "opens"),
    [
        (9, dt.date(2024, 8, 31), True),  # two full years that very day
        (9, dt.date(2024, 9, 1), False),
        (10, dt.date(2026, 8, 1), True),  # above the échelon asked no ancienneté is
        (8, dt.date(2020, 1, 1), False),
    ],
)
def test_a_board_opens_on_the_day_the_months_are_complete(echelon, since, opens):
    assert opens_to(held("pe", "classe_normale", echelon, since), NINTH, ON) is opens


def test_a_voie_that_asks_more_than_the_grid_opens_nothing_and_does_not_hide_the_next_one():
    fifth = held("pe", "hors_classe", 5, dt.date(2020, 9, 1))
    functions, unknown, plain = Voie({"pe": 3}, functions_years=8), Voie({"pe": None}), Voie({"pe": 5})
    assert not opens_to(fifth, Conditions((functions, unknown)), ON)
    assert opens_to(fifth, Conditions((functions, unknown, plain)), ON)


def test_the_years_of_the_chevrons_before_count():
    """Second chevron since 1 March 2026, in the échelon since 1 March 2025: twelve months in it, not five."""
    now = Standing(CareerStepFact("agreges", "hors_classe", 4, dt.date(2026, 3, 1), 2), dt.date(2025, 3, 1))
    assert opens_to(now, Conditions((Voie({"agreges": 4}, 12),)), ON)
    assert Agent(now).on(ON) == CareerStepFact("agreges", "hors_classe", 4, dt.date(2025, 3, 1))
    assert Agent(now).entered_on == dt.date(2025, 3, 1)


def test_the_ancienneté_brought_along_is_counted_from_the_day_of_entry():
    """Three months brought to 31 May 2026: 30 months end on 31 August 2028, and on the 28th counted from 28 February."""
    now = held("pe", "classe_normale", 9, dt.date(2026, 5, 31), kept=90)
    asked = Conditions((Voie({"pe": 9}, 30),))
    assert [opens_to(now, asked, dt.date(2028, 8, day)) for day in (30, 31)] == [False, True]
    assert Agent(now).on(ON) == now.step
    assert Agent(now).entered_on == dt.date(2026, 5, 31)


# Eligibility ---------------------------------------------------------------------------------------------------------


def test_the_bonification_is_supposed_only_when_told():
    """8e since 1 September 2024: the 9e on 1 March 2028, two years in it on 1 March 2030; a year less if bonified."""
    now = held("pe", "classe_normale", 8, dt.date(2024, 9, 1))
    assert eligibility(Agent(now), "hors_classe", None).first_year == 2030
    assert eligibility(Agent(now, bonified=lambda _: True), "hors_classe", None).first_year == 2029


def test_a_career_that_begins_later_has_its_own_first_campaign():
    """1er on 1 January 2045: eighteen years to the 9e by the durations of the grid, two in it."""
    now = held("pe", "classe_normale", 1, dt.date(2045, 1, 1))
    assert eligibility(Agent(now), "hors_classe", None).first_year == 2065


def test_a_grade_that_does_not_exist_is_refused():
    with pytest.raises(DomainError, match="grade_unknown"):
        eligibility(Agent(held("pe", "invente", 3, ON)), "hors_classe", ON)


def test_parental_leave_counts_only_where_the_text_says_so():
    """The text of the hors-classe sets aside who is on parental leave; that of the classe exceptionnelle does not say it."""
    for grade, to_grade, echelon, eligible in (
        ("classe_normale", "hors_classe", 11, False),
        ("hors_classe", "classe_exceptionnelle", 5, True),
    ):
        now = held("pe", grade, echelon, dt.date(2023, 9, 1))
        assert eligibility(Agent(now, parental_leave=True), to_grade, ON).eligible is eligible


@pytest.mark.parametrize(("corps", "echelon"), [("pe", 5), ("agreges", 1)])
def test_who_entered_after_the_observation_may_have_met_one_of_the_voies(corps, echelon):
    """Campaign 2022: from the 4e, which the 5e follows, one of two voies is open; for agrégés one is not published."""
    now = held(corps, "hors_classe", echelon, dt.date(2022, 10, 1))
    with pytest.raises(DomainError, match="entered_later"):
        eligibility(Agent(now, Decimal(10)), "classe_exceptionnelle", dt.date(2022, 8, 31))
