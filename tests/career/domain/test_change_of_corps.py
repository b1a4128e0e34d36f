"""Change of corps and prior services: what the case files do not show (explanations, properties, the law itself)."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from career.domain import change_of_corps as rules
from career.domain.change_of_corps import (
    change_of_corps,
    change_of_corps_node,
    duration_text,
    entry_months,
    place_by_seniority,
)
from career.domain.change_of_corps_law import Share, load_change_law
from career.domain.grids import load_grids
from career.domain.prior_services import Service, find_status, prior_services, prior_services_node, quotite_share
from career.domain.refusals import refusal_of
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure
from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import Duration360

GRIDS, LAW = load_grids(), load_change_law()
DAY = dt.date(2026, 9, 1)
CORPS = sorted(set(GRIDS.corps) & set(LAW.coefficients.at(DAY).value))
CERTIFIES = sorted(code for code, corps in GRIDS.corps.items() if corps.grid == "certifies_et_assimiles")


def at(corps: str, echelon: int, since: dt.date, **more: object) -> CareerStepFact:
    return CareerStepFact(corps, "classe_normale", echelon, since, **more)  # type: ignore[arg-type]


def explained(node: Node) -> Node:
    """Every part has a source, a sentence and a version, and survives its JSON form."""
    for part in node.walk():
        assert part.sources
        assert part.sentence.endswith(".")
        assert dt.date.fromisoformat(part.version)
    assert Node.from_json(json.loads(json.dumps(node.to_json()))) == node
    return node


# The law ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("S38")
@pytest.mark.parametrize("corps", CORPS)
def test_the_theoretical_seniority_is_the_published_table(corps: str) -> None:
    published = {1: 0, 2: 12, 3: 24, 4: 48, 5: 72, 6: 102, 7: 138, 8: 174, 9: 216, 10: 264, 11: 312}
    assert {echelon: entry_months(corps, echelon, DAY) for echelon in published} == published


def test_every_coefficient_is_of_a_corps_known_or_gone() -> None:
    codes = {code.removesuffix("_biadmissibles") for code in LAW.coefficients.at(DAY).value}
    assert codes - set(GRIDS.corps) == {"adjoints_enseignement", "pegc"}
    assert CORPS == ["agreges", "certifies", "cpe", "peps", "plp", "psyen"]
    assert all(LAW.entry_grade in GRIDS.corps[code].grades for code in CORPS)


def test_fractions_of_services_are_the_ratios_of_coefficients() -> None:
    """Written in the file as published, with the same figures as the coefficients of article 9."""
    points = LAW.coefficients.at(DAY).value
    for status, own in (("contractuel_enseignant", points["certifies"]), ("aed_aesh", 100)):
        rule = LAW.statuses[status].rules.at(DAY).value
        assert rule.fractions == {
            "certifies_et_assimiles": Share(own, points["certifies"]),
            "agreges": Share(own, points["agreges"]),
        }


def test_the_annexe_is_read_but_its_confidence_is_low() -> None:
    rows = LAW.annexe_classe_exceptionnelle.at(DAY)
    assert rows.value.months == {1: 0, 2: 66, 3: 108, 4: 156, 5: 204}
    assert (rows.value.beyond_months, rows.source.confidence) == (66, "low")
    assert LAW.annexe_hors_classe.at(DAY).value.months == {}
    with pytest.raises(NotInForce):
        LAW.annexe_classe_exceptionnelle.at(dt.date(2022, 8, 31))


@pytest.mark.parametrize(
    ("days", "nearest"),
    [
        (Fraction(9925 * 135, 175), 7656),
        (Fraction(12085 * 135, 175), 9323),
        (Fraction(360 * 100, 135), 267),
        (Fraction(13320 * 135, 175), 10275),
        (Fraction(27, 2), 14),
        (Fraction(2699999, 200000), 13),
        (Fraction(0), 0),
    ],
)
def test_nearest_day(days: Fraction, nearest: int) -> None:
    assert LAW.nearest(days) == nearest


# Change of corps -------------------------------------------------------------------------------------------------


@pytest.mark.req("S38")
def test_a_change_explains_itself() -> None:
    former = at("certifies", 11, dt.date(2018, 2, 6), origin="Arrêté fictif n° 12", recorded_on=DAY)
    node = explained(change_of_corps_node(change_of_corps(former, "agreges", dt.date(2019, 9, 1))))
    assert node.value == "Professeur agrégé, classe normale, 9e échelon"
    assert node.sentence.endswith("9e échelon, reliquat : 3 ans, 3 mois et 6 jours.")
    theoretical, retained, reached, index = node.children
    assert (theoretical.value, retained.value, reached.value, index.value) == (9925, 7656, 9, None)
    assert "1 an, 6 mois et 25 jours" in theoretical.sentence
    assert retained.sentence.startswith("9925 jours × 135 ÷ 175")
    assert retained.sources[1].confidence == "medium"
    assert "commencent plus tard" in index.sentence
    assert (node.inputs[0].origin, node.inputs[0].as_of) == ("Arrêté fictif n° 12", DAY)


@pytest.mark.parametrize(
    ("corps", "target", "held", "said"),
    [("agreges", "plp", 623, "conservé à titre personnel"), ("plp", "agreges", 547, "au moins autant que l'ancien")],
)
def test_the_index_held_is_told(corps: str, target: str, held: int, said: str) -> None:
    echelon = 6 if corps == "agreges" else 5
    change = change_of_corps(at(corps, echelon, dt.date(2025, 9, 1)), target, DAY)
    assert change.held_index == held
    assert said in explained(change_of_corps_node(change)).children[3].sentence


def test_biadmissible_is_told() -> None:
    former = at("certifies", 9, dt.date(2025, 9, 1))
    node = explained(change_of_corps_node(change_of_corps(former, "agreges", DAY, biadmissible=True)))
    assert node.children[1].inputs[0].value == 145


def test_chaires_superieures_are_entered_by_the_index() -> None:
    former = CareerStepFact("agreges", "hors_classe", 4, dt.date(2024, 9, 1), 2)
    change = change_of_corps(former, "chaires_superieures", DAY)
    assert (change.step.echelon, change.step.chevron, change.held_index, change.left) == (6, 2, 930, None)
    node = explained(change_of_corps_node(change))
    assert node.rule == "career.change_of_corps.by_index"
    assert "n'est pas publiée" in node.sentence


def test_origins_of_the_annexe_are_refused_with_the_missing_text() -> None:
    for grade, said in (("hors_classe", "absente des textes consultés"), ("classe_exceptionnelle", "se contredisent")):
        with pytest.raises(UnknownFigure) as caught:
            change_of_corps(CareerStepFact("certifies", grade, 3, dt.date(2025, 9, 1)), "agreges", DAY)
        assert said in refusal_of(caught.value).message
        assert "annexe I du décret n° 51-1423" in refusal_of(caught.value).message


def test_a_duration_not_published_is_not_taken_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    grade = GRIDS.corps["agreges"].grades["classe_normale"]
    known = dict(grade.structure.at(DAY).value)
    known[3] = replace(known[3], months=None, months_known=False)
    structure = DatedValues("essai", {dt.date(2017, 9, 1): (known, LegalSource("Texte d'essai"))})
    corps = replace(GRIDS.corps["agreges"], grades={"classe_normale": replace(grade, structure=structure)})
    monkeypatch.setattr(rules, "load_grids", lambda: replace(GRIDS, corps={**GRIDS.corps, "agreges": corps}))
    assert place_by_seniority(Duration360(500), "agreges", DAY).echelon == 2
    with pytest.raises(UnknownFigure, match="duration_unpublished"):
        place_by_seniority(Duration360(900), "agreges", DAY)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "aucune ancienneté"),
        (1, "1 jour"),
        (30, "1 mois"),
        (391, "1 an, 1 mois et 1 jour"),
        (725, "2 ans et 5 jours"),
    ],
)
def test_duration_text(days: int, said: str) -> None:
    assert duration_text(Duration360(days)) == said


corps_pairs = st.tuples(st.sampled_from(CORPS), st.sampled_from(CORPS)).filter(lambda pair: pair[0] != pair[1])


def seniority(echelon: int, days: int) -> int:
    months = GRIDS.rule("certifies", "classe_normale", echelon, DAY).value.months
    return min(days, months * 30) if months is not None else days


@pytest.mark.req("S38")
@given(corps_pairs, st.integers(1, 11), st.integers(0, 5000))
def test_days_add_up_and_the_reliquat_stays_below_the_echelon(pair: tuple[str, str], echelon: int, days: int) -> None:
    origin, target = pair
    in_echelon = seniority(echelon, days)
    found = change_of_corps(at(origin, echelon, DAY, kept_days=in_echelon), target, DAY)
    assert found.theoretical is not None
    assert found.retained is not None
    assert found.left is not None
    assert found.theoretical.days == entry_months(origin, echelon, DAY) * 30 + in_echelon
    reached = found.step.echelon
    assert reached is not None
    assert entry_months(target, reached, DAY) * 30 + found.left.days == found.retained.days
    months = GRIDS.rule(target, "classe_normale", reached, DAY).value.months
    assert found.left.days >= 0
    assert months is None or found.left.days < months * 30
    years, rest, left = found.left.parts
    assert years * 360 + rest * 30 + left == found.step.kept_days
    points = LAW.coefficients.at(DAY).value
    assert abs(Fraction(found.theoretical.days * points[origin], points[target]) - found.retained.days) <= Fraction(
        1, 2
    )
    assert found.held_index == max(found.grid_index or 0, found.former_index or 0)


@pytest.mark.req("S38")
@given(corps_pairs, st.integers(0, 12000), st.integers(0, 12000), st.integers(1, 11))
def test_more_service_never_gives_a_lower_place(pair: tuple[str, str], a: int, b: int, echelon: int) -> None:
    origin, target = pair
    entered = sorted(DAY - dt.timedelta(max(seniority(echelon, days) - 3, 0)) for days in (a, b))
    more, less = (change_of_corps(at(origin, echelon, day), target, DAY) for day in entered)
    assert (less.step.echelon, less.step.kept_days) <= (more.step.echelon, more.step.kept_days)  # type: ignore[operator]


@given(st.sampled_from(CORPS), st.integers(0, 20000), st.integers(0, 20000))
def test_more_seniority_never_places_lower(corps: str, a: int, b: int) -> None:
    low, high = sorted((a, b))
    below, above = (place_by_seniority(Duration360(days), corps, DAY) for days in (low, high))
    assert (below.echelon, below.left) <= (above.echelon, above.left)


@given(st.sampled_from(CORPS), st.integers(1, 10), st.integers(0, 1439))
def test_between_equal_coefficients_the_place_is_kept(corps: str, echelon: int, days: int) -> None:
    assume(corps != "agreges")
    target = "plp" if corps != "plp" else "cpe"
    in_echelon = seniority(echelon, days)
    months = GRIDS.rule(corps, "classe_normale", echelon, DAY).value.months or 0
    found = change_of_corps(at(corps, echelon, DAY, kept_days=in_echelon), target, DAY)
    complete = in_echelon == months * 30
    assert (found.step.echelon, found.step.kept_days) == ((echelon + 1, 0) if complete else (echelon, in_echelon))


# Prior services --------------------------------------------------------------------------------------------------


@pytest.mark.req("S38")
def test_prior_services_explain_themselves() -> None:
    services = [
        Service.period(dt.date(2024, 9, 1), dt.date(2025, 8, 31)),
        Service(Duration360(45), quotite=Decimal("30")),
    ]
    found = prior_services(find_status("AED"), services, "certifies", DAY)
    node = explained(prior_services_node(found, origin="États de services fictifs"))
    assert node.value == "Professeur certifié, classe normale, 1er échelon"
    assert [child.value for child in node.children] == [Decimal("373.5"), 277, 1]
    assert node.inputs[1].value == "1 an, 1 mois et 15 jours"
    assert node.inputs[0].origin == "États de services fictifs"
    assert "Fraction reprise : 100/135." in node.children[1].sentence


@pytest.mark.parametrize(
    ("name", "category", "code"),
    [
        ("contractuels_enseignants_cpe_psyen", None, "contractuel_enseignant"),
        ("aed_aesh", None, "aed_aesh"),
        ("aesh", "C", "aed_aesh"),
        ("Fonctionnaire", "b", "fonctionnaire_b_c"),
        ("fonctionnaire", "A", "fonctionnaire_a_non_enseignant"),
        ("contractuel", "non_enseignant", "contractuel_non_enseignant"),
    ],
)
def test_statuses_are_found_by_code_or_by_family_and_category(name: str, category: str | None, code: str) -> None:
    assert find_status(name, category).code == code


@pytest.mark.parametrize(
    ("name", "category", "said"),
    [
        ("contractuel", None, "Il manque « categorie »"),
        ("apprenti", None, "« apprenti » n'a pas de règle"),
        ("contractuel", "A", "« contractuel, A » n'a pas de règle"),
    ],
)
def test_an_unknown_status_is_refused_with_what_is_known(name: str, category: str | None, said: str) -> None:
    with pytest.raises(DomainError) as caught:
        find_status(name, category)
    assert said in refusal_of(caught.value).message


@pytest.mark.parametrize("quotite", ["0", "-1", "100.01", "1e-21", "NaN", "Infinity"])
def test_an_impossible_quotite_is_refused(quotite: str) -> None:
    with pytest.raises(DomainError, match="quotite_impossible"):
        quotite_share(Decimal(quotite))


@pytest.mark.parametrize(("quotite", "share"), [("0.8", (4, 5)), ("80", (4, 5)), ("1", (1, 1)), ("100", (1, 1))])
def test_a_quotite_is_a_share_or_percents(quotite: str, share: tuple[int, int]) -> None:
    assert quotite_share(Decimal(quotite)) == Fraction(*share)


lengths = st.lists(st.integers(0, 4000), min_size=1, max_size=4)
statuses = st.sampled_from(["aed", "contractuel_enseignant", "contractuel_non_enseignant", "fonctionnaire_b"])
quotites = st.integers(1, 100).map(Decimal)


@pytest.mark.req("S38")
@given(statuses, lengths, st.integers(0, 4000), quotites, st.sampled_from([*CERTIFIES, "agreges"]))
def test_more_prior_service_never_gives_a_lower_place(
    status: str, days: list[int], more: int, quotite: Decimal, corps: str
) -> None:
    services = [Service(Duration360(count)) for count in days]
    less = prior_services(find_status(status), services, corps, DAY, quotite=quotite)
    greater = prior_services(find_status(status), [*services, Service(Duration360(more))], corps, DAY, quotite=quotite)
    assert less.retained <= greater.retained
    assert (less.placement.echelon, less.placement.left) <= (greater.placement.echelon, greater.placement.left)
    assert greater.total == less.total + Duration360(more)
    assert less.retained.days <= less.total.days
    months = GRIDS.rule(corps, "classe_normale", less.placement.echelon, DAY).value.months
    assert months is None or less.placement.left < Duration360.of(months=months)
    assert entry_months(corps, less.placement.echelon, DAY) * 30 + less.placement.left.days == less.retained.days


@given(statuses, st.integers(0, 4000), st.integers(1, 99))
def test_a_higher_quotite_never_counts_less(status: str, days: int, percent: int) -> None:
    services = [Service(Duration360(days))]
    low, high = (
        prior_services(find_status(status), services, "plp", DAY, quotite=Decimal(q)) for q in (percent, percent + 1)
    )
    assert percent == 1 or low.counted <= high.counted  # 1 is a whole, not one percent


@given(st.dates(dt.date(1990, 1, 1), dt.date(2010, 1, 1)), st.integers(0, 2000), st.integers(1, 2000))
def test_a_period_cut_in_two_counts_the_same(first: dt.date, a: int, b: int) -> None:
    middle, last = first + dt.timedelta(a), first + dt.timedelta(a + b)
    status = find_status("aesh")
    whole = prior_services(status, [Service.period(first, last)], "plp", DAY)
    cut = [Service.period(middle + dt.timedelta(1), last), Service.period(first, middle)]
    assert prior_services(status, cut, "plp", DAY).retained == whole.retained
