"""Codes guessed for a day: how many tries are examined, and the chance that one was right (norms D04, D08, D10)."""

import math

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.urls import reverse

from security.models import AccessEvent, User
from security.services import CODE_ALPHABET, CODE_LENGTH
from tests.attacks import scaled
from tests.attacks.attackers import LOGIN, addresses, guess, over_a_day, visitor
from tests.factories.accounts import PASSWORD, AuthenticatorFactory, UserFactory

pytestmark = pytest.mark.django_db
CODE, FACTOR = reverse("security:sign_in_code"), reverse("security:sign_in_factor")
START = reverse("security:activation_start")
A_DAY = 25
ONE_IN = 10_000  # the chance of a day of guesses stays under it


def a_day_of_codes(user, clock, page: str, code: str) -> int:
    """By somebody who has the password: how many codes were examined."""
    User.objects.update(reinforced=True)
    steps = scaled(576, 40)
    for address in (f"203.0.113.{n % 250 + 1}" for n in range(steps)):
        client = visitor(address)
        client.post(LOGIN, {"login": user.username, "password": PASSWORD})
        for _ in range(3):
            if client.post(page, {"code": code}).status_code != 400:
                break
        clock.shift(over_a_day(steps))
    return AccessEvent.objects.filter(kind="compte.seconde-etape-refusee").count()


@pytest.mark.req("D04", "D08")
def test_a_day_of_codes_of_the_mail(user, clock, figures, monkeypatch):
    monkeypatch.setattr("security.mail_codes.secrets.randbelow", lambda limit: 1)
    examined = a_day_of_codes(user, clock, CODE, "000000")
    chance = examined / 10**6
    figures(examined=examined, chance=chance)
    assert 3 <= examined <= A_DAY
    assert chance < 1 / ONE_IN


@pytest.mark.req("D04", "D08")
@pytest.mark.parametrize(("code", "rightly"), [("000000", 3 / 10**6), ("00000000", 10 / 10**8)])
def test_a_day_of_codes_of_the_application_and_of_the_printed_list(user, clock, code, rightly, figures, monkeypatch):
    """Three codes of the application are right at a time, ten of the list."""
    AuthenticatorFactory(user=user)
    RecoveryCodes.activate(user)
    monkeypatch.setattr("security.factors.constant_time_compare", lambda *pair: False)
    examined = a_day_of_codes(user, clock, FACTOR, code)
    figures(length=len(code), examined=examined, chance=examined * rightly)
    assert 3 <= examined <= A_DAY
    assert examined * rightly < 1 / ONE_IN


@pytest.mark.req("D02", "D10")
def test_a_day_of_numens_through_both_doors(clock, figures):
    """The page of the first access and the sign-in page count together; year and academy of the NUMEN being known."""
    UserFactory(waiting=True, username="mvaldoie")
    steps = scaled(2880, 80)
    for n, address in zip(range(steps), addresses(10_000), strict=False):
        numen = f"19E99{n:05d}XYZ"
        if n % 2:
            guess(address, "mvaldoie", numen)
        else:
            visitor(address).post(START, {"login": "mvaldoie", "secret": numen})
        clock.shift(over_a_day(steps))
    kinds = ["compte.connexion-echouee", "compte.activation-refusee"]
    examined = AccessEvent.objects.filter(kind__in=kinds).count()
    chance = examined / (10**5 * 26**3)
    figures(examined=examined, chance=chance, chance_of_a_printed_code=examined / len(CODE_ALPHABET) ** CODE_LENGTH)
    assert 3 <= examined <= A_DAY
    assert chance < 1 / ONE_IN


def test_what_links_and_cookies_hold_cannot_be_guessed():
    """Bits drawn or signed: no counter is needed, a guess costs a request and finds nothing."""
    assert math.log2(len(CODE_ALPHABET) ** CODE_LENGTH) >= 60
    assert len(settings.SECRET_KEY) >= 50
    client = visitor()
    for forged in ("MQ/cxyz12-" + "0" * 32, "MQ/" + "a" * 39):
        assert client.get(f"/mot-de-passe-perdu/{forged}/").status_code == 410
