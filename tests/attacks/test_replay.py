"""What served once serves no more, one after the other and in parallel (norms D08, D09, D17)."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.db import connection
from django.urls import reverse

from security.models import AccessEvent, FailedTries, User
from security.services import activation_digest
from tests.attacks import scaled
from tests.attacks.attackers import LOGIN, is_in, visitor
from tests.attacks.soft_key import SoftKey
from tests.factories.accounts import PASSWORD, TOTP_SECRET, AuthenticatorFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("D08", "D09", "D17")]
CODE, FACTOR, TRUST = (reverse(f"security:sign_in_{name}") for name in ("code", "factor", "trust"))
LOST, START = reverse("security:password_lost"), reverse("security:activation_start")
OUTSIDE = "203.0.113.9"
FRESH = {"password1": "Quatre-Ponts-Verts-83", "password2": "Quatre-Ponts-Verts-83"}
SECRET = "19E" + "99" + "00042" + "XYZ"  # fictional, put together here


def at_once(act: Callable[[int], bool]) -> int:
    """How many of the requests sent at the same moment pass."""
    count = scaled(8, 4)
    start = Barrier(count)

    def one(n: int) -> bool:
        try:
            start.wait(10)
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(one, range(count)))


def copies_of(client) -> list:
    """The same browser in several windows: one session, one challenge."""
    twins = [visitor(OUTSIDE) for _ in range(8)]
    for twin in twins:
        twin.cookies.update(client.cookies)
    return twins


def asks_for_link(user) -> tuple:
    client = visitor()
    client.post(LOST, {"login": user.username})
    path = re.search(r"/mot-de-passe-perdu/\S+", mail.outbox[-1].body).group()
    return client, path, client.get(path).headers["Location"]


@pytest.mark.parametrize("data", [FRESH, {"etape": "debloquer"}], ids=["new password", "unlock"])
def test_a_link_used_by_several_at_once_serves_one(user, data, figures):
    client, path, page = asks_for_link(user)
    twins = copies_of(client)
    passed = at_once(lambda n: twins[n].post(page, data).status_code == 302)
    figures(sent=scaled(8, 4), passed=passed)
    assert passed == 1
    assert visitor().get(path).status_code == 410
    kind = "compte.mot-de-passe" if data is FRESH else "compte.deblocage"
    assert AccessEvent.objects.filter(kind=kind).count() == 1


def second_step(user) -> object:
    User.objects.update(reinforced=True)
    client = visitor(OUTSIDE)
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    return client


def test_a_code_of_the_mail_used_by_several_at_once_serves_one(user, figures):
    client = second_step(user)
    code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]
    twins = copies_of(client)
    passed = at_once(lambda n: twins[n].post(CODE, {"code": code}).headers.get("Location") == TRUST)
    figures(sent=scaled(8, 4), passed=passed)
    assert passed == 1
    assert AccessEvent.objects.filter(kind="compte.seconde-etape").count() == 1
    assert client.post(CODE, {"code": code}).headers["Location"] == LOGIN
    FailedTries.objects.all().delete()
    last = second_step(user)
    assert last.post(CODE, {"code": code}).status_code == 400


def code_now() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, list(yield_hotp_counters_from_time())[0]))


def test_a_code_of_the_application_serves_once_over_all_sign_ins(user, clock, figures):
    AuthenticatorFactory(user=user)
    clients = [second_step(user) for _ in range(scaled(8, 4))]
    passed = at_once(lambda n: clients[n].post(FACTOR, {"code": code_now()}).headers.get("Location") == TRUST)
    figures(sent=len(clients), passed=passed)
    assert passed == 1


def test_a_recovery_code_serves_once_over_all_sign_ins(user, figures):
    AuthenticatorFactory(user=user)
    code = RecoveryCodes.activate(user).generate_codes()[0]
    clients = [second_step(user) for _ in range(scaled(8, 4))]
    passed = at_once(lambda n: clients[n].post(FACTOR, {"code": code}).headers.get("Location") == TRUST)
    figures(sent=len(clients), passed=passed)
    assert passed == 1
    assert Authenticator.objects.filter(user=user).count() == 2


def test_the_last_page_of_a_sign_in_opens_one_session(user):
    client = second_step(user)
    client.post(CODE, {"code": re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]})
    twins = copies_of(client)
    assert at_once(lambda n: twins[n].post(TRUST).headers["Location"] == "/") == 1
    assert sum(is_in(twin) for twin in twins[: scaled(8, 4)]) == 1


def test_a_numen_used_by_several_at_once_opens_one_account(figures):
    user = UserFactory(waiting=True, username="mvaldoie", activation_digest=activation_digest(SECRET))
    clients = [visitor() for _ in range(scaled(8, 4))]
    for client in clients:
        client.post(START, {"login": "mvaldoie", "secret": SECRET})
    page = reverse("security:activation_password")
    at_once(lambda n: clients[n].post(page, FRESH).status_code == 302)
    passed = sum(is_in(client) for client in clients)
    figures(sent=len(clients), passed=passed)
    assert passed == 1
    assert AccessEvent.objects.filter(kind="compte.activation", subject=user).count() == 1


def test_a_confirmation_link_confirms_once(user):
    client = visitor()
    client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("security:recovery"), {"email": "maud@boite.example"})
    path = re.search(r"/compte/adresse-de-secours/\S+", mail.outbox[-1].body).group()
    at_once(lambda n: visitor().post(path).status_code == 200)
    assert AccessEvent.objects.filter(kind="compte.adresse-secours").count() == 1
    assert visitor().post(path).status_code == 404
    client.post(reverse("security:recovery_remove"))
    assert visitor().post(path).status_code == 404, "removed since: the old link brings nothing back"


@pytest.fixture
def key(user) -> SoftKey:
    held = SoftKey()
    data = {"name": "Clé", "passwordless": False, "credential": held.registration()}
    AuthenticatorFactory(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    return held


def answer_to(client, key: SoftKey) -> dict[str, str]:
    options = client.get(FACTOR).context["options"]
    return {"credential": json.dumps(key.assertion(options["publicKey"]["challenge"]))}


def test_an_assertion_serves_one_sign_in_once(user, key, figures):
    client = second_step(user)
    answer = answer_to(client, key)
    twins = copies_of(client)
    passed = at_once(lambda n: twins[n].post(FACTOR, answer).headers.get("Location") == TRUST)
    figures(sent=scaled(8, 4), passed=passed)
    assert passed == 1
    FailedTries.objects.all().delete()
    later = second_step(user)
    assert later.post(FACTOR, answer).status_code == 400, "before its own challenge"
    later.get(FACTOR)
    assert later.post(FACTOR, answer).status_code == 400, "after its own challenge"


def test_the_key_of_somebody_else_opens_nothing(user, key):
    UserFactory(username="autre", reinforced=True)
    AuthenticatorFactory(user=User.objects.get(username="autre"), type=Authenticator.Type.WEBAUTHN, data={
        "name": "Autre", "passwordless": False, "credential": SoftKey().registration()})  # fmt: skip
    client = visitor(OUTSIDE)
    client.post(LOGIN, {"login": "autre", "password": PASSWORD})
    assert client.post(FACTOR, answer_to(client, key)).status_code == 400
    assert not is_in(client)
