"""A scenario by hand: on which day each thing comes, in which order, and what follows a promotion or a competition."""

import datetime as dt
from decimal import Decimal

import pytest

from career.domain.change_of_corps import change_of_corps
from career.domain.hypotheses import Hypotheses
from career.domain.pay_overseas import load_places
from career.domain.scenario import COMPETITION, PAY, PROMOTION, STEP, TODAY, Projection, imagine
from career.domain.snapshot import CareerStepFact, Standing

NOW = dt.date(2026, 11, 24)
END = dt.date(2036, 11, 24)


def held(corps: str, echelon: int, since: dt.date, grade: str = "classe_normale") -> Standing:
    return Standing(CareerStepFact(corps, grade, echelon, since), since)


def walk(now: Standing, supposed: Hypotheses, on: dt.date = NOW, until: dt.date = END) -> Projection:
    return imagine(now, on=on, until=until, supposed=supposed)


def told(found: Projection) -> list[tuple[str, str, str, int]]:
    return [
        (stage.on.isoformat(), stage.cause, stage.standing.step.grade, stage.standing.step.echelon)
        for stage in found.stages
    ]


def test_the_last_day_counts():
    """6e since 1 January 2026: the 7e on 1 January 2029."""
    now = held("certifies", 6, dt.date(2026, 1, 1))
    assert [stage.on for stage in walk(now, Hypotheses(), until=dt.date(2029, 1, 1)).stages] == [
        NOW,
        dt.date(2029, 1, 1),
    ]
    assert len(walk(now, Hypotheses(), until=dt.date(2028, 12, 31)).stages) == 1


def test_the_stage_of_a_day_is_the_last_one_entered():
    found = walk(held("certifies", 6, dt.date(2026, 1, 1)), Hypotheses())
    assert [found.on(day).standing.step.echelon for day in (NOW, dt.date(2028, 12, 31), dt.date(2029, 1, 1))] == [
        6,
        6,
        7,
    ]


def test_a_hypothesis_of_the_first_day_is_past_and_one_of_the_last_day_is_not():
    now = held("certifies", 10, dt.date(2025, 1, 1))
    day = dt.date(2027, 9, 1)
    promoted = Hypotheses(promotions={"hors_classe": 2027})
    assert PROMOTION not in [stage.cause for stage in walk(now, promoted, on=day).stages]
    assert walk(now, promoted, until=day).stages[-1].cause == PROMOTION
    assert len(walk(now, promoted, until=day - dt.timedelta(1)).stages) == 1


def test_a_bonification_due_today_did_not_come():
    """6e since 24 November 2024: two years today, hence three on 24 November 2027."""
    found = walk(held("pe", 6, dt.date(2024, 11, 24)), Hypotheses(frozenset({6})))
    assert (found.stages[1].on, found.stages[1].bonified) == (dt.date(2027, 11, 24), False)
    later = walk(held("pe", 6, dt.date(2024, 11, 25)), Hypotheses(frozenset({6})))
    assert (later.stages[1].on, later.stages[1].bonified) == (dt.date(2026, 11, 25), True)
    assert not later.stages[0].bonified


def test_the_conditions_are_those_of_the_day_of_observation():
    """8e since 1 January 2025: the 9e on 1 July 2028, two years in it on 1 July 2030."""
    now = held("certifies", 8, dt.date(2025, 1, 1))
    assert walk(now, Hypotheses(promotions={"hors_classe": 2029})).refused
    found = walk(now, Hypotheses(promotions={"hors_classe": 2030}))
    assert (found.refused, told(found)[1:3]) == (
        (),
        [("2028-07-01", STEP, "classe_normale", 9), ("2030-09-01", PROMOTION, "hors_classe", 2)],
    )


def test_a_passage_on_the_day_of_the_promotion_comes_first():
    """9e since 1 September 2023, four years on 1 September 2027: promoted from the 10e, 634 points, to the 3e at 673. No
    ancienneté to keep: the 4e thirty months later."""
    found = walk(held("certifies", 9, dt.date(2023, 9, 1)), Hypotheses(promotions={"hors_classe": 2027}))
    assert told(found)[1:4] == [
        ("2027-09-01", STEP, "classe_normale", 10),
        ("2027-09-01", PROMOTION, "hors_classe", 3),
        ("2030-03-01", STEP, "hors_classe", 4),
    ]
    assert found.stages[3].reached.rule == "career.promotion.next"


def test_a_promotion_refused_after_another_one_leaves_it_in_place():
    """10e for 32 months: the 4e of the hors-classe in 2027, the classe exceptionnelle asks the 5e the year after."""
    now = held("certifies", 10, dt.date(2025, 1, 1))
    found = walk(now, Hypotheses(promotions={"hors_classe": 2027, "classe_exceptionnelle": 2028}))
    assert [(name, error.code) for name, error in found.refused] == [("classe_exceptionnelle", "promotion_too_early")]
    assert found.stopped is None
    assert found.stages[-1].on > dt.date(2028, 9, 1)


def test_quotité_and_post_of_the_same_day_are_one_stage():
    supposed = Hypotheses(quotite=(Decimal(80), 2028), post=(load_places()["reunion"], 2028))
    found = walk(held("certifies", 11, dt.date(2020, 9, 1)), supposed)
    assert [(stage.on, stage.cause) for stage in found.stages] == [(NOW, TODAY), (dt.date(2028, 9, 1), PAY)]


# A competition -------------------------------------------------------------------------------------------------------


def test_a_competition_starts_from_the_place_of_its_day():
    """8e since 1 January 2025: the 9e on 1 July 2028, hence in the new corps on 1 September 2030 from the 9e."""
    found = walk(held("certifies", 8, dt.date(2025, 1, 1)), Hypotheses(corps=("agreges", 2030)))
    assert told(found)[1][:2] == ("2028-07-01", STEP)
    (passed,) = [stage for stage in found.stages if stage.cause == COMPETITION]
    ninth = CareerStepFact("certifies", "classe_normale", 9, dt.date(2028, 7, 1))
    assert passed.standing.step == change_of_corps(ninth, "agreges", dt.date(2030, 9, 1)).step


def test_a_higher_index_is_kept_in_person_until_the_grid_overtakes_it():
    """4e of the agrégés, 547 points: certifié at the 5e, 481 points, 547 are paid, through the 6e (497) and 7e (524), until
    the 8e at 562."""
    found = walk(held("agreges", 4, dt.date(2025, 12, 1)), Hypotheses(corps=("certifies", 2027)))
    points = [(stage.standing.step.echelon, stage.index.value) for stage in found.stages if stage.cause != TODAY]
    assert points == [(5, 547), (6, 547), (7, 547), (8, 562)]
    assert [stage.index.rule == "career.change_of_corps.index" for stage in found.stages[1:]] == [True] * 3 + [False]


def test_an_index_the_grid_gives_is_that_of_the_grid():
    found = walk(held("certifies", 8, dt.date(2026, 9, 1)), Hypotheses(corps=("agreges", 2028)))
    assert "career.change_of_corps.index" not in {stage.index.rule for stage in found.stages}


# The draft durations -------------------------------------------------------------------------------------------------

DRAFT = "career.projets.milieux_de_carriere_2025"


def test_the_draft_leads_to_the_next_echelon():
    found = walk(held("certifies", 7, dt.date(2026, 9, 1)), Hypotheses(project=2027))
    assert told(found)[1] == ("2029-03-01", STEP, "classe_normale", 8)


def test_a_passage_of_the_first_day_of_the_draft_is_under_the_draft():
    """7e since 1 September 2024: three years on 1 September 2027, as any duration changed on the very day of the term."""
    found = walk(held("certifies", 7, dt.date(2024, 9, 1)), Hypotheses(project=2027))
    assert (found.stages[1].on, found.stages[1].reached.rule) == (dt.date(2027, 9, 1), DRAFT)
    eve = walk(held("certifies", 7, dt.date(2024, 8, 31)), Hypotheses(project=2027))
    assert (eve.stages[1].on, eve.stages[1].reached.rule) == (dt.date(2027, 8, 31), "career.advancement.next")


@pytest.mark.parametrize(("corps", "grade"), [("certifies", "hors_classe"), ("chaires_superieures", "grade_unique")])
def test_the_draft_says_nothing_of_another_grade_nor_of_a_corps_it_leaves_out(corps, grade):
    now = held(corps, 5, dt.date(2026, 9, 1), grade)
    assert walk(now, Hypotheses(project=2027)) == walk(now, Hypotheses())
