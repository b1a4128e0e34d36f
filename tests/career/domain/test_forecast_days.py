"""A forecast by hand: on which days the échelons and the promotions come, with which chances."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from career.domain import forecast as module
from career.domain.chances import Chances, assumed_rate, published_chances
from career.domain.forecast import Board, Forecast, Plan, forecast, plan
from career.domain.promotion_conditions import Conditions, Voie, load_access
from career.domain.promotion_reclassement import reclassify
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.periods import add_months

TODAY = dt.date(2026, 11, 24)
YEARS = tuple(add_months(TODAY, 12 * year) for year in range(11))


def held(place: tuple[str, str, int], days_ago: int) -> Standing:
    start = TODAY - dt.timedelta(days_ago)
    return Standing(CareerStepFact(*place, start), start)


def ahead(now: Standing, chances: Chances, days=YEARS) -> Forecast:
    return forecast(now, plan(now.step.corps, on=TODAY, days=days, chances=chances))


def by_echelon(found: Forecast, day: dt.date) -> dict[int, Fraction]:
    told: dict[int, Fraction] = {}
    for outcome in found.views[day]:
        echelon = outcome.standing.step.echelon
        told[echelon] = told.get(echelon, Fraction(0)) + outcome.chance
    return told


def test_a_bonification_by_hand():
    """6e since 1 January 2026: the 7e on 1 January 2028 for 30 %, 2029 for the others."""
    now = Standing(CareerStepFact("certifies", "classe_normale", 6, dt.date(2026, 1, 1)), dt.date(2026, 1, 1))
    chances, first, last = Chances({6: Fraction(3, 10)}), dt.date(2028, 1, 1), dt.date(2029, 1, 1)
    days = [day for term in (first, last) for day in (term - dt.timedelta(1), term)]
    found = ahead(now, chances, days)
    assert found.days_of_echelon("classe_normale", 7) == {first: Fraction(3, 10), last: Fraction(7, 10)}
    shared = {6: Fraction(7, 10), 7: Fraction(3, 10)}
    assert [by_echelon(found, day) for day in days] == [{6: 1}, shared, shared, {7: 1}]
    # looked at once, at the end: the days still come in order
    assert list(ahead(now, chances, (last,)).days_of_echelon("classe_normale", 7)) == [first, last]


@pytest.mark.req("S41")
def test_two_boards_by_hand():
    """Promotable from 2027: 23 % the first year, 23 % of the 77 % left the second, and so on."""
    now = Standing(CareerStepFact("certifies", "classe_normale", 10, dt.date(2025, 1, 1)), dt.date(2025, 1, 1))
    quarter = Fraction(23, 100)
    found = ahead(now, Chances({}, {("hors_classe", year): quarter for year in (2027, 2028)}))
    assert found.days_of_grade("hors_classe") == {
        dt.date(2027, 9, 1): quarter,
        dt.date(2028, 9, 1): quarter * (1 - quarter),
    }
    assert found.chance_of_grade("hors_classe", YEARS[10]) == quarter + quarter * (1 - quarter)


@pytest.mark.parametrize("months", [30, 24])  # past, and today's: the act would have been transmitted
def test_a_bonification_whose_day_is_past_did_not_come(months):
    start = add_months(TODAY, -months)
    now = Standing(CareerStepFact("pe", "classe_normale", 6, start), start)
    found = ahead(now, Chances({6: Fraction(3, 10)}))
    assert found.days_of_echelon("classe_normale", 7) == {add_months(start, 36): 1}


def test_what_the_texts_do_not_say_keeps_its_weight_and_says_why():
    now = Standing(CareerStepFact("certifies", "classe_normale", 11, dt.date(2024, 1, 1)), dt.date(2024, 1, 1))
    alien = Standing(CareerStepFact("instituteurs", "grade_unique", 3, dt.date(2024, 1, 1)), dt.date(2024, 1, 1))
    assert ahead(now, Chances()).views[YEARS[10]][0].stopped is None
    for view in ahead(alien, Chances({6: Fraction(1, 2)})).views.values():
        assert sum(outcome.chance for outcome in view) == 1


def test_a_promotion_whose_next_place_is_not_known_keeps_its_weight():
    """9e of the agrégés since 1 January 2025: 31 months on 31 August 2027, the clause of the 9e is not verified for them."""
    now = Standing(CareerStepFact("agreges", "classe_normale", 9, dt.date(2025, 1, 1)), dt.date(2025, 1, 1))
    found = ahead(now, Chances({}, {("hors_classe", 2027): Fraction(1, 4)}))
    (promoted,) = [outcome for outcome in found.views[YEARS[10]] if outcome.stopped]
    assert promoted.stopped.code == "kept_unverified"
    step = promoted.standing.step
    assert (step.grade, step.echelon, promoted.chance) == ("hors_classe", 2, Fraction(1, 4))
    assert found.days_of_echelon("hors_classe", 2) == {dt.date(2027, 9, 1): Fraction(1, 4)}


def test_a_place_the_texts_do_not_give_has_no_echelon():
    """Imagined: the classe exceptionnelle opened to the 3e of the agrégés, as before 2024. 835 points are its 1er, whose
    duration is not published: with some ancienneté kept, the échelon itself is not known."""
    board = Board(
        "classe_exceptionnelle", "hors_classe", dt.date(2027, 8, 31), dt.date(2027, 9, 1),
        Conditions((Voie({"agreges": 3}),)), Fraction(1, 4),
    )  # fmt: skip
    now = Standing(CareerStepFact("agreges", "hors_classe", 3, dt.date(2026, 1, 1)), dt.date(2026, 1, 1))
    found = forecast(now, Plan(TODAY, (YEARS[1],), (board,), Chances(), 4))
    (promoted,) = [outcome for outcome in found.views[YEARS[1]] if outcome.stopped]
    assert promoted.stopped.code == "duration_unpublished"
    assert (promoted.standing.step.grade, promoted.standing.step.echelon) == ("classe_exceptionnelle", None)
    assert promoted.standing.echelon_start == dt.date(2027, 9, 1)
    assert found.days_of_echelon("classe_exceptionnelle", 0) == {dt.date(2027, 9, 1): Fraction(1, 4)}


def test_a_place_whose_duration_is_not_published_stops_there():
    now = Standing(CareerStepFact("agreges", "classe_exceptionnelle", 1, TODAY), TODAY)
    (outcome,) = ahead(now, Chances({6: Fraction(3, 10)})).views[YEARS[10]]
    assert (outcome.standing, outcome.stopped.code, outcome.chance) == (now, "duration_unpublished", 1)


def test_a_promotion_comes_on_its_day_to_who_meets_the_conditions():
    """9e since 1 September 2025: one day short of 24 months on 31 August 2027, promotable in 2028."""
    now = Standing(CareerStepFact("pe", "classe_normale", 9, dt.date(2025, 9, 1)), dt.date(2025, 9, 1))
    eve, day = dt.date(2028, 8, 31), dt.date(2028, 9, 1)
    found = ahead(now, Chances({}, {("hors_classe", year): Fraction(1, 4) for year in (2027, 2028)}), (eve, day))
    assert found.days_of_grade("hors_classe") == {day: Fraction(1, 4)}
    assert [found.chance_of_grade("hors_classe", on) for on in (eve, day)] == [0, Fraction(1, 4)]


def test_who_is_promoted_on_the_day_of_a_passage_is_placed_from_it_and_not_counted_there():
    """9e since 1 September 2023: the 10e on 1 September 2027, 634 points, whence the 3e of the hors-classe at 673."""
    now = Standing(CareerStepFact("certifies", "classe_normale", 9, dt.date(2023, 9, 1)), dt.date(2023, 9, 1))
    day = dt.date(2027, 9, 1)
    found = ahead(now, Chances({}, {("hors_classe", 2027): Fraction(1, 4)}), (day,))
    assert found.days_of_echelon("hors_classe", 3) == {day: Fraction(1, 4)}
    assert found.days_of_echelon("classe_normale", 10) == {day: Fraction(3, 4)}


def test_a_last_place_entered_by_a_promotion_is_kept(monkeypatch):
    """Imagined: nothing follows the place entered in 2027."""
    monkeypatch.setattr(module, "reclassify", lambda *told: replace(reclassify(*told), next_on=None))
    monkeypatch.setattr(module, "_entry", module._entry.__wrapped__)
    now = Standing(CareerStepFact("certifies", "classe_normale", 10, dt.date(2025, 1, 1)), dt.date(2025, 1, 1))
    (outcome,) = ahead(now, Chances({}, {("hors_classe", 2027): Fraction(1)})).views[YEARS[10]]
    assert (outcome.standing.step.effective_on, outcome.stopped) == (dt.date(2027, 9, 1), None)


def test_the_chevrons_of_an_echelon_are_no_entry_into_it():
    """4e of the hors-classe of the agrégés, first chevron: the two others follow, nothing else."""
    step = CareerStepFact("agreges", "hors_classe", 4, dt.date(2026, 9, 1), 1)
    found = ahead(Standing(step, step.effective_on), Chances())
    assert found.views[YEARS[10]][0].standing.step.chevron == 3
    assert not found.entries


def boards(on: dt.date, last: dt.date, corps: str = "certifies") -> list[tuple[str, int]]:
    chances = Chances({}, {(grade, y): Fraction(1, 4) for grade in load_access() for y in range(2015, 2030)})
    return [(board.to_grade, board.effect_on.year) for board in plan(corps, on=on, days=[last], chances=chances).boards]


def test_the_boards_are_those_after_the_first_day_and_the_higher_grade_decides_first():
    first = dt.date(2027, 9, 1)
    assert boards(first, dt.date(2028, 9, 1)) == [("classe_exceptionnelle", 2028), ("hors_classe", 2028)]
    assert boards(first - dt.timedelta(1), dt.date(2028, 8, 31)) == [
        ("classe_exceptionnelle", 2027),
        ("hors_classe", 2027),
    ]
    assert boards(TODAY, YEARS[2], "chaires_superieures") == []


def test_a_grade_whose_law_is_not_in_force_leaves_the_others(monkeypatch):
    """In 2017 the rules of the classe exceptionnelle are known, not those of the hors-classe, whichever is read first."""
    on, last = dt.date(2017, 1, 1), dt.date(2017, 12, 31)
    assert boards(on, last) == [("classe_exceptionnelle", 2017)]
    access = load_access()
    monkeypatch.setattr("career.domain.forecast.load_access", lambda: dict(reversed(access.items())))
    assert boards(on, last) == [("classe_exceptionnelle", 2017)]


def test_no_board_before_the_law_that_opens_it():
    """The rules of the hors-classe written here begin with the campaign 2018."""
    chances = Chances({}, {("hors_classe", year): Fraction(1, 4) for year in (2017, 2018)})
    prepared = plan("certifies", on=dt.date(2017, 1, 1), days=[dt.date(2018, 9, 1)], chances=chances)
    assert [(board.observed_on, board.effect_on) for board in prepared.boards] == [
        (dt.date(2018, 8, 31), dt.date(2018, 9, 1))
    ]


def test_a_day_before_the_first_is_refused():
    with pytest.raises(ValueError, match="comes before"):
        plan("certifies", on=TODAY, days=[TODAY, TODAY - dt.timedelta(1)], chances=Chances())
    assert ahead(held(("pe", "classe_normale", 4), 10), Chances(), ()).views == {}


def test_an_unpublished_rate_is_the_last_one_published_and_says_of_which_year():
    rate = assumed_rate("hors_classe", "certifies", 2030)
    assert rate is not None
    assert (rate.published_for, rate.rate) == (2025, Fraction(23, 100))
    assert assumed_rate("hors_classe", "certifies", 2021) is None
    assert assumed_rate("hors_classe", "instituteurs", 2025) is None
    chances, told = published_chances("psyen", 2026, 2027)
    assert chances.of_promotion("classe_exceptionnelle", 2026) == Fraction(95, 1000)
    assert chances.of_bonification(6) == chances.of_bonification(8) == Fraction(3, 10)
    assert {(found.grade, found.year) for found in told} == set(chances.promotion)
    assert published_chances("chaires_superieures", 2026, 2036)[1] == ()
