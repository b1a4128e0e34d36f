"""A provider that is down, slow or wrong: a page that says so, the own account offered, a trace (S62, D42)."""

import socket
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iprof.web.secret_paths import QuietRequestMiddleware
from security.enums import AccessKind
from security.models import AccessEvent
from security.sso import transport
from tests.client import PortalClient
from tests.sso.steps import answer, ask, come, is_in

pytestmark = pytest.mark.django_db
METADATA = "/.well-known/openid-configuration"


def told(response, status: int, sentence: str) -> None:
    assert response.status_code == status
    text = response.content.decode()
    assert sentence in text
    assert 'href="/connexion/"' in text
    assert AccessEvent.objects.get().kind == AccessKind.ACCESS_REFUSED


def test_a_server_that_is_not_there(client, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.SSO_PROVIDERS = {"ent": {"name": "ENT", "issuer": f"http://127.0.0.1:{port}"}}
    told(client.get("/acces/ent/"), 502, "ENT ne répond pas pour le moment.")


@pytest.mark.parametrize("path", [METADATA, "/token", "/keys"])
def test_a_server_that_does_not_answer(client, known, liar, monkeypatch, path):
    monkeypatch.setattr(transport, "SILENCE", 0.2)
    asked = {"state": "", "nonce": ""} if path == METADATA else ask(client)
    liar.gives(liar.sign(liar.claims(asked["nonce"])))
    liar.answers[path] = lambda _: time.sleep(0.5) or (200, "application/json", b"{}")
    response = client.get("/acces/ent/") if path == METADATA else answer(client, asked)
    told(response, 504, "ENT met trop de temps à répondre.")


def test_a_server_that_answers_for_ever(client, known, liar, monkeypatch):
    monkeypatch.setattr(transport, "WHOLE", 0.0)
    told(client.get("/acces/ent/"), 504, "trop de temps")


WRONG = [
    (METADATA, (200, "application/json", b"{"), 502),
    (METADATA, (200, "application/json", b"[]"), 502),
    (METADATA, (200, "application/json", b"\xff\xfe\x00"), 502),
    (METADATA, (200, "application/json", b"[" * 200_000), 502),
    (METADATA, (200, "text/html", b"<html>entretien</html>"), 502),
    (METADATA, (200, "application/json", b" " * 300_000), 502),
    (METADATA, (302, "text/html", b"http://169.254.169.254/"), 502),
    (METADATA, (503, "text/html", b""), 502),
    (METADATA, (200, "application/json", b'{"issuer": "https://ailleurs.example"}'), 400),
    ("/token", (400, "application/json", b'{"error": "invalid_grant"}'), 400),
    ("/token", (200, "application/json", b"{}"), 502),
    ("/token", (200, "application/json", b"null"), 502),
    ("/token", (500, "text/html", b""), 502),
    ("/keys", (200, "application/json", b'{"keys": null}'), 400),
    ("/keys", (200, "application/json", b'{"keys": [{"kty": "RSA", "kid": "k1"}, {"kty": "oct", "k": "YQ"}, 3]}'), 400),
    ("/keys", (404, "text/html", b""), 502),
]


@pytest.mark.req("D42")
@pytest.mark.parametrize(("path", "wrong", "status"), WRONG, ids=range(len(WRONG)))
def test_a_server_that_answers_nonsense(client, known, liar, path, wrong, status):
    if path == METADATA:
        liar.answers[path] = wrong
        response = client.get("/acces/ent/")
    else:
        asked = ask(client)
        liar.gives(liar.sign(liar.claims(asked["nonce"])))
        liar.answers[path] = wrong
        response = answer(client, asked)
    told(response, status, "prévenez")
    assert not is_in(client)


@pytest.mark.req("D42")
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"])
@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "//ailleurs.example/", 3])
def test_only_web_addresses_are_followed(client, liar, name, address):
    liar.answers[METADATA] = liar.json(liar.published | {name: address})
    told(client.get("/acces/ent/"), 502, "ENT")


def test_a_secure_provider_leads_to_no_plain_address(client, settings):
    from security.domain.sso import SignOnProblem  # noqa: PLC0415
    from security.sso.providers import Provider  # noqa: PLC0415

    secure = Provider("ent", "oidc", "ENT", "https://ent.example")
    with pytest.raises(SignOnProblem, match="address"):
        transport.ask(secure, "http://ent.example/token")


def test_new_keys_are_fetched_when_the_one_named_is_not_known(client, known, liar, monkeypatch):
    liar.answers["/keys"] = liar.json({"keys": []})
    assert come(client, liar).status_code == 400
    liar.reset()
    assert come(client, liar).status_code == 400, (
        "not asked again within a minute: a forger cannot make the portal hammer"
    )
    assert "/keys" not in [path for path, _ in liar.asked]
    later = time.monotonic() + 61
    monkeypatch.setattr("security.sso.discovery.time.monotonic", lambda: later)
    assert come(client, liar).headers["Location"] == "/"


@pytest.mark.req("D42")
@pytest.mark.parametrize(
    ("sent", "reached"),
    [
        ({"next": "/ma-carriere/"}, "/ma-carriere/"),
        ({"target_link_uri": "http://testserver/ma-carriere/"}, "http://testserver/ma-carriere/"),
        ({"next": "https://ailleurs.example/"}, "/"),
        ({"next": "//ailleurs.example"}, "/"),
        ({"next": "/\\ailleurs.example"}, "/"),
        ({"next": "javascript:alert(1)"}, "/"),
        ({"next": "https:ailleurs.example"}, "/"),
        ({"next": "http://testserver@ailleurs.example/"}, "/"),
        ({"next": "\x00/ailleurs"}, "/"),
        ({"next": " //ailleurs.example"}, "/"),
        ({"target_link_uri": "http://testserver.ailleurs.example/"}, "/"),
    ],
)
def test_a_sign_in_ends_inside_the_portal(client, known, liar, sent, reached):
    asked = ask(client, **sent)
    liar.gives(liar.sign(liar.claims(asked["nonce"])))
    assert answer(client, asked).headers["Location"] == reached


@pytest.mark.req("S62", "D42")
def test_the_ent_may_begin_the_sign_in_under_its_own_name_only(client, known, liar):
    assert ask(client, iss=liar.issuer, login_hint="maud")["login_hint"] == "maud"
    assert client.get("/acces/ent/", {"iss": "https://ailleurs.example"}).status_code == 400
    assert "scope=openid+profile&" in client.get("/acces/ent/", {"scope": "tout", "prompt": "none"}).headers["Location"]


@pytest.mark.req("D42")
@pytest.mark.parametrize(
    ("site", "user", "opens"),
    [
        ("cross-site", "?1", True),
        ("none", "?1", True),
        ("same-origin", "?1", True),
        ("same-origin", "", True),
        ("cross-site", "", False),
        ("same-site", "", False),
    ],
)
def test_a_page_of_elsewhere_opens_no_session_without_a_click(client, liar, site, user, opens):
    headers = {"Sec-Fetch-Site": site} | ({"Sec-Fetch-User": user} if user else {})
    response = client.get("/acces/ent/?next=/compte/", headers=headers)
    assert response.status_code == (302 if opens else 200)
    if not opens:
        assert "sso_started" not in client.session
        assert 'href="/acces/ent/?next=/compte/"' in response.content.decode()


def test_no_provider_no_door(client):
    assert client.get("/acces/ent/").status_code == 404
    assert client.get("/acces/ent/retour/?state=a&code=b").status_code == 404
    assert client.post("/acces/ent/fin/").status_code == 404
    assert "Se connecter avec" not in client.get("/connexion/").content.decode()


@pytest.mark.req("E30")
def test_the_sign_in_page_offers_the_providers_first_then_the_own_account(client, liar):
    text = client.get("/connexion/?next=/ma-carriere/").content.decode()
    order = [
        "Se connecter avec ENT",
        "Se connecter avec ProConnect",
        ">ou<",
        "Identifiant",
        "Mot de passe perdu",
        "Vérifiez",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "/acces/ent/?next=/ma-carriere/" in text


ODD = st.dictionaries(
    st.sampled_from(["state", "code", "iss", "error", "next", "target_link_uri", "login_hint", "ticket"]),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=80)
    | st.sampled_from(["a" * 5000, "\x00", "\r\nSet-Cookie: a=b"]),
)


@settings(max_examples=8)
@given(sent=ODD, back=st.booleans())
def test_no_parameter_breaks_the_door(liar, sent, back):
    client = PortalClient()
    response = client.get("/acces/ent/retour/" if back else "/acces/ent/", sent)
    assert response.status_code in ({400, 502} if back else {302, 400})
    assert not is_in(client)


@pytest.mark.req("D19", "D20")
def test_the_logs_hold_no_code(rf):
    asked = rf.get("/acces/ent/retour/?code=secret&state=secret")
    assert QuietRequestMiddleware.format_request(asked) == "GET /acces/ent/retour/"
