"""Forged, stolen and mixed-up answers of a provider open nothing, and leave a trace (norms D39, D42)."""

import time

import jwt
import pytest

from security.enums import AccessKind
from security.models import AccessEvent, FederatedLink
from security.sso import states
from tests.client import PortalClient
from tests.sso.liar import CLIENT, KEY, OTHER_KEY, encode, public_jwk, unsigned, with_public_key_as_secret
from tests.sso.steps import answer, ask, come, is_in

pytestmark = pytest.mark.django_db


def refused(response, client, fault: str) -> None:
    assert response.status_code in {400, 502}
    assert not is_in(client)
    event = AccessEvent.objects.get()
    assert (event.kind, event.detail["fault"], event.detail["provider"]) == (AccessKind.ACCESS_REFUSED, fault, "ent")
    assert not FederatedLink.objects.exclude(subject="maud").exists()
    text = response.content.decode()
    assert "Utiliser mon identifiant" in text
    assert all(secret not in text for secret in ("eyJ", "nonce", "k1"))


def test_the_right_answer_opens_the_account(client, known, liar):
    assert come(client, liar).headers["Location"] == "/"
    assert is_in(client)
    path, sent = next(one for one in liar.asked if one[0] == "/token")
    assert len(sent["code_verifier"]) >= 43
    assert sent["redirect_uri"] == "http://testserver/acces/ent/retour/"


FORGED = {
    "alg none": lambda claims: unsigned(claims),
    "alg None": lambda claims: unsigned(claims, "None"),
    "no algorithm": lambda claims: ".".join([encode({"kid": "k1"}), encode(claims), "AA"]),
    "no signature": lambda claims: unsigned(claims, "RS256"),
    "public key as secret": with_public_key_as_secret,
    "another key of that name": lambda claims: jwt.encode(claims, OTHER_KEY, "RS256", {"kid": "k1"}),
    "a key not published": lambda claims: jwt.encode(claims, OTHER_KEY, "RS256", {"kid": "k2"}),
    "its own key inside": lambda claims: jwt.encode(
        claims, OTHER_KEY, "RS256", {"kid": "k2", "jwk": public_jwk(OTHER_KEY)}
    ),
    "an algorithm not accepted": lambda claims: jwt.encode(claims, KEY, "RS512", {"kid": "k1"}),
    "claims changed": lambda claims: ".".join(
        (lambda one, two: (one[0], two[1], one[2]))(
            jwt.encode(claims | {"sub": "eve"}, KEY, "RS256", {"kid": "k1"}).split("."), unsigned(claims).split(".")
        )
    ),
    "not a token": lambda claims: "a.b",
}


@pytest.mark.req("D42")
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_opens_nothing(client, known, liar, name):
    asked = ask(client)
    liar.gives(FORGED[name](liar.claims(asked["nonce"])))
    refused(answer(client, asked), client, "preuve")


@pytest.mark.req("D39", "D42")
@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"iss": "https://ailleurs.example"}, "preuve"),
        ({"iss": None}, "preuve"),
        ({"aud": "un-autre-service"}, "preuve"),
        ({"aud": None}, "preuve"),
        ({"aud": [CLIENT, "un-autre-service"]}, "preuve"),
        ({"aud": [CLIENT, "un-autre-service"], "azp": "un-autre-service"}, "preuve"),
        ({"azp": "un-autre-service"}, "preuve"),
        ({"nonce": None}, "preuve"),
        ({"nonce": ""}, "preuve"),
        ({"nonce": "d'une autre connexion"}, "preuve"),
        ({"exp": lambda now: now - 90}, "horloge"),
        ({"exp": None}, "preuve"),
        ({"iat": lambda now: now + 600}, "horloge"),
        ({"nbf": lambda now: now + 600}, "horloge"),
        ({"sub": None}, "preuve"),
        ({"sub": ""}, "preuve"),
        ({"sub": " maud"}, "preuve"),
        ({"sub": "maud\x00"}, "preuve"),
        ({"sub": "mаud"}, "preuve"),  # a Cyrillic letter
        ({"sub": "m" * 256}, "preuve"),
        ({"sub": 12}, "preuve"),
    ],
)
def test_a_signed_token_for_somebody_else_or_another_time_opens_nothing(client, known, liar, changes, fault):
    refused(come(client, liar, **changes), client, fault)


@pytest.mark.req("D42")
def test_clocks_may_differ_by_half_a_minute(client, known, liar):
    assert come(client, liar, exp=lambda now: now - 5, iat=lambda now: now + 20).headers["Location"] == "/"


@pytest.mark.req("D42")
def test_an_answer_without_the_sign_in_that_asked_it(client, known, liar):
    asked = ask(client)
    liar.gives(liar.sign(liar.claims(asked["nonce"])))
    stranger = PortalClient()
    ask(stranger)
    refused(answer(stranger, asked), stranger, "etat")
    assert [path for path, _ in liar.asked if path == "/token"] == [], "the code is not even sent"


@pytest.mark.req("D42")
@pytest.mark.parametrize("changes", [{"state": ""}, {"state": "x" * 43}, {"state": "é\x00"}])
def test_a_state_that_was_not_given(client, known, liar, changes):
    refused(answer(client, ask(client), **changes), client, "etat")


@pytest.mark.req("D42")
def test_a_state_is_good_ten_minutes_and_five_tabs(client, known, liar, monkeypatch):
    oldest = ask(client)
    tabs = [ask(client) for _ in range(5)]
    assert answer(client, oldest).status_code == 400
    liar.gives(liar.sign(liar.claims(tabs[0]["nonce"])))
    assert answer(client, tabs[0]).headers["Location"] == "/"
    late = PortalClient()
    asked, now = ask(late), time.time()
    monkeypatch.setattr(states.time, "time", lambda: now + 601)
    assert answer(late, asked).status_code == 400


@pytest.mark.req("D42")
def test_a_parameter_twice_is_refused(client, known, liar):
    asked = ask(client)
    response = client.get(f"/acces/ent/retour/?code=a&code=b&state={asked['state']}")
    refused(response, client, "reponse")


@pytest.mark.req("D42")
def test_two_providers_do_not_speak_for_each_other(client, known, liar, other):
    assert come(client, other, "proconnect").headers["Location"] == "/acces/relier/", "the same sub is another person"
    assert not is_in(client)
    assert come(client, other, "proconnect", iss=liar.issuer).status_code == 400
    assert not is_in(client)
    asked = ask(client, "proconnect")
    liar.gives(liar.sign(liar.claims(asked["nonce"])))
    assert answer(client, asked, "ent").status_code == 400, "a sign-in begun at one does not end at the other"
    asked = ask(client, "ent")
    liar.gives(liar.sign(liar.claims(asked["nonce"])))
    assert answer(client, asked, "ent", iss=other.issuer).status_code == 400, "RFC 9207"
    assert not is_in(client)


@pytest.mark.req("D42")
def test_a_provider_that_announces_its_name_in_answers_must_give_it(client, known, liar):
    liar.answers["/.well-known/openid-configuration"] = liar.json(
        liar.published | {"authorization_response_iss_parameter_supported": True}
    )
    refused(come(client, liar), client, "preuve")


@pytest.mark.req("D39", "D42")
def test_userinfo_of_another_person_is_refused(client, known, liar, settings):
    settings.SSO_PROVIDERS["ent"]["profile"] = "proconnect"
    liar.answers["/userinfo"] = liar.json({"sub": "eve", "email": "e@x.example", "uid": "u", "siret": "s"})
    refused(come(client, liar), client, "preuve")


@pytest.mark.req("S62")
def test_coming_from_abroad_still_waits_for_a_leave(known, liar):
    away = PortalClient(REMOTE_ADDR="8.8.8.8")
    assert come(away, liar).headers["Location"] == "/connexion/etranger/"
    assert not is_in(away)


def test_a_name_that_cannot_be_read_stops_nobody(client, known, liar):
    liar.answers["/userinfo"] = (503, "text/html", b"")
    assert come(client, liar, given_name=None, usual_name=None).headers["Location"] == "/"


@pytest.mark.req("D39")
@pytest.mark.parametrize(("key", "status"), [(KEY, 302), (OTHER_KEY, 400)])
def test_userinfo_may_be_signed_as_proconnect_does(client, known, liar, settings, key, status):
    settings.SSO_PROVIDERS["ent"]["profile"] = "proconnect"
    told = {"iss": liar.issuer, "aud": CLIENT, "sub": "maud", "email": "e@x.example", "uid": "u", "siret": "s"}
    liar.answers["/userinfo"] = (200, "application/jwt", liar.sign(told, key).encode())
    assert come(client, liar).status_code == status
    assert is_in(client) == (status == 302)


@pytest.mark.req("D39")
def test_the_level_asked_for_must_be_answered(client, known, liar, settings):
    settings.SSO_PROVIDERS["ent"]["acr"] = "eidas1 eidas2"
    assert ask(client)["acr_values"] == "eidas1 eidas2"
    refused(come(client, liar, acr="eidas0"), client, "preuve")
    assert come(client, liar, acr="eidas2").headers["Location"] == "/"


@pytest.mark.req("D42")
def test_a_session_begun_by_somebody_else_does_not_survive(client, known, liar):
    """Fixation: the key of the session changes with the sign-in, and nothing of the account before is left."""
    client.get("/acces/ent/")
    before = client.session.session_key
    come(client, liar)
    assert client.session.session_key != before
