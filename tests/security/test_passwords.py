"""The rules of a password, at their edges (decisions T1 and T2, norms D01, D05-D07)."""

import pytest
from django.contrib.auth.hashers import get_hashers
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from security.domain.passwords import MAX_LENGTH, composition, context_word, is_composed
from security.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.career import AgentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.req("S21", "S26", "S33", "D01")
@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("Abcdefghij1!", True),  # 12, four classes
        ("Abcdefghi1!", False),  # 11
        ("abcdefghij1!", False),  # 12, three classes
        ("Abcdefghijklm1", True),  # 14, three classes
        ("Abcdefghijkl1", False),  # 13, three classes
        ("abcdefghijklmnop", False),  # one class
        ("ABCDEFGHIJKLM1!", True),
        ("Écolière-à-7", True),  # accented letters are letters
        ("un deux trois quatre cinq six sept", True),
        ("un deux trois quatre cinq six", False),
        ("un un un un un un un un", False),
        ("             ", False),
        ("", False),
        ("é" * 200 + "A1!", True),
    ],
)
def test_the_three_compositions_of_the_cnil(password, accepted):
    assert is_composed(password) is accepted


@given(st.text(max_size=80))
def test_any_text_has_a_composition(password):
    made = composition(password)
    assert made.length == len(password)
    assert 0 <= made.classes <= 4
    assert made.distinct <= made.words


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40), st.sampled_from(["Durand", "Reims", "12051984"]))
def test_a_word_of_the_context_is_found_wherever_it_stands(around, word):
    assert context_word(around + word, [word])


@pytest.mark.req("D07")
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Reims-Mouton-71-Bleu", "context_word"),
        ("I-Prof-Mouton-71-Bleu", "context_word"),
        ("Durand-Mouton-71-Bleu", "context_word"),
        ("dUrAnD.mouton.71.Bleu", "context_word"),
        ("Maelle-Mouton-71-Bleu", "context_word"),
        ("Lefort-Mouton-71-Bleu", "context_word"),
        ("51100-Mouton-Bleu-Gris", "context_word"),
        ("12-05-1984-Mouton-Bleu", "context_word"),
        ("Azertyuiop123!", "guessable"),
        ("Password123456!", "guessable"),
        ("Aaaaaaaaaaaa1!", "guessable"),
        ("court", "too_simple"),
        ("A1!" + "b" * MAX_LENGTH, "too_long"),
    ],
)
def test_what_others_know_and_what_everybody_tries_is_refused(password, code):
    user = AgentFactory(birth_name="Lefort").user
    with pytest.raises(ValidationError) as caught:
        validate_password(password, user)
    assert code in {error.code for error in caught.value.error_list}


@pytest.mark.req("D07", "D10")
def test_a_numen_is_never_a_password():
    numen = "19E" + "99" + "12345" + "ABC"
    for written in (numen, numen.lower(), f"{numen[:3]} {numen[3:]}-x!"):
        with pytest.raises(ValidationError) as caught:
            validate_password(written, UserFactory())
        assert "numen" in {error.code for error in caught.value.error_list}


@pytest.mark.req("D05")
def test_a_long_password_and_a_passphrase_are_welcome():
    user = UserFactory()
    validate_password("Kz7!" + "mouton bleu de la colline " * 8, user)
    validate_password("sept moutons bleus traversent lentement la colline verte", user)


@pytest.mark.req("D06")
@pytest.mark.parametrize("role", [Role.IT, Role.SUPERADMIN])
def test_administrators_need_sixteen_characters(role):
    user = UserFactory(roles=[role], first_name="Ines", last_name="Vasseur")
    with pytest.raises(ValidationError, match="administration"):
        validate_password("Mouton-Bleu7x", user)
    validate_password("Mouton-Bleu-7x-Gris", user)


@pytest.mark.req("D05")
@override_settings(PASSWORD_HASHERS=["security.hashers.PortalArgon2Hasher"])
def test_argon2_hashes_passwords():
    assert get_hashers()[0].algorithm == "argon2"


def test_the_settings_say_argon2_first():
    from iprof.settings import base  # noqa: PLC0415  (the settings of the tests are cheaper)

    assert base.PASSWORD_HASHERS[0].endswith("PortalArgon2Hasher")
