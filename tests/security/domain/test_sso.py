"""What is believed of an identity provider (norms D39, D42)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security.domain.sso import (
    PROCONNECT_CLAIMS,
    Fault,
    SignOnProblem,
    checked_subject,
    is_strong,
    missing_claims,
    shown_name,
)


@pytest.mark.req("D42")
@given(st.text(max_size=300) | st.none() | st.integers())
def test_a_subject_is_taken_as_it_is_or_refused(value):
    good = isinstance(value, str) and value == value.strip() and value.isascii() and value.isprintable()
    if good and 0 < len(value) <= 255:
        assert checked_subject(value) == value
    else:
        with pytest.raises(SignOnProblem) as refused:
            checked_subject(value)
        assert refused.value.fault is Fault.UNTRUSTED


@pytest.mark.req("D39")
@pytest.mark.parametrize("absent", PROCONNECT_CLAIMS)
def test_each_claim_of_proconnect_is_wanted(absent):
    claims = dict.fromkeys(PROCONNECT_CLAIMS, "x")
    assert missing_claims(claims, PROCONNECT_CLAIMS) == ()
    assert missing_claims(claims | {absent: None}, PROCONNECT_CLAIMS) == (absent,)


@pytest.mark.req("S29", "D39")
@pytest.mark.parametrize(
    ("amr", "strong"),
    [(["pwd"], False), (["mail"], False), ([], False), (None, False), ("mfa", False), ({"mfa": 1}, False),
     ([["mfa"]], False), (["MFA"], False), (["pwd", "mfa"], True), (["totp"], True), (["pop"], True)],
)  # fmt: skip
def test_only_a_second_factor_is_strong(amr, strong):
    assert is_strong({"amr": amr}) is strong


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({}, ""),
        ({"given_name": "Maud", "usual_name": "Valdoie", "family_name": "Autre"}, "Maud Valdoie"),
        ({"given_name": "Maud", "family_name": "Valdoie"}, "Maud Valdoie"),
        ({"name": "Maud  Valdoie\r\n\u202eX"}, "Maud Valdoie X"),
        ({"given_name": 3, "name": 4}, "4"),
        ({"name": "m" * 200}, "m" * 120),
    ],
)
def test_the_name_shown(claims, name):
    assert shown_name(claims) == name


def test_a_problem_tells_its_fault():
    assert str(SignOnProblem(Fault.SLOW)) == "lenteur"
    assert str(SignOnProblem(Fault.BROKEN, "json")) == "reponse: json"
