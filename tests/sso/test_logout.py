"""A session ended at the provider ends here, when the provider itself says so (S62, D40, D42)."""

import base64
import time

import pytest
from django.contrib.sessions.models import Session

from security.enums import AccessKind
from security.models import AccessEvent, FederatedLink, OpenSession, SpentToken
from security.sso.tokens import LOGOUT_EVENT
from security.tasks import forget_old_tries
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD
from tests.sso.liar import OTHER_KEY, unsigned
from tests.sso.steps import ask, come, is_in

pytestmark = pytest.mark.django_db
END = "/acces/ent/fin/"


def end(token: str, address: str = END):
    return PortalClient(enforce_csrf_checks=True).post(address, {"logout_token": token})


@pytest.fixture
def inside(client, known, liar) -> PortalClient:
    come(client, liar, sid="s1")
    assert is_in(client)
    return client


@pytest.mark.req("S62", "D40")
def test_the_session_named_ends_and_no_other(inside, known, liar):
    elsewhere, by_password = PortalClient(), PortalClient()
    come(elsewhere, liar, sid="s2")
    by_password.post("/connexion/", {"login": known.user.username, "password": PASSWORD})
    assert end(liar.sign(liar.logout_claims(sid="s1"))).status_code == 200
    assert [is_in(one) for one in (inside, elsewhere, by_password)] == [False, True, True]
    assert inside.get("/compte/").headers["Location"].startswith("/connexion/")
    assert (
        OpenSession.objects.count()
        == Session.objects.filter(session_key__in=OpenSession.objects.values("session_key")).count()
        == 2
    )
    event = AccessEvent.objects.get(kind=AccessKind.SESSION_ENDED)
    assert (event.subject, event.actor, event.detail["provider"]) == (known.user, None, "ent")


@pytest.mark.req("S62", "D40")
def test_without_a_session_every_one_of_the_person_ends(inside, known, liar):
    elsewhere = PortalClient()
    come(elsewhere, liar, sid="s2")
    assert end(liar.sign(liar.logout_claims())).status_code == 200
    assert [is_in(inside), is_in(elsewhere)] == [False, False]


@pytest.mark.req("D42")
def test_a_token_is_heard_once(inside, known, liar):
    token = liar.sign(liar.logout_claims(jti="j", sid="s1"))
    assert end(token).status_code == 200
    come(inside, liar, sid="s1")
    again = end(token)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_request"})
    assert is_in(inside)
    assert SpentToken.objects.count() == 1
    SpentToken.objects.update(expires_at="2020-01-01T00:00Z")
    forget_old_tries()
    assert SpentToken.objects.count() == 0


WRONG = [
    {"aud": "autre"},
    {"iss": "https://ailleurs.example"},
    {"nonce": "n"},
    {"events": None},
    {"events": {}},
    {"events": [LOGOUT_EVENT]},
    {"jti": None},
    {"jti": 3},
    {"iat": None},
    {"exp": lambda now: now - 90},
    {"exp": None},
    {"sub": None},
]


@pytest.mark.req("D42")
@pytest.mark.parametrize("changes", WRONG, ids=range(len(WRONG)))
def test_a_token_that_is_not_one_ends_nothing(inside, liar, changes):
    assert end(liar.sign(liar.logout_claims(**changes))).status_code == 400
    assert is_in(inside)
    assert AccessEvent.objects.filter(kind=AccessKind.ACCESS_REFUSED).count() == 1


@pytest.mark.req("D42")
def test_a_token_nobody_signed_ends_nothing(inside, liar):
    deep = base64.urlsafe_b64encode(b"[" * 9_000).decode()
    for token in (
        "",
        "a.b.c",
        "é\x00",
        f"{deep}.e30.e30",
        "a" * 20_000,
        unsigned(liar.logout_claims()),
        liar.sign(liar.logout_claims(), OTHER_KEY),
    ):
        assert end(token).status_code == 400
    assert end(liar.sign(liar.logout_claims(sid="s1"), typ="JWT")).status_code == 400
    asked = ask(PortalClient())
    assert end(liar.sign(liar.claims(asked["nonce"]))).status_code == 400, "a token of sign-in is none of sign-out"
    assert PortalClient().get(END).status_code == 405
    assert is_in(inside)


@pytest.mark.req("D42")
def test_a_provider_ends_its_own_sessions_only(inside, liar, other):
    assert end(other.sign(other.logout_claims(sid="s1")), "/acces/proconnect/fin/").status_code == 200
    assert end(other.sign(other.logout_claims()), "/acces/proconnect/fin/").status_code == 200
    assert is_in(inside)


def test_a_token_of_sign_out_signs_nobody_in(client, known, liar):
    asked = ask(client)
    liar.gives(
        liar.sign(liar.logout_claims(nonce=asked["nonce"], iat=lambda now: now) | {"events": {LOGOUT_EVENT: {}}})
    )
    response = client.get("/acces/ent/retour/", {"code": "c", "state": asked["state"]})
    assert response.status_code == 400
    assert not is_in(client)


@pytest.mark.req("S62")
def test_whoever_comes_from_the_ent_takes_the_place_of_who_was_there(inside, known, liar, user):
    from tests.factories.accounts import UserFactory  # noqa: PLC0415

    second = UserFactory(username="second")
    FederatedLink.objects.create(user=second, provider="ent", issuer=liar.issuer, subject="second")
    come(inside, liar, sub="second")
    assert inside.session["_auth_user_id"] == str(second.pk)
    assert OpenSession.objects.get().user == second
    come(inside, liar, sub="second", sid="s9")
    assert end(liar.sign(liar.logout_claims(sub="second", sid="s9"))).status_code == 200
    assert not is_in(inside), "the session that goes on is known under the provider's newest name"


def test_leaving_is_offered_ten_minutes(inside, liar, monkeypatch):
    inside.post("/deconnexion/")
    assert inside.get("/acces/sortie/").status_code == 200
    assert inside.get("/acces/sortie/fermer/").headers["Location"].startswith(f"{liar.issuer}/end?id_token_hint=")
    now = time.time()
    monkeypatch.setattr("security.sso.entry.time.time", lambda: now + 601)
    assert inside.get("/acces/sortie/").status_code == 302
    assert inside.get("/acces/sortie/fermer/").headers["Location"] == "/connexion/"


def test_a_provider_without_sign_out_is_left_open_and_said_so(inside, liar):
    from security.sso import discovery  # noqa: PLC0415

    discovery.forget()
    liar.answers["/.well-known/openid-configuration"] = liar.json(liar.published | {"end_session_endpoint": None})
    inside.post("/deconnexion/")
    response = inside.get("/acces/sortie/fermer/", follow=True)
    assert "ENT ne se ferme pas d&#x27;ici" in response.content.decode()
    discovery.forget()
    liar.answers["/.well-known/openid-configuration"] = (503, "text/html", b"")
    assert inside.get("/acces/sortie/fermer/").status_code == 502
