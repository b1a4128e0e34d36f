from decimal import Decimal

import pytest

from iprof.kernel.money import fewest_digits, format_euros, format_number, to_cents
from iprof.kernel.text import seen, sort_key, unaccent


@pytest.mark.req("S38")
@pytest.mark.parametrize(
    ("amount", "cents"), [("1.005", "1.01"), ("1.004", "1.00"), ("-1.005", "-1.01"), ("2461.385", "2461.39")]
)
def test_half_up(amount: str, cents: str) -> None:
    assert to_cents(Decimal(amount)) == Decimal(cents)


def test_french_display() -> None:
    assert format_euros(Decimal("2461.385")) == "2\u202f461,39\u202f€"
    assert format_number(1234567) == "1\u202f234\u202f567"
    assert format_number(Decimal("59.0734")) == "59,0734"


@pytest.mark.parametrize(("value", "text"), [("150.20", "150.2"), ("870", "870"), ("1E+2", "100"), ("0.50", "0.5")])
def test_fewest_digits(value: str, text: str) -> None:
    assert fewest_digits(Decimal(value)) == text


def test_names_fold() -> None:
    assert sort_key("Élodie", "Lœwe-D'Arc") == "elodie loewe d arc"
    assert unaccent("Ångström Œuvré") == "Angstrom OEuvre"
    assert sorted(["Zoé", "Éric", "emma"], key=sort_key) == ["emma", "Éric", "Zoé"]


def test_what_cannot_be_seen_of_a_text_is_left_out() -> None:
    assert seen("Océane\u202e") == "Océane"
    assert seen("\u200b \u2060") == ""
    assert seen("") == ""
    assert seen(" Le\u200bïla ") == " Le\u200bïla "
