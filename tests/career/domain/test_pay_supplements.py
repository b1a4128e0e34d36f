"""Explained supplements: overseas pay, part time, family supplement, prime, indemnités, overtime."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.attractiveness import attractiveness_change_node, attractiveness_node
from career.domain.family_supplement import family_supplement_node, load_supplement
from career.domain.grids import load_grids
from career.domain.indemnities import indemnity_node, load_indemnities
from career.domain.overtime import load_overtime, overtime_node
from career.domain.part_time import french_percent, gross_node, paid_share
from career.domain.pay import monthly_gross_node
from career.domain.pay_overseas import find_place, load_places, majorated_pay_node
from career.domain.refusals import refusal_of
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import DomainError, NotInForce
from iprof.kernel.explain import Node

pytestmark = pytest.mark.req("S38")
DAY = dt.date(2026, 9, 1)
POINT = Decimal("59.0734")
PLACES = [
    (corps.code, grade.code, echelon)
    for corps in load_grids().corps.values()
    for grade in corps.grades.values()
    for echelon in grade.echelons
]


def step(corps: str = "certifies", grade: str = "classe_normale", echelon: int = 7) -> CareerStepFact:
    return CareerStepFact(corps, grade, echelon, dt.date(2025, 9, 1))


def said(node: Node) -> str:
    return node.sentence.replace("\u202f", " ")


def check(node: Node) -> None:
    """Every part of a tree tells its source and its version, and the tree survives its archive."""
    assert Node.from_json(json.loads(json.dumps(node.to_json()))) == node
    for part in node.walk():
        assert part.sources
        assert part.sentence
        assert dt.date.fromisoformat(part.version)


def test_overseas_pay_explains_itself() -> None:
    node = majorated_pay_node(step(echelon=6), load_places()["reunion"], DAY)
    check(node)
    assert (node.value, node.version) == (Decimal("3758.74"), "2024-01-01")
    assert said(node) == (
        "2 446,62 € × 1,35 × 1,138 = 3 758,74 € par mois, soit 53,63 % de plus que le traitement brut."
    )
    gross, rate, correction = node.children
    assert (gross.value, rate.value, correction.value) == (Decimal("2446.62"), Decimal("0.35"), Decimal("1.138"))
    assert correction.sources[0].confidence == "medium"
    assert said(rate) == "35 % du traitement brut depuis le 15 mars 1957 (La Réunion)."


def test_a_place_without_correction_has_one_factor() -> None:
    node = majorated_pay_node(step(), load_places()["guadeloupe"], DAY)
    check(node)
    assert [child.rule for child in node.children] == ["career.pay.monthly_gross", "career.pay.overseas.rate"]


def test_a_place_is_found_by_code_or_name() -> None:
    names = {name: found.code for name in ("Réunion", "LA RÉUNION", "wallis_et_futuna") if (found := find_place(name))}
    assert names == {"Réunion": "reunion", "LA RÉUNION": "reunion", "wallis_et_futuna": "wallis_et_futuna"}
    assert find_place("Reims") is None
    assert find_place("") is None


@given(
    st.sampled_from(PLACES), st.sampled_from(sorted(load_places())), st.dates(dt.date(2017, 1, 1), dt.date(2030, 1, 1))
)
def test_overseas_pay_is_never_below_the_gross_pay(place: tuple[str, str, int], where: str, on: dt.date) -> None:
    fact = step(*place)
    try:
        node = majorated_pay_node(fact, load_places()[where], on)
    except DomainError as error:
        assert refusal_of(error).message.endswith(".")  # noqa: PT017  (one of two right outcomes)
        return
    gross = monthly_gross_node(fact, on).value
    assert isinstance(node.value, Decimal)
    assert isinstance(gross, Decimal)
    assert gross <= node.value <= gross * Decimal("1.54")


def test_part_time_explains_itself() -> None:
    node = gross_node(step(), DAY, Decimal("77.5"))
    check(node)
    assert said(node) == "2 579,54 € × 77,5 % = 1 999,14 € par mois, hors indemnités."
    assert [child.rule for child in node.children] == ["career.pay.monthly_gross"]


@pytest.mark.parametrize(
    ("quotite", "sentence"),
    [
        ("80", "2 579,54 € × 6/7 = 2 211,03 € par mois, hors indemnités."),
        ("90", "2 579,54 € × 32/35 = 2 358,44 € par mois, hors indemnités."),
    ],
)
def test_eighty_and_ninety_per_cent_have_their_own_fraction(quotite: str, sentence: str) -> None:
    node = gross_node(step(), DAY, Decimal(quotite))
    check(node)
    assert said(node) == sentence
    assert said(indemnity_node("isoe_part_fixe", DAY, Decimal("80.00"))) == "2 550,00 € × 6/7 = 2 185,71 € par an."


@given(st.decimals(1, "99.99", places=2))
def test_the_paid_share_is_never_below_the_quotite_and_refused_where_unsaid(quotite: Decimal) -> None:
    known = 50 <= quotite < 80 or quotite in {80, 90}
    try:
        share = paid_share(quotite, DAY).value
    except DomainError as error:
        assert not known
        assert french_percent(quotite) in refusal_of(error).message  # noqa: PT017  (one of two right outcomes)
        return
    assert known
    assert quotite / 100 <= share.numerator / share.denominator < 1


QUOTITES = st.one_of(st.decimals(50, 79, places=2), st.sampled_from([Decimal(80), Decimal(90)]))


@given(QUOTITES, QUOTITES)
def test_part_time_pay_grows_with_the_quotite(a: Decimal, b: Decimal) -> None:
    low, high = (gross_node(step(), DAY, q).value for q in sorted((a, b)))
    full = gross_node(step(), DAY).value
    assert low <= high < full  # type: ignore[operator]


@pytest.mark.parametrize(("children", "low", "high"), [(2, "77.72", "117.30"), (3, "194.04", "299.58")])
def test_the_bounds_are_those_of_the_reference(children: int, low: str, high: str) -> None:
    rule = load_supplement().at(DAY).value
    assert rule.amount(1, POINT, children) == rule.amount(454, POINT, children) == Decimal(low)
    assert rule.amount(2000, POINT, children) == rule.amount(722, POINT, children) == Decimal(high)


@pytest.mark.parametrize(
    ("day", "floor", "ceiling"), [("2023-12-31", 449, 717), ("2024-01-01", 454, 722), ("2024-01-02", 454, 722)]
)
def test_one_point_beyond_a_bound_changes_nothing_one_within_does(day: str, floor: int, ceiling: int) -> None:
    rule = load_supplement().at(dt.date.fromisoformat(day)).value
    for children in (2, 3, 4):
        amounts = [rule.amount(points, POINT, children) for points in (floor - 1, floor, floor + 1)]
        assert amounts[0] == amounts[1] < amounts[2]
        amounts = [rule.amount(points, POINT, children) for points in (ceiling - 1, ceiling, ceiling + 1)]
        assert amounts[0] < amounts[1] == amounts[2]


@given(st.integers(1, 1200), st.integers(1, 1200), st.integers(0, 30))
def test_the_supplement_grows_with_the_index_and_the_children(a: int, b: int, children: int) -> None:
    rule = load_supplement().at(DAY).value
    low, high = sorted((a, b))
    assert rule.amount(low, POINT, children) <= rule.amount(high, POINT, children)
    assert rule.amount(low, POINT, children) < rule.amount(low, POINT, children + 1)


@pytest.mark.parametrize(
    ("echelon", "children", "sentence", "index"),
    [
        (9, 0, "Le supplément familial de traitement est versé à partir d'un enfant à charge.", None),
        (9, 1, "1 enfant : 2,29 € par mois, sans part proportionnelle au traitement.", None),
        (
            9,
            2,
            "2 enfants : 10,67 € + 3 % × 595 points × 59,0734 € ÷ 12 = 98,54 € par mois.",
            "entre l'indice plancher",
        ),
        (3, 2, "2 enfants : 10,67 € + 3 % × 454 points × 59,0734 € ÷ 12 = 77,72 € par mois.", "au-dessous"),
    ],
)
def test_the_supplement_explains_itself(echelon: int, children: int, sentence: str, index: str | None) -> None:
    node = family_supplement_node(step(echelon=echelon), children, DAY)
    check(node)
    assert said(node) == sentence
    assert len(node.children) == (2 if index else 1)
    assert index is None or index in node.children[1].sentence


def test_an_index_above_the_ceiling_is_told() -> None:
    node = family_supplement_node(step("certifies", "classe_exceptionnelle", 2), 3, DAY)
    assert (node.value, node.children[1].value) == (Decimal("299.58"), 722)
    assert "au-dessus de l'indice plafond" in node.children[1].sentence


def test_the_prime_explains_itself() -> None:
    node = attractiveness_node(step(), DAY)
    check(node)
    assert said(node) == "7e échelon de la classe normale, montants du 1er septembre 2023 : 1 500,00 € par an."
    assert attractiveness_node(step(grade="hors_classe"), DAY).value == 0
    change = attractiveness_change_node(step(), step(echelon=8), DAY)
    check(change)
    assert said(change) == "400,00 € − 1 500,00 € = −1 100,00 € par an."


@pytest.mark.parametrize("corps", ["instituteurs", "chaires_superieures", "contractuels"])
def test_a_corps_without_known_prime_is_refused(corps: str) -> None:
    with pytest.raises(DomainError) as caught:
        attractiveness_node(step(corps, "grade_unique"), DAY)
    assert refusal_of(caught.value).code == "prime_non_publiee"


@given(st.integers(1, 11), st.integers(1, 11), st.integers(1, 11), st.dates(dt.date(2021, 5, 1), dt.date(2030, 1, 1)))
def test_changes_of_the_prime_add_up(a: int, b: int, c: int, on: dt.date) -> None:
    first, second, third = (step(echelon=n) for n in (a, b, c))
    whole = attractiveness_change_node(first, third, on).value
    parts = [attractiveness_change_node(*pair, on).value for pair in ((first, second), (second, third))]
    assert whole == sum(parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "day", "amount"),
    [
        ("isoe_part_fixe", "2022-07-01", "1256.03"),
        ("isoe_part_fixe", "2023-08-31", "1256.03"),
        ("isoe_part_fixe", "2023-09-01", "2550"),
        ("isoe_modulable_6e_5e_4e", "2023-09-01", "1308.72"),
        ("isoe_modulable_3e_lycee", "2023-09-01", "1497.84"),
        ("isoe_modulable_autres_lp", "2023-09-01", "951.96"),
        ("isoe_modulable_referent", "2023-09-01", "748.92"),
        ("isoe_modulable_agreges", "2023-09-01", "1609.44"),
        ("isoe_part_fonctionnelle", "2023-09-01", "1250"),
        ("rep", "2021-09-01", "1734"),
        ("rep_plus_part_fixe", "2015-09-01", "2312"),
        ("rep_plus_part_fixe", "2018-08-31", "2312"),
        ("rep_plus_part_fixe", "2018-09-01", "3479"),
        ("rep_plus_part_fixe", "2019-09-01", "4646"),
        ("rep_plus_part_fixe", "2021-08-31", "4646"),
        ("rep_plus_part_fixe", "2021-09-01", "5114"),
        ("rep_plus_part_modulable_1", "2026-09-01", "234"),
        ("rep_plus_part_modulable_2", "2026-09-01", "421"),
        ("rep_plus_part_modulable_3", "2026-09-01", "702"),
    ],
)
def test_an_indemnity_has_its_published_amount(code: str, day: str, amount: str) -> None:
    node = indemnity_node(code, dt.date.fromisoformat(day))
    check(node)
    assert node.value == Decimal(amount)


def test_an_indemnity_follows_the_quotite_only_where_the_text_says_so() -> None:
    half = indemnity_node("isoe_part_fixe", DAY, Decimal(50))
    check(half)
    assert said(half) == "2 550,00 € × 50 % = 1 275,00 € par an."
    assert indemnity_node("isoe_modulable_referent", DAY, Decimal(50)).value == Decimal("748.92")
    assert all(found.amounts or found.code == "isae" for found in load_indemnities().values())


@pytest.mark.parametrize(
    ("code", "quotite", "label"),
    [
        ("isae", 100, "ISAE (premier degré)"),
        ("isoe_part_fonctionnelle", 50, "ISOE, part fonctionnelle (par mission du pacte)"),
    ],
)
def test_an_unpublished_indemnity_is_refused(code: str, quotite: int, label: str) -> None:
    with pytest.raises(DomainError) as caught:
        indemnity_node(code, DAY, Decimal(quotite))
    assert refusal_of(caught.value).message == f"Montant non publié dans les textes consultés : {label}."


@pytest.mark.parametrize(
    ("corps", "hours", "hsa", "first", "higher", "first_higher", "hse", "hse_higher"),
    [
        ("certifies", None, "1218.96", "1462.75", "1340.85", "1609.02", "42.32", "46.56"),
        ("plp", None, "1218.96", "1462.75", "1340.85", "1609.02", "42.32", "46.56"),
        ("peps", None, "1097.06", "1316.47", "1206.77", "1448.12", "38.09", "41.90"),
        ("agreges", None, "1758.57", "2110.28", "1934.43", "2321.31", "61.06", "67.17"),
        ("agreges", 17, "1551.68", "1862.01", "1706.85", "2048.22", "53.88", "59.27"),
    ],
)
def test_overtime_has_the_rates_of_the_reference(
    corps: str, hours: int | None, hsa: str, first: str, higher: str, first_higher: str, hse: str, hse_higher: str
) -> None:
    def rate(grade: str, *, is_first: bool = False) -> Node:
        node = overtime_node(corps, grade, dt.date(2024, 1, 1), first=is_first, weekly_hours=hours)
        check(node)
        return node

    assert [rate("classe_normale").value, rate("classe_normale", is_first=True).value] == [Decimal(hsa), Decimal(first)]
    assert rate("hors_classe").value == rate("classe_exceptionnelle").value == Decimal(higher)
    assert rate("hors_classe", is_first=True).value == Decimal(first_higher)
    for is_first in (False, True):
        assert rate("classe_normale", is_first=is_first).children[0].value == Decimal(hse)
        assert rate("hors_classe", is_first=is_first).children[0].value == Decimal(hse_higher)


def test_overtime_gives_back_the_published_rates_of_2017() -> None:
    formula, point = load_overtime().at(dt.date(2017, 9, 1)).value, Decimal("56.2323")
    certifie = formula.hsa((383, 664), point, 18, higher=False, first=False)
    agrege = formula.hsa((443, 825), point, 15, higher=True, first=False)
    assert (round(certifie, 2), round(agrege, 2)) == (Decimal("1132.22"), Decimal("1809.99"))


def test_overtime_explains_itself() -> None:
    node = overtime_node("certifies", "hors_classe", DAY, first=True)
    assert said(node) == (
        "Moyenne des 1er et 11e échelons (395 et 678 points) × 59,0734 € × 9 ÷ 13 ÷ 18 heures + 10 % (hors-classe ou classe "
        "exceptionnelle) + 20 % (première heure) = 1 609,02 € par an, depuis le 1er janvier 2024. Taux calculé d'après la "
        "formule, non lu dans un barème."
    )


@pytest.mark.parametrize(
    ("corps", "grade", "hours"),
    [("pe", "classe_normale", None), ("cpe", "hors_classe", None), ("chaires_superieures", "grade_unique", 9)],
)
def test_overtime_of_another_corps_is_refused(corps: str, grade: str, hours: int | None) -> None:
    with pytest.raises(DomainError) as caught:
        overtime_node(corps, grade, DAY, weekly_hours=hours)
    assert refusal_of(caught.value).code == "heures_supplementaires_non_publiees"


def test_overtime_before_the_first_index_is_refused() -> None:
    with pytest.raises(NotInForce):
        overtime_node("certifies", "classe_normale", dt.date(2020, 12, 31))


def test_a_place_is_majorated_where_a_rate_above_zero_is_known() -> None:
    places = load_places()
    assert [places[code].is_majorated for code in ("reunion", "metropole", "polynesie_francaise")] == [
        True,
        False,
        False,
    ]
