"""The check letter of an UAI."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain import uai
from iprof.kernel.errors import DomainError

DIGITS = st.from_regex(r"\A[0-9]{7}\Z")


@given(DIGITS)
def test_one_letter_only_is_right(digits: str) -> None:
    right = uai.check_letter(digits)
    assert [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if uai.is_valid(digits + letter)] == [right]
    assert uai.normalise(f" {digits} {right.lower()}\n") == digits + right


@given(DIGITS, st.integers(0, 6), st.integers(1, 9))
def test_a_wrong_digit_is_seen(digits: str, position: int, shift: int) -> None:
    wrong = digits[:position] + str((int(digits[position]) + shift) % 10) + digits[position + 1 :]
    assert uai.check_letter(wrong) != uai.check_letter(digits)


@pytest.mark.parametrize("code", ["", "051000E", "05100066E", "0510006", "O510006E", "٠510006E"])
def test_the_shape_is_refused(code: str) -> None:
    with pytest.raises(DomainError, match="uai_shape"):
        uai.normalise(code)


def test_the_wrong_letter_names_the_right_one() -> None:
    with pytest.raises(DomainError) as caught:
        uai.normalise("0510006D")
    assert (caught.value.code, caught.value.params) == ("uai_letter", {"uai": "0510006D", "expected": "E"})


@pytest.mark.parametrize(
    ("prefix", "departement"),
    [
        ("008", "08"),
        ("051", "51"),
        ("620", "2A"),
        ("720", "2B"),
        ("974", "974"),
        ("983", "983"),
        ("000", ""),
        ("123", ""),
    ],
)
def test_departement_of_creation(prefix: str, departement: str) -> None:
    assert uai.creation_departement(prefix + "0001X") == departement
