"""The distribution of what lies ahead: exact, whole, and the certain path where nothing is uncertain."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from career.domain.chances import Chances
from career.domain.forecast import Forecast, forecast, plan
from career.domain.grids import load_grids
from career.domain.progress import advanced, passages
from career.domain.promoted import entry_of
from career.domain.promotion_reclassement import reclassify
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError, UnknownFigure
from iprof.kernel.periods import add_months

GRIDS = load_grids()
TODAY = dt.date(2026, 11, 24)
YEARS = tuple(add_months(TODAY, 12 * year) for year in range(11))
CORPS = ("certifies", "agreges", "plp", "peps", "cpe", "psyen", "pe")
PLACES = [
    (corps, grade, echelon)
    for corps in CORPS
    for grade in ("classe_normale", "hors_classe", "classe_exceptionnelle")
    for echelon in GRIDS.echelons_on(corps, grade, TODAY)
]
shares = st.sampled_from([Fraction(0), Fraction(1), Fraction(3, 10), Fraction(23, 100), Fraction(19, 200)])
rates = st.dictionaries(
    st.tuples(st.sampled_from(["hors_classe", "classe_exceptionnelle"]), st.integers(2026, 2036)), shares
)
bonuses = st.dictionaries(st.sampled_from([6, 8]), shares)


def held(place, days_ago: int) -> Standing:
    corps, grade, echelon = place
    start = TODAY - dt.timedelta(days_ago)
    chevron = 1 if GRIDS.rule(corps, grade, echelon, start).value.hors_echelle else None
    told = Standing(CareerStepFact(corps, grade, echelon, start, chevron), start)
    try:
        return advanced(told, TODAY)
    except UnknownFigure:  # a duration not published: what the feed told stands
        return told


standings = st.builds(held, st.sampled_from(PLACES), st.integers(0, 1100))


def ahead(now: Standing, chances: Chances, days=YEARS) -> Forecast:
    return forecast(now, plan(now.step.corps, on=TODAY, days=days, chances=chances))


@pytest.mark.req("S77")
@given(now=standings, promotion=rates, bonification=bonuses)
def test_the_chances_add_up_to_one_exactly_on_each_day(now, promotion, bonification):
    found = ahead(now, Chances(bonification, promotion))
    assert list(found.views) == list(YEARS)
    for view in found.views.values():
        assert sum(outcome.chance for outcome in view) == 1
        assert all(outcome.weight > 0 for outcome in view)
        places = [outcome.standing for outcome in view if not outcome.stopped]
        assert {place.step.corps for place in places} <= {now.step.corps}
    for grade in found.promotions:
        assert 0 < sum(found.days_of_grade(grade).values()) <= 1


@given(
    now=standings, bonification=st.dictionaries(st.sampled_from([6, 8]), st.sampled_from([Fraction(0), Fraction(1)]))
)
def test_with_nothing_uncertain_it_is_the_path_by_ancienneté(now, bonification):
    chosen = {echelon for echelon, chance in bonification.items() if chance}
    assume(not _passed(now, chosen))
    found = ahead(now, Chances(bonification))
    for day in YEARS:
        (outcome,) = found.views[day]
        if not outcome.stopped:
            assert outcome.standing == advanced(now, day, chosen.__contains__)
            assert outcome.chance == 1


def _passed(now: Standing, chosen: set[int]) -> bool:
    """The day of the bonification of the present échelon is behind: it did not come."""
    try:
        return next(passages(now, TODAY, chosen.__contains__), None) is not None
    except UnknownFigure:
        return False


@given(now=standings, grade=st.sampled_from(["hors_classe", "classe_exceptionnelle"]), year=st.integers(2027, 2036))
def test_a_promotion_that_is_certain_is_the_reclassement_of_that_day(now, grade, year):
    day = dt.date(year, 9, 1)
    found = ahead(now, Chances({}, {(grade, year): Fraction(1)}), (TODAY, day))
    (outcome,) = found.views[day]
    if found.days_of_grade(grade):
        assert found.days_of_grade(grade) == {day: 1}
    if not outcome.stopped:
        eve = advanced(now, day)
        promoted = bool(found.promotions)
        assert outcome.standing.step == (reclassify(eve.step, grade, day).after if promoted else eve.step)


@given(now=standings, promotion=rates, bonification=bonuses, cut=st.integers(1, 9))
def test_looking_at_other_days_changes_nothing(now, promotion, bonification, cut):
    chances = Chances(bonification, promotion)
    whole = ahead(now, chances)
    fewer = ahead(now, chances, (YEARS[cut], YEARS[10]))
    assert _chances(fewer, YEARS[cut]) == _chances(whole, YEARS[cut])
    assert _chances(fewer, YEARS[10]) == _chances(whole, YEARS[10])


def _chances(found: Forecast, day: dt.date) -> dict[Standing, Fraction]:
    told: dict[Standing, Fraction] = {}
    for outcome in found.views[day]:
        told[outcome.standing] = told.get(outcome.standing, Fraction(0)) + outcome.chance
    return told


@given(now=standings, promotion=rates, bonification=bonuses)
def test_no_career_loses_index_points(now, promotion, bonification):
    """The lowest index possible never falls from a year to the next."""
    found = ahead(now, Chances(bonification, promotion))
    lows = []
    for day, view in found.views.items():
        points = []
        for outcome in view:
            step = outcome.standing.step
            if step.echelon is None:
                assume(False)
            try:
                points.append(GRIDS.index(step.corps, step.grade, step.echelon, step.chevron, day).value)
            except UnknownFigure:
                assume(False)
        lows.append(min(points))
    assert lows == sorted(lows)


@given(now=standings, grade=st.sampled_from(["hors_classe", "classe_exceptionnelle"]), year=st.integers(2027, 2036))
def test_after_a_promotion_the_next_place_comes_on_the_day_the_reclassement_gives(now, grade, year):
    day = dt.date(year, 9, 1)
    try:
        found = reclassify(advanced(now, day).step, grade, day)
        entry = entry_of(found)
    except DomainError:
        assume(False)
    assert entry.standing.step == found.after
    if found.next_on is None:
        assert entry.following is None
    else:
        assert entry.following is not None
        coming, leads = entry.following
        assert coming.step.effective_on == found.next_on == leads.on
        assert coming.step.echelon == found.next_echelon
