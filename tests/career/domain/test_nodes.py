"""The explained figures of a person: index, pay, next échelon, hors-classe points."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from career.domain import advancement, pay
from career.domain.advancement import arrival, can_have_bonification, next_step, next_step_node
from career.domain.bareme_hors_classe import bareme_node
from career.domain.grids import load_grids
from career.domain.pay import indice_majore_node, monthly_gross, monthly_gross_node, place
from career.domain.refusals import WORDING, refusal_of
from career.domain.snapshot import CareerSnapshot, CareerStepFact, Standing, standing
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure
from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource

GRIDS = load_grids()
DAY = dt.date(2026, 11, 23)
ORIGIN = "Arrêté fictif n° 12"
PLACES = [
    (corps.code, grade.code, echelon)
    for corps in GRIDS.corps.values()
    for grade in corps.grades.values()
    for echelon in grade.structure.at(DAY).value
]


def step(
    corps: str, grade: str, echelon: int | None, since: dt.date = dt.date(2025, 9, 1), **more: object
) -> CareerStepFact:
    return CareerStepFact(corps, grade, echelon, since, **more)  # type: ignore[arg-type]


def at(fact: CareerStepFact) -> Standing:
    return Standing(fact, fact.seniority_start)


@pytest.mark.req("S38")
def test_gross_pay_explains_itself() -> None:
    node = monthly_gross_node(step("certifies", "classe_normale", 11, origin=ORIGIN, recorded_on=DAY), DAY)
    assert (node.value, node.unit, node.version) == (Decimal("3337.65"), "€/mois", "2024-01-01")
    assert (
        node.sentence == "678 points × 59,0734 € ÷ 12 = 3\u202f337,65\u202f€ par mois, à temps plein, hors indemnités."
    )
    assert [child.rule for child in node.children] == ["career.pay.index", "career.pay.point_value"]
    assert node.children[1].version == "2023-07-01"
    assert (node.inputs[0].origin, node.inputs[0].as_of) == (ORIGIN, DAY)
    assert node.inputs[0].value == "Professeur certifié, classe normale, 11e échelon"
    for part in node.walk():
        assert part.sources
        assert part.sentence
        assert dt.date.fromisoformat(part.version)


@pytest.mark.req("S38", "S79")
@pytest.mark.parametrize(("corps", "grade", "echelon"), PLACES)
def test_every_place_of_the_grids_answers_or_says_why(corps: str, grade: str, echelon: int) -> None:
    fact = step(corps, grade, echelon)
    for compute in (
        lambda: indice_majore_node(fact, DAY),
        lambda: monthly_gross_node(fact, DAY),
        lambda: next_step_node(at(fact)),
        lambda: next_step_node(at(fact), bonification=True),
    ):
        try:
            node = compute()
        except UnknownFigure as error:
            assert "non publié" in refusal_of(error).message  # noqa: PT017  (one of two right outcomes)
        else:
            assert Node.from_json(json.loads(json.dumps(node.to_json()))) == node


def test_minimum_index_is_paid_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    floor = DatedValues("plancher", {dt.date(2025, 1, 1): (Decimal("400"), LegalSource("Texte d'essai"))})
    monkeypatch.setattr(pay, "load_grids", lambda: replace(GRIDS, minimum_index=floor))
    node = indice_majore_node(step("pe", "classe_normale", 1), DAY)
    assert (node.value, node.version) == (400, "2025-01-01")
    assert "La grille donne 395 points." in node.sentence
    assert "c'est lui qui est payé" in node.sentence
    assert node.sources[1].text == "Texte d'essai"
    assert indice_majore_node(step("pe", "classe_normale", 2), DAY).value == 446


def test_index_before_any_minimum_is_known() -> None:
    assert indice_majore_node(step("pe", "classe_normale", 1), dt.date(2023, 4, 30)).value == 390


@pytest.mark.parametrize("points", [0, -1])
def test_pay_of_no_index_is_refused(points: int) -> None:
    with pytest.raises(ValueError, match="indice"):
        monthly_gross(points, Decimal("59.0734"))


@given(st.integers(1, 1200), st.integers(1, 1200))
def test_pay_never_falls_when_the_index_rises(a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert monthly_gross(low, Decimal("59.0734")) <= monthly_gross(high, Decimal("59.0734"))


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (step("agreges", "hors_classe", 4, chevron=1), "Professeur agrégé, hors-classe, 4e échelon, 1er chevron"),
        (step("instituteurs", "grade_unique", 1), "Instituteur, 1er échelon"),
        (step("contractuels", "premiere_categorie", None), "Agent contractuel"),
        (step("inconnu", "", 3), "inconnu"),
    ],
)
def test_place_reads_well(fact: CareerStepFact, said: str) -> None:
    assert place(fact) == said


def test_contractuel_has_no_index() -> None:
    with pytest.raises(UnknownFigure) as caught:
        indice_majore_node(step("contractuels", "premiere_categorie", None), DAY)
    assert refusal_of(caught.value).code == "grille_absente"


@pytest.mark.req("S38")
def test_next_echelon_explains_itself() -> None:
    node = next_step_node(at(step("certifies", "classe_normale", 6, dt.date(2025, 2, 10))), bonification=True)
    assert (node.label, node.value, node.version) == ("Passage au 7e échelon", dt.date(2027, 2, 10), "2017-09-01")
    assert node.sentence == (
        "Entrée le 10 février 2025, plus 24 mois (durée réduite d'un an par la bonification) : 10 février 2027. "
        "L'avancement est automatique, de date à date."
    )
    assert node.sources[0].text.startswith("Décret n° 90-680")


def test_next_chevron_explains_itself() -> None:
    node = next_step_node(at(step("pe", "classe_exceptionnelle", 5, dt.date(2025, 9, 1), chevron=1)))
    assert (node.label, node.value) == ("Passage au 2e chevron", dt.date(2026, 9, 1))


def test_echelon_opened_by_a_later_text_says_so() -> None:
    node = next_step_node(at(step("pe", "classe_exceptionnelle", 4, dt.date(2019, 9, 1))))
    assert (node.value, node.version) == (dt.date(2023, 8, 6), "2023-08-06")
    assert "mais pas avant le 6 août 2023" in node.sentence


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (step("pe", "classe_normale", 11), "dernier échelon"),
        (step("pe", "classe_exceptionnelle", 5, chevron=3), "dernier chevron"),
        (CareerStepFact("certifies", "classe_normale", 11, dt.date(2012, 9, 1)), "dernier échelon"),
        (CareerStepFact("agreges", "hors_classe", 4, dt.date(2015, 9, 1), 3), "dernier chevron"),
    ],
)
def test_last_step_says_that_nothing_follows(fact: CareerStepFact, said: str) -> None:
    node = next_step_node(at(fact))
    assert node.value is None
    assert said in node.sentence
    with pytest.raises(DomainError) as caught:
        arrival(fact, next_step(fact, fact.effective_on))
    assert refusal_of(caught.value).code == "dernier_echelon"


def test_an_echelon_that_does_not_exist_is_refused() -> None:
    fact = step("pe", "classe_normale", 99)
    with pytest.raises(DomainError) as caught:
        next_step(fact, fact.effective_on)
    assert caught.value.code == "echelon_unknown"


def test_an_echelon_that_a_later_text_removed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """11th échelon of the classe normale (last one), removed by an imagined text of 2030: no date is given."""
    grade = GRIDS.find_grade("pe", "classe_normale")
    today = grade.structure.at(DAY)
    rules = {echelon: rule for echelon, rule in today.value.items() if echelon < 11}
    changed = DatedValues(
        "essai", {today.since: (today.value, today.source), dt.date(2030, 1, 1): (rules, today.source)}
    )
    corps = replace(GRIDS.corps["pe"], grades={"classe_normale": replace(grade, structure=changed)})
    monkeypatch.setattr(advancement, "load_grids", lambda: replace(GRIDS, corps={"pe": corps}))
    fact = step("pe", "classe_normale", 11)
    with pytest.raises(DomainError) as caught:
        next_step(fact, fact.effective_on)
    assert (caught.value.code, caught.value.params["on"]) == ("echelon_unknown", dt.date(2030, 1, 1))


@pytest.mark.req("S38")
@pytest.mark.parametrize(
    ("kept_days", "told", "on"),
    [
        (90, "plus 30 mois moins 3 mois d'ancienneté conservée", dt.date(2027, 8, 31)),
        (15, "plus 30 mois moins 15 jours d'ancienneté conservée", dt.date(2027, 11, 15)),
        (1, "plus 30 mois moins 1 jour d'ancienneté conservée", dt.date(2027, 11, 29)),
        (46, "plus 30 mois moins 1 mois et 16 jours d'ancienneté conservée", dt.date(2027, 10, 15)),
        (0, "plus 30 mois", dt.date(2027, 11, 30)),
    ],
)
def test_kept_seniority_is_told_and_taken_off_what_is_left(kept_days: int, told: str, on: dt.date) -> None:
    """Entered on 31 May: what is left is counted from there, without losing days in a short month on the way back."""
    node = next_step_node(at(step("pe", "classe_normale", 5, dt.date(2025, 5, 31), kept_days=kept_days)))
    assert node.value == on
    assert node.sentence.startswith(f"Entrée le 31 mai 2025, {told} : ")
    assert (node.inputs[1].label == "Date d'entrée dans l'échelon") == (kept_days == 0)


def test_kept_seniority_longer_than_the_echelon_opens_nothing_before_the_entry() -> None:
    node = next_step_node(at(step("pe", "classe_normale", 1, dt.date(2025, 9, 1), kept_days=600)))
    assert node.value == dt.date(2025, 9, 1)
    assert "plus 12 mois moins 20 mois d'ancienneté conservée, mais pas avant le 1er septembre 2025" in node.sentence


def test_an_echelon_of_chevrons_is_counted_from_its_first_one() -> None:
    now = Standing(step("agreges", "classe_exceptionnelle", 2, dt.date(2025, 9, 1), chevron=3), dt.date(2023, 9, 1))
    node = next_step_node(now)
    assert node.value == dt.date(2026, 9, 1)
    assert node.sentence.startswith("Ancienneté dans l'échelon comptée depuis le 1er septembre 2023, plus 36 mois : ")


def test_a_chevron_gives_the_source_of_the_one_year_rule() -> None:
    node = next_step_node(at(step("pe", "classe_exceptionnelle", 5, dt.date(2025, 9, 1), chevron=1)))
    assert node.sources == (GRIDS.chevron_source,)


starts = st.dates(dt.date(2017, 9, 1), dt.date(2040, 12, 31))


@pytest.mark.req("S38")
@given(st.sampled_from(PLACES), starts, st.integers(0, 60), st.booleans(), st.sampled_from([None, 1, 2, 3]))
def test_no_date_goes_backward(
    where: tuple[str, str, int], since: dt.date, kept_months: int, bonification: bool, chevron: int | None
) -> None:
    corps, grade, echelon = where
    structure = GRIDS.find_grade(corps, grade).structure.at(since).value
    assume(echelon in structure)
    fact = CareerStepFact(
        corps, grade, echelon, since, chevron if structure[echelon].hors_echelle else None, kept_months * 30
    )
    try:
        found = next_step(fact, fact.seniority_start, bonification=bonification)
        without = next_step(fact, fact.seniority_start)
    except UnknownFigure:
        assert (corps, grade, echelon) == ("agreges", "classe_exceptionnelle", 1)
        return
    assert fact.seniority_start <= since
    if found.on is None:
        assert without.on is None
        return
    assert without.on is not None
    assert since <= found.on <= without.on
    after = arrival(fact, found)
    assert (after.echelon or 0, after.chevron or 0) > (echelon, fact.chevron or 0) or after.echelon == echelon + 1


@given(st.sampled_from(PLACES), starts)
def test_index_never_falls_along_a_career(where: tuple[str, str, int], since: dt.date) -> None:
    corps, grade, echelon = where
    assume(since >= dt.date(2024, 1, 1))
    fact = CareerStepFact(
        corps, grade, echelon, since, 1 if GRIDS.rule(corps, grade, echelon, since).value.hors_echelle else None
    )
    try:
        found = next_step(fact, since)
        assume(found.on is not None)
        after = arrival(fact, found)
        now, then = indice_majore_node(fact, after.effective_on), indice_majore_node(after, after.effective_on)
    except UnknownFigure:
        return
    assert isinstance(now.value, int)
    assert isinstance(then.value, int)
    assert now.value < then.value or (corps, echelon) == ("chaires_superieures", 6)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (step("pe", "classe_normale", 6), True),
        (step("agreges", "classe_normale", 8), True),
        (step("pe", "classe_normale", 7), False),
        (step("pe", "hors_classe", 6), False),
        (step("instituteurs", "grade_unique", 6), False),
        (step("contractuels", "premiere_categorie", None), False),
        (step("inconnu", "classe_normale", 6), False),
        (step("pe", "classe_normale", 6, dt.date(2017, 8, 31)), False),
    ],
)
def test_where_the_bonification_exists(fact: CareerStepFact, expected: bool) -> None:
    assert can_have_bonification(fact) is expected


def test_heb_is_entered_at_the_chevron_already_earned() -> None:
    short = step("agreges", "classe_exceptionnelle", 2, dt.date(2026, 6, 1), chevron=3)
    full = step("agreges", "classe_exceptionnelle", 2, dt.date(2025, 9, 1), chevron=3)
    start = dt.date(2023, 9, 1)
    assert arrival(short, next_step(short, start)).chevron == 1
    assert arrival(full, next_step(full, start)).chevron == 2


def test_standing_follows_the_chevrons_of_an_echelon() -> None:
    steps = (
        step("pe", "classe_exceptionnelle", 5, dt.date(2025, 9, 1), chevron=2),
        step("pe", "classe_exceptionnelle", 4, dt.date(2021, 9, 1)),
        step("pe", "classe_exceptionnelle", 5, dt.date(2024, 9, 1), chevron=1, kept_days=45),
    )
    now = CareerSnapshot(steps, DAY).standing
    assert now is not None
    assert now.step.chevron == 2
    assert now.echelon_start == dt.date(2024, 7, 17)
    assert standing(steps, dt.date(2021, 8, 31)) is None
    assert standing(steps, dt.date(2024, 8, 31)) == Standing(steps[1], dt.date(2021, 9, 1))


@pytest.mark.req("S38")
def test_bareme_has_its_lines() -> None:
    node = bareme_node(
        corps="certifies", grade="classe_normale", echelon=10, echelon_start=dt.date(2024, 3, 1),
        appreciation="Excellent", on=dt.date(2026, 8, 31), origin=ORIGIN,
    )  # fmt: skip
    assert node.value == sum(child.value for child in node.children if isinstance(child.value, int)) == 185
    assert node.children[1].sentence == "Au 31 août 2026, 10e échelon depuis 2 ans complets : 40 points."
    assert node.children[0].inputs[0].origin == ORIGIN


def test_bareme_before_its_first_year_is_refused() -> None:
    with pytest.raises(NotInForce):
        bareme_node(
            corps="certifies", grade="classe_normale", echelon=10, echelon_start=dt.date(2016, 3, 1),
            appreciation="Excellent", on=dt.date(2018, 8, 31),
        )  # fmt: skip


def test_refusal_codes_are_french_and_distinct() -> None:
    codes = [code for code, _ in WORDING.values()]
    assert len(codes) == len(set(codes))
    error = DomainError("no_longer_in_force", name="x", on=DAY, closed_on=dt.date(2026, 1, 1))
    assert refusal_of(error).message == (
        "La règle n'est plus en vigueur le 23 novembre 2026 : elle a pris fin le 1er janvier 2026."
    )
