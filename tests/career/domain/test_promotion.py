"""Promotions of grade: what they explain, what they refuse, what never happens."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from career.domain import promotion_reclassement
from career.domain.cases import compute
from career.domain.grids import load_grids
from career.domain.linearisation_2023 import linearisation_node, linearise, linearise_special
from career.domain.liste_aptitude import Candidate, aptitude_node, load_liste_aptitude
from career.domain.progress import advanced
from career.domain.promotion_conditions import load_access
from career.domain.promotion_eligibility import MOTIFS, Agent, eligibility, eligibility_node
from career.domain.promotion_nodes import reclassement_node
from career.domain.promotion_rates import load_rates, rate_node
from career.domain.promotion_reclassement import Seniority, ladder, load_reclassement, reclassify
from career.domain.refusals import refusal_of
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure
from iprof.kernel.explain import Node

pytestmark = pytest.mark.req("S38", "S79")

GRIDS = load_grids()
DAY = dt.date(2026, 9, 1)
FROM = {"hors_classe": "classe_normale", "classe_exceptionnelle": "hors_classe"}
CORPS = load_access()["hors_classe"].corps


def step(corps: str, grade: str, echelon: int, since: dt.date = DAY, **more: object) -> CareerStepFact:
    return CareerStepFact(corps, grade, echelon, since, **more)  # type: ignore[arg-type]


def at(fact: CareerStepFact) -> Standing:
    return Standing(fact, fact.seniority_start)


def check(node: Node) -> None:
    assert Node.from_json(json.loads(json.dumps(node.to_json()))) == node
    for part in node.walk():
        assert part.sources
        assert part.sentence
        assert dt.date.fromisoformat(part.version)


def child(node: Node, rule: str) -> Node:
    return next(part for part in node.walk() if part.rule == rule)


# Reclassement ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "to_grade", "on", "place", "kept", "said"),
    [
        (
            step("certifies", "classe_normale", 10, dt.date(2024, 4, 1)), "hors_classe", DAY,
            "Professeur certifié, hors-classe, 3e échelon", 29,
            "Le gain (39 points) est inférieur à celui d'un avancement dans l'ancien grade (44 points)",
        ),
        (
            step("pe", "hors_classe", 6, dt.date(2024, 4, 1)), "classe_exceptionnelle", DAY,
            "Professeur des écoles, classe exceptionnelle, 4e échelon", 0,
            "Le gain (24 points) n'est pas inférieur à celui d'un avancement dans l'ancien grade (15 points)",
        ),
        (
            step("pe", "hors_classe", 7, dt.date(2024, 4, 1)), "classe_exceptionnelle", DAY,
            "Professeur des écoles, classe exceptionnelle, 4e échelon", 29, "Dernier échelon du grade d'origine",
        ),
        (
            step("pe", "classe_normale", 9, dt.date(2024, 4, 1)), "hors_classe", DAY,
            "Professeur des écoles, hors-classe, 2e échelon", 5, "conserve ce qui dépasse",
        ),
        (
            step("agreges", "classe_normale", 9, dt.date(2024, 4, 1)), "hors_classe", DAY,
            "Professeur agrégé, hors-classe, 2e échelon", None, "Non vérifiée",
        ),
        (
            step("agreges", "classe_normale", 11, dt.date(2020, 4, 1)), "hors_classe", DAY,
            "Professeur agrégé, hors-classe, 4e échelon, 1er chevron", 0, "il ne reste rien",
        ),
        (
            step("agreges", "hors_classe", 2, dt.date(2022, 1, 1)), "classe_exceptionnelle", dt.date(2022, 9, 1),
            "Professeur agrégé, classe exceptionnelle, 1er échelon", 0, "n'est pas inférieur",
        ),
    ],
)  # fmt: skip
def test_a_reclassement_explains_itself(
    fact: CareerStepFact, to_grade: str, on: dt.date, place: str, kept: int | None, said: str
) -> None:
    node = reclassement_node(reclassify(fact, to_grade, on))
    check(node)
    assert node.value == place
    assert child(node, "career.promotion.kept").value == kept
    assert said in child(node, "career.promotion.kept").sentence
    gain = child(node, "career.promotion.gain")
    before, after = gain.children
    assert isinstance(gain.value, Decimal)
    assert gain.value == after.value - before.value  # type: ignore[operator]


def test_the_next_passage_says_why_there_is_no_date() -> None:
    uncertain = reclassify(step("agreges", "classe_normale", 9, dt.date(2024, 4, 1)), "hors_classe", DAY)
    assert "non vérifiée" in child(reclassement_node(uncertain), "career.promotion.next").sentence
    unpublished = reclassify(
        step("agreges", "hors_classe", 2, dt.date(2022, 1, 1)), "classe_exceptionnelle", dt.date(2022, 9, 1)
    )
    assert "n'est pas publiée" in child(reclassement_node(unpublished), "career.promotion.next").sentence
    last = replace(unpublished, next_known=True)
    assert "aucun avancement automatique" in child(reclassement_node(last), "career.promotion.next").sentence


def test_the_place_of_a_chevron_tells_the_next_one() -> None:
    fact = step("agreges", "hors_classe", 4, dt.date(2025, 9, 1), chevron=3)
    node = reclassement_node(reclassify(fact, "classe_exceptionnelle", DAY))
    assert "le suivant est ouvert, sans ancienneté" in node.sentence
    assert child(node, "career.promotion.next").label == "Passage au 3e chevron"


def test_how_directly_the_text_was_read_is_told() -> None:
    sources = {
        corps: reclassify(step(corps, "classe_normale", 9, dt.date(2024, 4, 1)), "hors_classe", DAY).source.confidence
        for corps in ("pe", "certifies", "agreges")
    }
    assert sources == {"pe": "high", "certifies": "medium", "agreges": "medium"}
    assert load_reclassement().clause.at(DAY).value.corps["agreges"] is None


def test_nothing_is_placed_before_the_rules() -> None:
    with pytest.raises(NotInForce):
        reclassify(step("pe", "classe_normale", 11), "hors_classe", dt.date(2017, 8, 31))


def test_a_corps_without_text_is_refused() -> None:
    with pytest.raises(DomainError) as caught:
        reclassify(step("instituteurs", "grade_unique", 11), "hors_classe", DAY)
    assert refusal_of(caught.value).code == "promotion_absente"


def test_a_clause_that_does_not_name_the_corps_is_not_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load_reclassement()
    clause = rules.clause.at(DAY)
    silent = DatedValues("essai", {clause.since: (replace(clause.value, corps={}), clause.source)})
    monkeypatch.setattr(promotion_reclassement, "load_reclassement", lambda: replace(rules, clause=silent))
    # what was computed under the true law is set aside
    monkeypatch.setattr(promotion_reclassement, "_aim", promotion_reclassement._aim.__wrapped__)
    found = reclassify(step("pe", "classe_normale", 9, dt.date(2024, 4, 1)), "hors_classe", DAY)
    assert (found.after.echelon, found.kept, found.rule) == (2, (0, 0), "egal")


def test_a_grade_without_a_sufficient_index_is_refused() -> None:
    """The classe exceptionnelle leads to 977 points; the hors-classe of certifiés ends at 826."""
    with pytest.raises(UnknownFigure) as caught:
        reclassify(step("pe", "classe_exceptionnelle", 5, chevron=3), "hors_classe", DAY)
    assert refusal_of(caught.value).message.endswith("977 points.")


def test_nothing_follows_the_last_chevron() -> None:
    fact = step("agreges", "classe_exceptionnelle", 3, dt.date(2026, 1, 1), chevron=3)
    found = reclassify(fact, "classe_exceptionnelle", DAY)
    assert (found.after.echelon, found.after.chevron, found.next_on, found.next_known) == (3, 3, None, True)


def test_the_ladder_of_chevrons_lasts_what_the_echelon_lasts() -> None:
    rungs = ladder("agreges", "classe_exceptionnelle", DAY)
    assert [(r.echelon, r.chevron, r.months) for r in rungs] == [
        (1, None, None), (2, 1, 12), (2, 2, 12), (2, 3, 12), (3, 1, 12), (3, 2, 12), (3, 3, None),
    ]  # fmt: skip
    assert not rungs[0].months_known


def test_days_kept_may_complete_a_month() -> None:
    held = step("pe", "classe_normale", 11, dt.date(2026, 8, 5), kept_days=45)
    assert Seniority(held).on(dt.date(2026, 8, 19)) == (1, 29)
    assert Seniority(held).on(dt.date(2026, 8, 21)) == (2, 0)
    assert Seniority(held, 24).on(dt.date(2026, 8, 21)) == (0, 0)


PLACES = [
    (corps, to_grade, rung)
    for to_grade in FROM
    for corps in CORPS
    for rung in ladder(corps, FROM[to_grade], DAY)
    if rung.echelon >= (load_access()[to_grade].values.at(DAY).value.voies[0].echelon[corps] or 0)
]


@given(st.sampled_from(PLACES), st.dates(dt.date(2024, 9, 1), dt.date(2040, 12, 31)), st.integers(0, 4000))
def test_no_promotion_lowers_the_index_nor_goes_back_in_time(
    where: tuple[str, str, promotion_reclassement.Rung], on: dt.date, days: int
) -> None:
    corps, to_grade, rung = where
    entered = on - dt.timedelta(days)
    start = entered - dt.timedelta(days=366 * ((rung.chevron or 1) - 1))
    held = advanced(
        Standing(CareerStepFact(corps, FROM[to_grade], rung.echelon, entered, rung.chevron), start), on
    ).step
    found = reclassify(held, to_grade, on)
    assert found.gain >= 0
    target = next(
        r for r in ladder(corps, to_grade, on) if (r.echelon, r.chevron) == (found.after.echelon, found.after.chevron)
    )
    if found.kept is None:
        assert (corps, held.echelon, found.next_on) == ("agreges", 9, None)
    else:
        assert found.kept >= (0, 0)
        assert target.months is None or found.kept[0] < target.months
        assert found.next_on is None or on < found.next_on
        assert found.next_on is not None or target.months is None
    check(reclassement_node(found))


@given(st.sampled_from(PLACES), st.dates(dt.date(2024, 9, 1), dt.date(2030, 12, 31)), st.integers(0, 1500))
def test_to_have_waited_longer_never_gives_less(
    where: tuple[str, str, promotion_reclassement.Rung], on: dt.date, days: int
) -> None:
    corps, to_grade, rung = where
    assume(rung.chevron is None)
    points, dates = [], []
    for more in (0, 31):
        fact = CareerStepFact(corps, FROM[to_grade], rung.echelon, on - dt.timedelta(days + more))
        found = reclassify(advanced(at(fact), on).step, to_grade, on)
        points.append(found.index_after.value)
        dates.append(found.next_on)
    assert points[0] <= points[1]
    if points[0] == points[1] and dates[0] and dates[1]:
        assert dates[1] <= dates[0]


# Progress ----------------------------------------------------------------------------------------------------------


def test_a_place_older_than_the_grids_still_counts() -> None:
    old = at(step("pe", "classe_normale", 9, dt.date(2015, 9, 1)))
    assert advanced(old, dt.date(2019, 8, 31)).step.echelon == 9
    assert advanced(old, dt.date(2019, 9, 1)).step == step("pe", "classe_normale", 10, dt.date(2019, 9, 1))
    chevron = at(step("agreges", "hors_classe", 4, dt.date(2017, 3, 1), chevron=1))
    assert advanced(chevron, dt.date(2018, 2, 28)).step.chevron == 1
    assert advanced(chevron, dt.date(2018, 3, 1)).step.chevron == 2


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(DomainError) as caught:
        advanced(at(step("pe", "classe_normale", 12)), DAY)
    assert caught.value.code == "echelon_unknown"


# Eligibility, rates, liste d'aptitude, linéarisation ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "to_grade", "yes", "first"),
    [
        (step("pe", "classe_normale", 9, dt.date(2024, 8, 31)), "hors_classe", "Oui", 2026),
        (step("pe", "classe_normale", 9, dt.date(2024, 9, 1)), "hors_classe", "Non", 2027),
        (step("pe", "classe_normale", 9, dt.date(2024, 9, 1)), "classe_exceptionnelle", "Non", None),
    ],
)
def test_eligibility_explains_itself(fact: CareerStepFact, to_grade: str, yes: str, first: int | None) -> None:
    node = eligibility_node(Agent(at(fact)), to_grade, dt.date(2026, 8, 31))
    check(node)
    assert (node.value, node.children[0].value) == (yes, str(first) if first else None)
    assert node.sentence.startswith("Au 31 août 2026, ")
    assert (str(first) in node.children[0].sentence) == (first is not None)


@given(
    st.sampled_from(CORPS), st.integers(1, 11), st.dates(dt.date(2015, 1, 1), dt.date(2030, 12, 31)),
    st.integers(2018, 2060), st.booleans(),
)  # fmt: skip
def test_the_first_campaign_is_the_first_one(
    corps: str, echelon: int, since: dt.date, year: int, bonified: bool
) -> None:
    agent = Agent(at(step(corps, "classe_normale", echelon, since)), bonified=lambda _: bonified)
    observed_on = dt.date(year, 8, 31)
    try:
        found = eligibility(agent, "hors_classe", observed_on)
    except DomainError as error:
        assert error.code == "entered_later"  # noqa: PT017  (one of two right outcomes)
        assert since > observed_on
        return
    assert found.first_year is not None
    assert found.eligible == (year >= found.first_year)
    assert found.motif in MOTIFS


def test_an_agent_never_promotable_has_no_first_year() -> None:
    """An imagined voie that asks for a thirteenth échelon."""
    access = load_access()["hors_classe"]
    conditions = access.values.at(DAY)
    voie = replace(conditions.value.voies[0], echelon=dict.fromkeys(CORPS, 13))
    values = DatedValues("essai", {conditions.since: (replace(conditions.value, voies=(voie,)), conditions.source)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "career.domain.promotion_eligibility.load_access", lambda: {"hors_classe": replace(access, values=values)}
        )
        found = eligibility(Agent(at(step("pe", "classe_normale", 11))), "hors_classe", dt.date(2027, 8, 31))
    assert (found.eligible, found.motif, found.first_year) == (False, "echelon_insuffisant", None)


def test_rates_are_the_published_ones() -> None:
    told = {year: rate_node("hors_classe", "plp", year).value for year in range(2022, 2026)}
    assert told == {2022: Decimal(18), 2023: Decimal(21), 2024: Decimal(22), 2025: Decimal(23)}
    exceptional = {corps: rate_node("classe_exceptionnelle", corps, 2025).value for corps in CORPS}
    assert {corps: str(rate) for corps, rate in exceptional.items()} == {
        "pe": "29", "certifies": "9", "plp": "9", "peps": "10.5", "cpe": "10.5", "psyen": "7.5", "agreges": "13.5",
    }  # fmt: skip
    assert rate_node("classe_exceptionnelle", "psyen", 2026).sources[0].confidence == "medium"
    check(rate_node("classe_exceptionnelle", "pe", 2024))
    assert rate_node("classe_exceptionnelle", "pe", 2024).version == "2024-01-01"
    assert set(load_rates()) == set(FROM)


@pytest.mark.parametrize(
    ("grade", "corps", "year"),
    [
        ("hors_classe", "pe", 2026),
        ("hors_classe", "pe", 2021),
        ("classe_exceptionnelle", "pe", 2023),
        ("classe_exceptionnelle", "pe", 2027),
        ("classe_exceptionnelle", "instituteurs", 2024),
        ("grade_unique", "pe", 2024),
    ],
)
def test_a_rate_not_published_is_not_invented(grade: str, corps: str, year: int) -> None:
    with pytest.raises(UnknownFigure) as caught:
        rate_node(grade, corps, year)
    assert refusal_of(caught.value).code == "taux_non_publie"


def test_the_liste_d_aptitude_explains_itself() -> None:
    who = Candidate("certifies", dt.date(1986, 10, 2), Decimal(10), Decimal(5))
    node = aptitude_node(who, 2026)
    check(node)
    assert (node.value, node.children[0].value) == ("Non", "2027")
    assert node.sentence == "Au 1er octobre 2026, l'âge demandé n'est pas atteint."
    assert aptitude_node(who, 2027).value == "Oui"
    other = aptitude_node(replace(who, corps="cpe"), 2026)
    check(other)
    assert (other.value, other.children[0].value) == ("Non", None)
    assert load_liste_aptitude().values.at(DAY).value.contingent


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2000, 12, 31)), st.decimals(0, 40, places=1), st.decimals(0, 40, places=1),
    st.integers(2025, 2060),
)  # fmt: skip
def test_the_first_list_is_never_past(born: dt.date, services: Decimal, corps: Decimal, year: int) -> None:
    node = aptitude_node(Candidate("plp", born, services, corps), year)
    first = int(str(node.children[0].value))
    assert (first == year) == (node.value == "Oui")
    assert first >= year
    assert first >= born.year + 40


@pytest.mark.parametrize(
    ("found", "before", "labels"),
    [
        (
            linearise(at(step("pe", "classe_exceptionnelle", 4, dt.date(2022, 9, 1)))),
            step("pe", "classe_exceptionnelle", 4, dt.date(2022, 9, 1)),
            ["Traitement brut mensuel", "Passage au 5e échelon", "Passage au 2e chevron"],
        ),
        (
            linearise_special("pe", "classe_exceptionnelle", 3, dt.date(2022, 9, 1)),
            step("pe", "classe_exceptionnelle", 5, dt.date(2022, 9, 1), chevron=3),
            ["Traitement brut mensuel"],
        ),
    ],
)
def test_the_linearisation_explains_itself(found: object, before: CareerStepFact, labels: list[str]) -> None:
    node = linearisation_node(before, found)  # type: ignore[arg-type]
    check(node)
    assert [part.label for part in node.children] == labels
    assert node.version == "2023-08-06"


@given(st.integers(1, 4), st.dates(dt.date(2017, 9, 1), dt.date(2023, 8, 6)))
def test_the_linearisation_never_lowers_the_index(echelon: int, entered: dt.date) -> None:
    fact = step("cpe", "classe_exceptionnelle", echelon, entered)
    found = linearise(at(fact))
    assert found.index.value >= GRIDS.index("cpe", fact.grade, echelon, None, dt.date(2023, 8, 6)).value
    assert (found.after.echelon or 0) >= echelon
    for day in (found.fifth_on, found.second_chevron_on):
        assert day is None or day > dt.date(2023, 8, 6)


def test_a_promotion_and_its_case_agree() -> None:
    fact = step("certifies", "classe_normale", 11, dt.date(2024, 4, 1))
    node = reclassement_node(reclassify(fact, "hors_classe", DAY))
    case = compute(
        {"corps": "certifies", "grade": "classe_normale", "echelon": 11, "date_entree_echelon": "2024-04-01",
         "event": "promotion_hors_classe", "date_event": "2026-09-01"}
    )  # fmt: skip
    assert case["gain_mensuel"] == child(node, "career.promotion.gain").value
    assert case["date_prochain_echelon"] == child(node, "career.promotion.next").value
