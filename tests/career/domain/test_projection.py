"""The certain part of a career ahead: dates never go back, a longer projection contains the shorter one."""

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from career.domain.advancement import next_step
from career.domain.grids import load_grids
from career.domain.projection import gain_node, open_bonifications, path, project
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError

GRIDS = load_grids()
PLACES = [
    (corps.code, grade.code, echelon)
    for corps in GRIDS.corps.values()
    if corps.has_grid
    for grade in corps.grades.values()
    for echelon in grade.structure.at(dt.date(2026, 1, 1)).value
]
starts = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
TODAY = dt.date(2027, 1, 1)


def standing(place, start, chevron=None) -> Standing:
    corps, grade, echelon = place
    if GRIDS.rule(corps, grade, echelon, start).value.hors_echelle:
        chevron = chevron or 1
    return Standing(CareerStepFact(corps, grade, echelon, start, chevron), start)


@pytest.mark.req("S39", "S77")
@given(place=st.sampled_from(PLACES), start=starts, short=st.integers(1, 20), more=st.integers(0, 20))
def test_a_longer_projection_begins_with_the_shorter_one(place, start, short, more):
    now = standing(place, start)
    near, far = (dt.date(2027 + years, 1, 1) for years in (short, short + more))
    try:
        short_path, long_path = list(path(now, until=near)), list(path(now, until=far))
    except DomainError:
        assume(False)
    assert long_path[: len(short_path)] == short_path
    days = [standing.step.effective_on for standing, _ in long_path]
    assert days == sorted(days)
    if short_path:  # a projection of a projection equals the longer projection
        assert list(path(short_path[-1][0], until=far)) == long_path[len(short_path) :]


@given(place=st.sampled_from(PLACES), start=starts, chosen=st.sets(st.sampled_from([6, 8])))
def test_the_index_never_falls_and_a_bonification_never_comes_later(place, start, chosen):
    now, until = standing(place, start), dt.date(2045, 1, 1)
    try:
        plain, bonified = (project(now, on=TODAY, until=until, bonifications=b) for b in (frozenset(), chosen))
    except DomainError:
        assume(False)
    for found in (plain, bonified):
        indices = [stage.index.value for stage in found.stages]
        assert indices == sorted(indices)
        assert found.stages[0].on == TODAY
        assert [stage.reached is None for stage in found.stages] == [True] + [False] * (len(found.stages) - 1)
    assert all(a.on >= b.on for a, b in zip(plain.stages, bonified.stages, strict=False))
    assert set(open_bonifications(now, on=TODAY, until=until)) <= {6, 8}
    assert any(stage.bonified for stage in bonified.stages) <= bool(chosen)


def test_a_projection_tells_its_dates_and_its_gain():
    now = standing(("certifies", "classe_normale", 5), dt.date(2024, 9, 1))
    found = project(now, on=TODAY, until=dt.date(2032, 1, 1), bonifications={6})
    assert [(stage.on, stage.standing.step.echelon, stage.bonified) for stage in found.stages] == [
        (TODAY, 5, False),
        (dt.date(2027, 3, 1), 6, False),
        (dt.date(2029, 3, 1), 7, True),
        (dt.date(2032, 3, 1), 8, False),
    ][:3]
    assert found.stages[1].place == "Professeur certifié, classe normale, 6e échelon"
    gain = gain_node(found)
    assert gain.value == found.stages[-1].gross.value - found.stages[0].gross.value
    assert [child.value for child in gain.children] == [found.stages[-1].gross.value, found.stages[0].gross.value]


def test_one_stage_gains_nothing():
    now = standing(("certifies", "classe_normale", 11), dt.date(2024, 9, 1))
    found = project(now, on=TODAY, until=dt.date(2037, 1, 1))
    assert (len(found.stages), gain_node(found).value, len(gain_node(found).children)) == (1, 0, 1)


def test_a_bonification_is_open_until_its_day_is_past():
    """On 1 January 2027, the two years in the 6e ended six months ago, end that day, or end the day after."""
    for since, ahead in ((dt.date(2024, 7, 1), ()), (dt.date(2025, 1, 1), ()), (dt.date(2025, 1, 2), (6,))):
        now = standing(("certifies", "classe_normale", 6), since)
        assert open_bonifications(now, on=TODAY, until=dt.date(2027, 2, 1)) == ahead


def test_where_the_texts_stop_the_projection_stops_and_says_why():
    for place in PLACES:
        now = standing(place, dt.date(2024, 9, 1))
        try:
            next_step(now.step, now.echelon_start)
        except DomainError as error:
            try:
                found = project(now, on=TODAY, until=dt.date(2037, 1, 1))
            except DomainError:
                continue
            assert found.stopped is not None
            assert found.stopped.code == error.code  # noqa: PT017  (two right outcomes, by place)
            assert open_bonifications(now, on=TODAY, until=dt.date(2037, 1, 1)) == ()
