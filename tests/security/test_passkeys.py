"""Signing in with a passkey alone: what it opens, and all that it refuses in the same words (S29, T5, D04, D08)."""

import datetime
import json

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from fido2.utils import websafe_encode

from iprof.correspondence.models import Alert
from security import abroad, throttle
from security.enums import AccessKind, AccountChange, Role
from security.models import AccessEvent, FailedTries, User
from security.views.key_sign_in import REFUSED
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.security.virtual_key import VirtualKey

pytestmark = [pytest.mark.django_db, pytest.mark.req("S29", "T5")]
DOOR, LOGIN = reverse("security:key_sign_in"), reverse("account_login")
OUTSIDE = "203.0.113.9"


@pytest.fixture
def user() -> User:
    return UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie", reinforced=True)


@pytest.fixture
def client() -> PortalClient:
    return PortalClient(REMOTE_ADDR=OUTSIDE)


@pytest.fixture
def key(user) -> VirtualKey:
    made = VirtualKey()
    made.enrol(user)
    return made


def challenge(client: PortalClient) -> str:
    asked = client.get(DOOR).json()["publicKey"]
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials"), "nobody is named: nothing tells which account holds which key"
    return asked["challenge"]


def enter(client: PortalClient, answer: str, **more: str):
    return client.post(DOOR, {"credential": answer, **more})


def is_in(client: PortalClient) -> bool:
    return "_auth_user_id" in client.session


def last_refusal() -> AccessEvent:
    return AccessEvent.objects.filter(kind=AccessKind.SIGN_IN_FAILED).latest("pk")


def refused(client: PortalClient, answer: str) -> AccessEvent:
    before = User.objects.count(), Authenticator.objects.count()
    response = enter(client, answer)
    assert response.status_code == 400
    assert REFUSED in words(response)
    assert not is_in(client)
    assert (User.objects.count(), Authenticator.objects.count()) == before
    return last_refusal()


def test_a_passkey_opens_from_outside_without_login_nor_password(client, user, key):
    before = client.session.session_key
    response = enter(client, key.sign(challenge(client)), next="/compte/profil/")
    assert response.headers["Location"] == "/compte/profil/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before
    kinds = list(AccessEvent.objects.order_by("pk").values_list("kind", "detail"))
    assert kinds == [
        (AccessKind.SECOND_STEP_PASSED, {"factor": "webauthn", "alone": True}),
        (AccessKind.SIGNED_IN, {}),
    ]
    row = Authenticator.objects.get()
    assert row.data["counter"] == key.counter
    assert row.last_used_at is not None


def test_the_page_leads_elsewhere_in_the_portal_only(client, key):
    assert enter(client, key.sign(challenge(client)), next="https://evil.example/").headers["Location"] == "/"


def test_staff_enter_by_their_passkey_and_the_administration_opens(client):
    agent = staff(Role.GESTIONNAIRE)
    key = VirtualKey()
    key.enrol(agent)
    assert enter(client, key.sign(challenge(client))).headers["Location"] == "/"
    assert client.get("/gestion/").status_code == 200


@pytest.mark.req("S88")
def test_from_abroad_a_passkey_waits_for_leave_as_a_password_does(client, key, monkeypatch):
    monkeypatch.setattr(abroad, "country_of", lambda address: "BR")
    assert enter(client, key.sign(challenge(client))).headers["Location"] == reverse("security:abroad")
    assert not is_in(client)


@pytest.mark.req("D08")
def test_an_answer_serves_once(client, key):
    answer = key.sign(challenge(client))
    assert enter(client, answer).status_code == 302
    client.post(reverse("account_logout"))
    refused(client, answer)
    refused(PortalClient(REMOTE_ADDR=OUTSIDE), answer)


@pytest.mark.req("D08")
def test_a_challenge_serves_once_even_when_the_answer_was_wrong(client, key):
    asked = challenge(client)
    refused(client, VirtualKeyOfSomebodyElse.sign(key, asked))
    refused(client, key.sign(asked))


class VirtualKeyOfSomebodyElse:
    """The handle of one person, the key of another."""

    @staticmethod
    def sign(victim: VirtualKey, asked: str) -> str:
        other = VirtualKey()
        other.handle = victim.handle
        return other.sign(asked)


@pytest.mark.req("D08")
def test_a_challenge_of_another_browser_opens_nothing(client, key):
    elsewhere = PortalClient(REMOTE_ADDR=OUTSIDE)
    challenge(client)
    refused(client, key.sign(challenge(elsewhere)))


@pytest.mark.req("D08")
def test_a_challenge_dies_after_ten_minutes(client, key, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 24, 8, tzinfo=datetime.UTC), tick=False)
    asked = challenge(client)
    time_machine.shift(601)
    refused(client, key.sign(asked))


def test_a_key_that_knows_nobody_does_not_open_alone(client, key):
    key.verifies = False
    assert refused(client, key.sign(challenge(client))).subject is not None


def test_a_challenge_asked_as_second_step_does_not_open_alone(client, user, key):
    """The second step may take a key without code: its challenge is no passkey's."""
    session = client.session
    session["mfa.webauthn.state"] = {
        "challenge": websafe_encode(b"x" * 32),
        "user_verification": "preferred",
        "at": 2**40,
    }
    session.save()
    refused(client, key.sign(websafe_encode(b"x" * 32)))


def test_a_key_of_someone_else_opens_no_account_but_its_own(client, user, key):
    other = UserFactory(username="pautre")
    theirs = VirtualKey()
    theirs.enrol(other)
    theirs.handle = str(user.pk).encode()
    line = refused(client, theirs.sign(challenge(client)))
    assert (line.subject, line.detail) == (user, {"factor": "cle-seule"})


HANDLES = [b"", b"0", b"-1", b"9" * 40, b"abc", "é".encode(), b"1\x00", b"\xff\xfe"]
UNREADABLE = ["", "{", "[]", "null", '{"response": null}', '{"response": {"userHandle": 3}}', "[" * 5000]


def test_a_handle_of_nobody_is_refused_and_journalled(client, key):
    for handle in HANDLES:
        key.handle = handle
        assert refused(client, key.sign(challenge(client))).subject is None, handle


def test_what_is_no_answer_of_a_key_is_refused(client):
    for sent in UNREADABLE:
        challenge(client)
        refused(client, sent)


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"activated_at": None, "password": "!"}], ids=["closed", "not activated"]
)
def test_a_closed_account_does_not_open(client, user, key, state):
    User.objects.filter(pk=user.pk).update(**state)
    refused(client, key.sign(challenge(client)))


def test_another_site_gets_nothing(client, key):
    refused(client, key.sign(challenge(client), origin="https://ac-reims-iprof.example"))


def test_a_removed_key_opens_nothing(client, key):
    Authenticator.objects.all().delete()
    refused(client, key.sign(challenge(client)))


@pytest.mark.req("D20")
def test_a_counter_that_goes_back_is_a_copy_refused_journalled_and_told(client, user, key):
    key.counter = 10
    enter(client, key.sign(challenge(client)))
    client.post(reverse("account_logout"))
    key.counter = 4
    refused(client, key.sign(challenge(client)))
    assert AccessEvent.objects.filter(kind=AccessKind.KEY_COPIED, subject=user).count() == 1
    assert Alert.objects.filter(user=user, kind=f"compte.{AccountChange.KEY_COPIED}").count() == 1
    key.counter = 20
    assert enter(client, key.sign(challenge(client))).status_code == 302


@pytest.mark.req("D02")
def test_a_password_attack_does_not_keep_a_passkey_out(client, user, key):
    for _ in range(12):
        throttle.note_failure(client.get(LOGIN).wsgi_request, user.username)
    assert enter(client, key.sign(challenge(client))).status_code == 302


@pytest.mark.req("D02")
def test_an_address_that_tries_without_end_waits(client, key, monkeypatch):
    monkeypatch.setitem(throttle.FREE_PER_ACT, throttle.PASSKEY, 2)
    for _ in range(3):
        challenge(client)
        refused(client, "{}")
    response = enter(client, key.sign(challenge(client)))
    assert response.status_code == 429
    assert "Attendez 5 secondes" in words(response)
    assert FailedTries.objects.count() == 1, "the account itself is not slowed"


def test_a_key_that_counts_nothing_goes_on_working(client, key):
    for _ in range(2):
        key.counter = -1  # signs 0 each time
        assert enter(client, key.sign(challenge(client))).status_code == 302
        client.post(reverse("account_logout"))


def test_a_passkey_says_it_opens_alone(user, key):
    client = PortalClient()
    client.force_login(user)
    assert "Elle ouvre sans mot de passe" in words(client.get(reverse("security:second_step")))


def test_nothing_of_the_answer_rests_anywhere(client, user, key):
    answer = json.loads(key.sign(challenge(client)))
    enter(client, json.dumps(answer))
    kept = str(dict(client.session)) + str(list(AccessEvent.objects.values()))
    assert answer["response"]["signature"] not in kept
