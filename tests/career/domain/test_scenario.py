"""A career under hypotheses: the law of each, its day, what it pays; nothing is ever lost on the way."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain import scenario
from career.domain.differences import date_gaps, gap_text, year_gaps
from career.domain.grids import load_grids
from career.domain.hypotheses import Hypotheses
from career.domain.pay_overseas import load_places
from career.domain.progress import advanced
from career.domain.projection import project
from career.domain.promotion_reclassement import reclassify
from career.domain.scenario import COMPETITION, PAY, PROMOTION, STEP, Projection, imagine
from career.domain.snapshot import CareerStepFact, Standing
from career.domain.training_effect import training_node
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import add_months

GRIDS = load_grids()
TODAY = dt.date(2026, 11, 24)
TEN_YEARS = add_months(TODAY, 120)
CORPS = ("certifies", "agreges", "plp", "peps", "cpe", "psyen", "pe")
years = st.integers(2027, 2036)
supposed = st.builds(
    Hypotheses,
    bonifications=st.frozensets(st.sampled_from([6, 8])),
    promotions=st.dictionaries(st.sampled_from(["hors_classe", "classe_exceptionnelle"]), years),
    corps=st.none() | st.tuples(st.sampled_from(["agreges", "certifies", "cpe"]), years),
    quotite=st.none() | st.tuples(st.sampled_from([Decimal(50), Decimal(80), Decimal(90)]), years),
    post=st.none() | st.tuples(st.sampled_from([p for p in load_places().values() if p.rates]), years),
    project=st.none() | years,
)


def held(
    corps: str, echelon: int, since: dt.date, grade: str = "classe_normale", chevron: int | None = None
) -> Standing:
    return Standing(CareerStepFact(corps, grade, echelon, since, chevron), since)


standings = st.builds(
    held, st.sampled_from(CORPS), st.integers(1, 11), st.dates(dt.date(2025, 1, 1), dt.date(2026, 11, 24))
)


def walk(now: Standing, hypotheses: Hypotheses, until: dt.date = TEN_YEARS) -> Projection:
    return imagine(now, on=TODAY, until=until, supposed=hypotheses)


@pytest.mark.req("S09", "S39")
@given(now=standings, hypotheses=supposed)
def test_dates_never_go_back_and_every_stage_is_explained(now, hypotheses):
    found = walk(now, hypotheses)
    first, *days = (stage.on for stage in found.stages)
    assert first == TODAY
    assert days == sorted(days)  # the first of them may be past: its act has not been transmitted yet
    assert all(day <= TEN_YEARS for day in days)
    for stage in found.stages[1:]:
        assert stage.reached is not None or stage.cause == PAY
        assert stage.cause != STEP or stage.reached.value == stage.on
    for stage in found.stages:
        assert stage.index.sources
        assert stage.gross.value is not None


@given(now=standings, hypotheses=supposed)
def test_no_index_is_ever_lost(now, hypotheses):
    """Neither by an échelon, nor by a promotion of grade, nor by a change of corps (kept in person)."""
    points = [stage.index.value for stage in walk(now, hypotheses).stages]
    assert points == sorted(points)


@given(now=standings, hypotheses=supposed, months=st.integers(0, 120))
def test_a_longer_scenario_begins_with_the_shorter_one(now, hypotheses, months):
    short = walk(now, hypotheses, add_months(TODAY, months))
    whole = walk(now, hypotheses)
    assert whole.stages[: len(short.stages)] == short.stages


@given(now=standings, bonified=st.frozensets(st.sampled_from([6, 8])))
def test_without_other_hypothesis_it_is_the_projection(now, bonified):
    assert walk(now, Hypotheses(bonified)) == project(now, on=TODAY, until=TEN_YEARS, bonifications=bonified)


@pytest.mark.req("S41")
@given(now=standings, year=years)
def test_a_promotion_supposed_is_the_reclassement_of_its_day(now, year):
    found = walk(now, Hypotheses(promotions={"hors_classe": year}))
    promoted = [stage for stage in found.stages if stage.cause == PROMOTION]
    assert bool(promoted) != bool(found.refused)
    if promoted:
        day = dt.date(year, 9, 1)
        assert [stage.on for stage in promoted] == [day]
        assert promoted[0].standing.step == reclassify(advanced(now, day).step, "hors_classe", day).after


def test_a_promotion_after_which_the_law_is_silent_ends_the_scenario_there():
    """9e of the agrégés on 1 July 2027, for 26 months in 2029: the place is known, what was kept is not, nor then the next
    passage; what is supposed later is neither applied nor refused."""
    later = Hypotheses(promotions={"hors_classe": 2029}, quotite=(Decimal(80), 2030))
    found = walk(held("agreges", 8, dt.date(2024, 1, 1)), later)
    assert (found.stopped.code, found.refused) == ("kept_unverified", ())
    assert [(stage.on, stage.cause, stage.standing.step.echelon) for stage in found.stages[1:]] == [
        (dt.date(2027, 7, 1), STEP, 9),
        (dt.date(2029, 9, 1), PROMOTION, 2),
    ]


def test_a_promotion_to_a_last_place_is_followed_by_nothing(monkeypatch):
    """Imagined: nothing follows the place entered in 2027."""
    monkeypatch.setattr(scenario, "reclassify", lambda *told: replace(reclassify(*told), next_on=None))
    found = walk(held("certifies", 11, dt.date(2023, 9, 1)), Hypotheses(promotions={"hors_classe": 2027}))
    assert (found.stages[-1].cause, found.stopped, found.refused) == (PROMOTION, None, ())


def test_a_promotion_too_early_is_refused_and_the_rest_goes_on():
    now = held("certifies", 6, dt.date(2026, 1, 1))
    found = walk(now, Hypotheses(promotions={"hors_classe": 2028}))
    ((name, error),) = found.refused
    assert (name, error.code) == ("hors_classe", "promotion_too_early")
    assert [stage.standing.step.echelon for stage in found.stages] == [6, 7, 8, 9]


def test_the_eve_of_the_condition_is_refused_and_the_day_is_not():
    """Two full years in the 9e are asked on 31 August: since 31 August 2025 they are there in 2027, since 1 September not."""
    for since, allowed in ((dt.date(2025, 8, 31), True), (dt.date(2025, 9, 1), False)):
        found = walk(held("certifies", 9, since), Hypotheses(promotions={"hors_classe": 2027}))
        assert bool(found.refused) != allowed


def test_both_promotions_follow_one_another():
    now = held("certifies", 11, dt.date(2023, 9, 1))
    found = walk(now, Hypotheses(promotions={"classe_exceptionnelle": 2031, "hors_classe": 2027}))
    grades = [stage.standing.step.grade for stage in found.stages if stage.cause == PROMOTION]
    assert (grades, found.refused) == (["hors_classe", "classe_exceptionnelle"], ())


@pytest.mark.req("S09")
def test_a_competition_keeps_the_former_index_in_person():
    now = held("certifies", 8, dt.date(2026, 9, 1))
    found = walk(now, Hypotheses(corps=("agreges", 2028)))
    (passed,) = [stage for stage in found.stages if stage.cause == COMPETITION]
    assert (passed.on, passed.standing.step.corps) == (dt.date(2028, 9, 1), "agreges")
    before = found.on(dt.date(2028, 8, 31))
    assert passed.index.value >= before.index.value
    assert passed.gross.value >= before.gross.value


def test_a_competition_from_a_promoted_grade_is_refused_with_its_reason():
    now = held("certifies", 3, dt.date(2025, 9, 1), "hors_classe")
    found = walk(now, Hypotheses(corps=("agreges", 2028)))
    assert [(name, error.code) for name, error in found.refused] == [("concours", "annexe_hors_classe")]


def test_quotité_and_post_change_the_pay_from_their_rentrée():
    now = held("certifies", 11, dt.date(2020, 9, 1))
    reunion = load_places()["reunion"]
    found = walk(now, Hypotheses(quotite=(Decimal(80), 2028), post=(reunion, 2030)))
    pays = [(stage.on, stage.cause, stage.gross.rule) for stage in found.stages[1:]]
    assert pays == [
        (dt.date(2028, 9, 1), PAY, "career.pay.part_time"),
        (dt.date(2030, 9, 1), PAY, "career.pay.overseas"),
    ]
    full, part, away = (stage.gross.value for stage in found.stages)
    assert part < full < away


def test_the_draft_durations_are_a_hypothesis_that_names_itself():
    """7e since 1 September 2026: 36 months by the law, 30 by the draft, supposed from the rentrée 2027."""
    now = held("certifies", 7, dt.date(2026, 9, 1))
    by_law, by_draft = walk(now, Hypotheses()), walk(now, Hypotheses(project=2027))
    assert (by_law.stages[1].on, by_draft.stages[1].on) == (dt.date(2029, 9, 1), dt.date(2029, 3, 1))
    reached = by_draft.stages[1].reached
    assert reached is not None
    assert reached.rule == "career.projets.milieux_de_carriere_2025"
    assert "n'est pas en vigueur" in reached.sentence
    # what came before the draft applies is untouched
    assert walk(held("certifies", 7, dt.date(2024, 1, 1)), Hypotheses(project=2028)).stages[1].on == dt.date(2027, 1, 1)


def test_hypotheses_beyond_the_period_change_nothing():
    now = held("pe", 5, dt.date(2026, 1, 1))
    beyond = Hypotheses(promotions={"hors_classe": 2060}, quotite=(Decimal(50), 2060), project=2060)
    assert walk(now, beyond).stages == walk(now, Hypotheses()).stages


def test_a_bonification_whose_day_is_past_is_not_supposed():
    since = add_months(TODAY, -30)
    assert walk(held("pe", 6, since), Hypotheses(frozenset({6}))).stages[1].on == add_months(since, 36)


def test_two_scenarios_are_set_side_by_side():
    now = held("certifies", 5, dt.date(2025, 9, 1))
    plain, sooner = walk(now, Hypotheses()), walk(now, Hypotheses(frozenset({6})))
    gaps = list(year_gaps(plain, sooner, on=TODAY, years=10))
    assert [gap.on for gap in gaps] == [add_months(TODAY, 12 * n) for n in range(11)]
    for gap in gaps:
        assert gap.index.value == gap.second.index.value - gap.first.index.value
        assert gap.gross.value == gap.second.gross.value - gap.first.gross.value
        assert gap.gross.value >= 0
    dates = {row.place: (row.first, row.second, row.gap.value) for row in date_gaps(plain, sooner)}
    assert dates["Professeur certifié, classe normale, 7e échelon"] == (
        dt.date(2031, 3, 1),
        dt.date(2030, 3, 1),
        "12 mois plus tôt",
    )
    assert dates["Professeur certifié, classe normale, 6e échelon"][2] == "même jour"


def test_a_scenario_that_stops_ends_the_comparison():
    now = held("agreges", 1, dt.date(2026, 9, 1), "classe_exceptionnelle")
    found = walk(now, Hypotheses())
    assert found.stopped is not None
    assert [gap.on for gap in year_gaps(found, found, on=TODAY, years=10)] == [TODAY]


@given(now=standings, hypotheses=supposed)
def test_gaps_of_a_scenario_with_itself_are_nothing(now, hypotheses):
    found = walk(now, hypotheses)
    assert all(gap.gross.value == 0 == gap.index.value for gap in year_gaps(found, found, on=TODAY, years=10))
    assert all(row.gap.value == "même jour" for row in date_gaps(found, found))


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (dt.date(2028, 1, 31), dt.date(2028, 2, 29), "1 mois plus tard"),
        (dt.date(2028, 3, 1), dt.date(2028, 2, 29), "1 jour plus tôt"),
        (dt.date(2028, 1, 1), dt.date(2028, 1, 3), "2 jours plus tard"),
    ],
)
def test_gaps_in_words(first, second, told):
    assert gap_text(first, second) == told


def test_a_present_place_without_index_raises():
    with pytest.raises(DomainError):
        walk(held("certifies", 12, dt.date(2026, 9, 1)), Hypotheses())


@pytest.mark.req("S43")
def test_a_training_has_no_effect_that_a_text_gives():
    node = training_node("certifies", TODAY)
    assert (node.value, len(node.sources)) == ("aucun", 2)
    assert "aucun point" in node.sentence
    assert len(training_node("chaires_superieures", TODAY).sources) == 1
