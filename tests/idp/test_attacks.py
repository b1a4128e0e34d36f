"""What a hostile service, visitor or network may try (norm D42, RFC 9700). Each test names one attempt."""

import base64
import datetime as dt
import hashlib
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode

import pytest
from allauth.idp.oidc.models import Token
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from security.enums import AccessKind
from security.idp.models import ServiceGrant
from security.models import AccessEvent
from tests.client import PortalClient
from tests.factories.accounts import UserFactory
from tests.factories.idp import RETURN, SECRET, ServiceFactory
from tests.idp.relying import MACHINE, Relying, agree, sent_back

pytestmark = [pytest.mark.django_db, pytest.mark.req("S62", "D42")]
AUTHORIZE, TOKEN, USERINFO, REVOKE = (reverse(f"idp:{name}") for name in ("authorize", "token", "userinfo", "revoke"))
VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def asked(service, **changed) -> str:
    wanted = {
        "client_id": service.pk,
        "redirect_uri": RETURN,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "é=&?#",
        "nonce": "n",
    } | changed
    return f"{AUTHORIZE}?{urlencode({name: value for name, value in wanted.items() if value is not None})}"


def code_of(browser, user, service, **changed) -> str:
    return sent_back(agree(browser, asked(service, **changed), user))["code"]


def redeem(code: str, service, *, secret: str | None = SECRET, **changed) -> tuple[int, dict]:
    data = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": RETURN,
        "code_verifier": VERIFIER,
    } | changed
    named = {} if secret is None else {"HTTP_AUTHORIZATION": basic(service.pk, secret)}
    answer = MACHINE.post(TOKEN, data, **named)
    return answer.status_code, answer.json()


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def person(token: str, **more) -> int:
    return MACHINE.get(USERINFO, HTTP_AUTHORIZATION=f"Bearer {token}", **more).status_code


# --- The address of the answer ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        RETURN + "/",
        RETURN + "?suite=1",
        RETURN + "#a",
        RETURN + "/../autre",
        RETURN.replace("https", "http"),
        RETURN.replace(".example", ".example:8443"),
        RETURN.replace("//", "//carnet.example@"),
        RETURN.replace("carnet.example", "carnet.example.mechant.example"),
        RETURN.replace("carnet.example", "CARNET.example"),
        "https://mechant.example/retour",
        "//mechant.example",
        "javascript:alert(1)",
        "",
        None,
    ],
)
def test_nothing_is_sent_to_an_address_that_is_not_exact(browser, service, address):
    answer = browser.get(asked(service, redirect_uri=address))
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "mechant" not in answer.content.decode()


def test_a_parameter_given_twice_or_an_unknown_service_answers_here(browser, service):
    for address in (f"{asked(service)}&redirect_uri=https://mechant.example", asked(service, client_id="autre")):
        assert browser.get(address).status_code == 400


def test_state_comes_back_as_it_was_and_the_answer_names_us(browser, user, service, settings):
    told = sent_back(agree(browser, asked(service), user))
    assert (told["state"], told["iss"]) == ("é=&?#", settings.BASE_URL)


# --- PKCE and the code -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain", "code_challenge": VERIFIER},
        {"response_mode": "fragment"},
    ],
)
def test_without_s256_there_is_no_code(browser, service, changed):
    assert sent_back(browser.get(asked(service, **changed)))["error"] == "invalid_request"


@pytest.mark.parametrize("kind", ["token", "id_token", "id_token token", "code token", "code id_token", "none"])
def test_no_flow_but_that_of_the_code(browser, service, kind):
    told = sent_back(browser.get(asked(service, response_type=kind)))
    assert told["error"] in {"unsupported_response_type", "unauthorized_client"}
    assert "code" not in told
    assert "access_token" not in told


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "a" * 43}, "invalid_grant"),
        ({"code_verifier": CHALLENGE}, "invalid_grant"),
        ({"redirect_uri": RETURN + "/"}, None),
        ({"secret": "faux"}, "invalid_client"),
        ({"secret": None}, "invalid_client"),
        ({"code": "autre"}, "invalid_grant"),
        ({"grant_type": "password", "username": "mdurand", "password": "x"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
    ],
)
def test_a_code_is_worth_nothing_without_all_that_goes_with_it(browser, user, service, changed, error):
    code = code_of(browser, user, service)
    status, told = redeem(**({"code": code, "service": service} | changed))
    assert status in {400, 401}
    assert error is None or told["error"] == error
    assert "access_token" not in told


def test_a_verifier_may_not_be_left_out(browser, user, service):
    status, told = redeem(code_of(browser, user, service), service, code_verifier="")
    assert status == 400
    assert "access_token" not in told


def test_a_code_played_again_ends_what_came_of_it(browser, user, service):
    code = code_of(browser, user, service)
    first = redeem(code, service)[1]["access_token"]
    other = redeem(code_of(browser, user, service), service)[1]["access_token"]
    assert person(first) == 200
    assert redeem(code, service) == (400, {"error": "invalid_grant"})
    assert (person(first), person(other)) == (401, 200)


def test_refusals_reach_the_journal_and_a_replay_the_file_of_the_person(browser, user, service):
    code = code_of(browser, user, service)
    redeem(code, service)
    redeem(code, service)
    redeem(code, service, secret="faux")
    browser.get(asked(service, redirect_uri="https://mechant.example/"))
    lines = AccessEvent.objects.filter(kind=AccessKind.ACCESS_REFUSED).order_by("pk")
    assert [(line.reason, line.subject, line.actor) for line in lines] == [
        ("Code ou jeton d'un service présenté deux fois", user, None),
        ("Demande d'un service sans preuve valable", None, None),
        ("Service inconnu, ou adresse de retour non enregistrée", None, user),
    ]
    assert not [line for line in lines if code in str(line.detail) or "mechant" in str(line.detail)]


def test_a_code_lasts_thirty_seconds(browser, user, service):
    code = code_of(browser, user, service)
    row = Token.objects.get(type=Token.Type.AUTHORIZATION_CODE)
    assert dt.timedelta(seconds=25) < row.expires_at - timezone.now() <= dt.timedelta(seconds=30)
    Token.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert redeem(code, service)[0] == 400


def test_another_service_can_do_nothing_with_a_code_or_a_token(browser, user, service):
    thief = ServiceFactory()
    code = code_of(browser, user, service)
    assert redeem(code, thief) == (400, {"error": "invalid_grant"})
    assert redeem(code, service, client_id=thief.pk)[0] == 401  # one name in the header, another in the body
    tokens = redeem(code, service)[1]
    for kind in ("access_token", "refresh_token"):
        MACHINE.post(REVOKE, {"token": tokens[kind]}, HTTP_AUTHORIZATION=basic(thief.pk, SECRET))
    renewed = MACHINE.post(
        TOKEN,
        {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]},
        HTTP_AUTHORIZATION=basic(thief.pk, SECRET),
    )
    assert renewed.json() == {"error": "invalid_grant"}
    assert person(tokens["access_token"]) == 200


def test_a_service_without_the_right_renews_nothing(browser, user):
    service = ServiceFactory(grant_types="authorization_code")
    tokens = redeem(code_of(browser, user, service), service)[1]
    assert "refresh_token" not in tokens


def test_a_public_service_has_pkce_and_no_secret(browser, user):
    service = ServiceFactory(public=True)
    relying = Relying(service.pk, None, scope="openid profile")
    tokens = relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    assert relying.read(tokens["id_token"])["sub"] == relying.person().json()["sub"]
    assert redeem(code_of(browser, user, service), service)[0] == 401  # a secret where none was given


# --- What is asked and told ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", ["profile", "openid admin", "openid numen", "", "openid agent"])
def test_nobody_gets_more_than_was_registered(browser, scope):
    service = ServiceFactory(scopes="openid\nprofile")
    assert sent_back(browser.get(asked(service, scope=scope)))["error"] == "invalid_scope"


def test_a_renewal_cannot_widen_what_was_granted(browser, user, service):
    tokens = redeem(code_of(browser, user, service), service)[1]
    answer = MACHINE.post(
        TOKEN,
        {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "scope": "openid email"},
        HTTP_AUTHORIZATION=basic(service.pk, SECRET),
    )
    assert answer.json()["error"] == "invalid_scope"


def test_more_data_is_asked_again(browser, user, service):
    code_of(browser, user, service)
    assert browser.get(asked(service, scope="openid email")).status_code == 200
    assert sent_back(browser.get(asked(service)))["code"]


def test_one_service_s_consent_is_not_another_s(browser, user, service):
    code_of(browser, user, service, scope="openid profile email")
    other = ServiceFactory()
    assert sent_back(browser.get(asked(other, prompt="none")))["error"] == "consent_required"


def test_one_person_s_consent_is_not_another_s(browser, user, service):
    code_of(browser, user, service)
    other, visitor = UserFactory(username="autre"), PortalClient()
    visitor.force_login(other)
    assert visitor.get(asked(service)).status_code == 200
    # a page shown to one, answered by another who signed in meanwhile
    assert agree(visitor, asked(service), user).status_code == 200
    assert not ServiceGrant.objects.filter(user=other).exists()


def test_two_services_cannot_match_their_people(browser, user, service):
    other = ServiceFactory()
    subs = set()
    for one in (service, other):
        relying = Relying(one.pk)
        tokens = relying.redeem(agree(browser, relying.address(), user).headers["Location"])
        subs.add(relying.read(tokens["id_token"])["sub"])
    assert len(subs) == 2
    assert str(user.pk) not in subs


def test_an_identity_holds_no_name_and_dies_soon(browser, user, relying):
    tokens = relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    claims = relying.read(tokens["id_token"])
    assert set(claims) == {
        "iss", "aud", "exp", "iat", "jti", "sub", "sid", "nonce", "at_hash", "auth_time", "amr", "acr",
    }  # fmt: skip
    assert claims["exp"] - claims["iat"] == 300
    assert tokens["expires_in"] == 600


@pytest.mark.parametrize("name", ["request", "request_uri"])
def test_objects_of_request_are_refused_signed_or_not(browser, service, name):
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    told = sent_back(browser.get(asked(service, **{name: f"{none}.e30."})))
    assert told["error"] == f"{name}_not_supported"


def test_a_hint_we_did_not_sign_is_nobody(browser, user, service, relying):
    code_of(browser, user, service)
    payload = {"sub": "x", "aud": service.pk, "iss": relying.told["issuer"]}
    none = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, payload)
    ]
    public = json.dumps(relying.http.get(relying.told["jwks_uri"]).json()["keys"][0])
    confused = jwt.encode({"alg": "HS256"}, payload, OctKey.import_key(public * 2), algorithms=["HS256"])
    for hint in (".".join([*none, ""]), confused, "x"):
        assert sent_back(browser.get(asked(service, id_token_hint=hint)))["error"] == "login_required"


@pytest.mark.parametrize("name", ["nonce", "state", "code_challenge", "login_hint", "scope"])
def test_a_nul_never_reaches_the_database(browser, user, service, name):
    assert agree(browser, asked(service, **{name: "openid\x00"}), user).status_code == 400


def test_what_the_house_once_opened_is_asked_when_it_no_longer_is_of_the_house(browser, user):
    service = ServiceFactory(house=True)
    assert sent_back(browser.get(asked(service)))["code"]
    service.skip_consent = False
    service.save()
    assert browser.get(asked(service)).status_code == 200
    assert code_of(browser, user, service)
    assert ServiceGrant.objects.get().asked
    assert sent_back(browser.get(asked(service)))["code"]


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_once_one_goes_through_and_then_none_is_left(browser, user, service):
    code, barrier = code_of(browser, user, service), Barrier(4)

    def use(_: int) -> tuple[int, dict]:
        barrier.wait()
        try:
            return redeem(code, service)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(use, range(4)))
    assert sorted(status for status, _ in answers) == [200, 400, 400, 400]
    [tokens] = [told for status, told in answers if status == 200]
    assert person(tokens["access_token"]) == 401


# --- Forgery, frames, refused doors ----------------------------------------------------------------------------------
def test_consent_is_held_against_forgery_and_frames(user, service):
    strict = PortalClient(enforce_csrf_checks=True)
    strict.force_login(user)
    assert agree(strict, asked(service), user).status_code == 403
    page = strict.get(asked(service))
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://carnet.example;" in page.headers["Content-Security-Policy"] + ";"
    assert not ServiceGrant.objects.exists()


def test_looking_grants_nothing(browser):
    assert browser.head(asked(ServiceFactory(house=True))).status_code == 200
    assert not ServiceGrant.objects.exists()
    assert not Token.objects.exists()


def test_a_refusal_gives_nothing(browser, user, service):
    assert sent_back(agree(browser, asked(service), user, "refuser"))["error"] == "access_denied"
    assert not ServiceGrant.objects.exists()


@pytest.mark.parametrize(
    "path", ["/identity/o/api/clients", "/identity/o/api/device/code", "/identity/o/device", "/identity/o/authorize"]
)
def test_doors_that_are_not_built(browser, path):
    assert browser.get(path).status_code == 404
    assert browser.post(path).status_code == 404


def test_a_token_in_an_address_or_a_body_opens_nothing(browser, user, service):
    token = redeem(code_of(browser, user, service), service)[1]["access_token"]
    assert MACHINE.get(USERINFO, {"access_token": token}).status_code == 401
    assert MACHINE.post(USERINFO, {"access_token": token}).status_code == 401
    assert person(token) == 200


def test_nothing_secret_rests_in_the_database(browser, user, service):
    code = code_of(browser, user, service)
    tokens = redeem(code, service)[1]
    kept = json.dumps(list(Token.objects.values()), default=str) + json.dumps(service.secret)
    assert not [secret for secret in (code, tokens["access_token"], tokens["refresh_token"], SECRET) if secret in kept]


ODD = st.sampled_from(["", "\x00", "é", "9" * 40, "-1", "none", "login none", "openid", "{", "\ud800", "%", "a" * 5000])
TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
NAMES = ["client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age", "code_challenge",
         "code_challenge_method", "claims", "id_token_hint", "login_hint", "ui_locales", "display", "acr_values", "request",
         "response_mode", "registration"]  # fmt: skip


@settings(max_examples=80)
@given(changed=st.dictionaries(st.sampled_from(NAMES), ODD | TEXT, max_size=4), raw=TEXT, post=st.booleans())
def test_no_request_of_a_sign_in_breaks(browser, user, service, changed, raw, post):
    query = asked(service, **{name: value.encode("utf-8", "surrogatepass") for name, value in changed.items()}) + raw
    answer = browser.post(query, {"action": "accorder", "pour": user.username}) if post else browser.get(query)
    assert answer.status_code in {200, 302, 400}
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith((f"{RETURN}?", "/compte/confirmer/?"))


@settings(max_examples=25)
@given(
    data=st.dictionaries(
        st.sampled_from([*NAMES, "code", "grant_type", "refresh_token", "token", "client_secret"]),
        ODD | TEXT,
        max_size=5,
    ),
    header=ODD | TEXT,
)
def test_no_machine_breaks_an_endpoint(service, data, header):
    data = {name: value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for name, value in data.items()}
    header = header.encode("utf-8", "replace").decode("latin-1")
    for path in (TOKEN, REVOKE, USERINFO):
        for named in ({}, {"HTTP_AUTHORIZATION": header}, {"HTTP_AUTHORIZATION": basic(service.pk, SECRET)}):
            assert MACHINE.post(path, data, **named).status_code in {200, 400, 401}
