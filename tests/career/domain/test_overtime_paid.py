"""What validated overtime is paid, the prime and the indemnités at part time, the children that count."""

import datetime as dt
from decimal import Decimal

import pytest

from career.domain.attractiveness import attractiveness_node
from career.domain.family_supplement import load_supplement
from career.domain.indemnities import load_indemnities
from career.domain.overtime_paid import overtime_paid_node
from career.domain.pay_overseas import load_places, overseas_gain_node
from career.domain.refusals import refusal_of
from iprof.kernel.errors import DomainError
from tests.career.domain.test_pay_supplements import DAY, check, said, step

pytestmark = pytest.mark.req("S49")


@pytest.mark.parametrize(
    ("hsa", "hse", "amount", "sentence", "children"),
    [
        ("1", "0", "1462.75", "Première HSA 1 462,75 € = 1 462,75 €.", 1),
        ("2", "0", "2681.71", "Première HSA 1 462,75 € + 1 HSA × 1 218,96 € = 2 681,71 €.", 2),
        ("2.5", "4", "3460.47", "Première HSA 1 462,75 € + 1,5 HSA × 1 218,96 € + 4 HSE × 42,32 € = 3 460,47 €.", 2),
        ("0", "9", "380.88", "9 HSE × 42,32 € = 380,88 €.", 1),
        ("0", "0", "0.00", "Aucune heure supplémentaire n'a été validée.", 0),
    ],
)
def test_the_first_hour_is_increased(hsa: str, hse: str, amount: str, sentence: str, children: int) -> None:
    node = overtime_paid_node("certifies", "classe_normale", DAY, hsa=Decimal(hsa), hse=Decimal(hse))
    check(node)
    assert (node.value, said(node), len(node.children)) == (Decimal(amount), sentence, children)


def test_less_than_one_hour_is_refused() -> None:
    with pytest.raises(DomainError) as caught:
        overtime_paid_node("certifies", "classe_normale", DAY, hsa=Decimal("0.50"), hse=Decimal(0))
    assert "incomplète (0,5 HSA)" in refusal_of(caught.value).message


def test_the_prime_follows_the_quotite() -> None:
    node = attractiveness_node(step(), DAY, Decimal(80))
    check(node)
    assert said(node).endswith("À temps partiel : 1 500,00 € × 6/7 = 1 285,71 € par an.")
    assert attractiveness_node(step(grade="hors_classe"), DAY, Decimal(85)).value == 0
    with pytest.raises(DomainError):
        attractiveness_node(step(), DAY, Decimal(85))


@pytest.mark.req("S10")
def test_the_gain_overseas_is_the_difference() -> None:
    node = overseas_gain_node(step(echelon=6), load_places()["reunion"], DAY)
    check(node)
    assert (node.value, node.label) == (Decimal("1312.12"), "Écart mensuel, La Réunion")
    assert said(node) == "3 758,74 € − 2 446,62 € = 1 312,12 € par mois, au même échelon."


@pytest.mark.parametrize(("on", "count"), [("2026-01-08", 0), ("2026-01-09", 1), ("2046-01-08", 1), ("2046-01-09", 0)])
def test_a_child_counts_from_birth_to_twenty(on: str, count: int) -> None:
    rule = load_supplement().at(DAY).value
    assert rule.dependents([dt.date(2026, 1, 9)], dt.date.fromisoformat(on)) == count


def test_the_corps_of_an_indemnity_are_told() -> None:
    told = {code: rule.corps for code, rule in load_indemnities().items() if rule.corps}
    assert told == {
        "isoe_part_fixe": {"certifies", "agreges", "plp", "peps"},
        "isae": {"pe", "instituteurs"},
    }
