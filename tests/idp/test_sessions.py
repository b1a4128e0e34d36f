"""Where a service's session comes from and how it ends: fresh sign-in asked, factors told, sign-out both ways (D11, D12)."""

import datetime as dt
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.idp.oidc.models import Token
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from security.enums import AccessKind, AccountChange, ImpersonationMotive, Role
from security.idp import tasks
from security.idp.models import ServiceGrant, ServiceSession
from security.impersonation import HELD
from security.models import AccessEvent, OpenSession, User
from security.services_impersonation import begin_impersonation
from security.services_staff import set_account_active
from security.sessions import end_session
from security.signals import account_changed
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, TOTP_SECRET, AuthenticatorFactory, UserFactory, staff
from tests.factories.career import full_career
from tests.factories.idp import BYE, ServiceFactory
from tests.idp.relying import Relying, agree, go, sent_back

pytestmark = [pytest.mark.django_db, pytest.mark.req("S62", "D42", "D11")]
END = reverse("idp:end_session")


@pytest.fixture
def opened(browser, user, relying) -> dict:
    """Tokens of a service opened by `user`."""
    return relying.redeem(agree(browser, relying.address(), user).headers["Location"])


# --- Who is there ----------------------------------------------------------------------------------------------------
def test_a_visitor_signs_in_then_comes_back(user, relying):
    visitor, address = PortalClient(), relying.address()
    answer = go(visitor, address)
    assert answer.headers["Location"].startswith("/connexion/?next=/identite/autoriser/")
    answer = visitor.post(answer.headers["Location"], {"login": user.username, "password": PASSWORD})
    assert go(visitor, answer.headers["Location"]).status_code == 200
    tokens = relying.redeem(agree(visitor, address, user).headers["Location"])
    claims = relying.read(tokens["id_token"])
    assert claims["amr"] == ["pwd"]
    assert abs(claims["auth_time"] - time.time()) < 60


def test_a_silent_request_never_shows_a_page(browser, user, relying, opened):
    assert sent_back(go(PortalClient(), relying.address(prompt="none")))["error"] == "login_required"
    assert sent_back(go(browser, relying.address(prompt="none")))["code"]
    assert sent_back(go(browser, relying.address(prompt="none", max_age="0")))["error"] == "login_required"
    assert sent_back(go(browser, relying.address(prompt="none login")))["error"] in {"invalid_request"}
    assert sent_back(go(browser, relying.address(prompt="none", id_token_hint=opened["id_token"])))["code"]
    other = PortalClient()
    other.force_login(UserFactory(username="autre"))
    assert sent_back(go(other, relying.address(id_token_hint=opened["id_token"])))["error"] == "login_required"


@pytest.mark.parametrize("more", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "60"}])
def test_a_fresh_sign_in_is_asked_once(browser, user, relying, more, opened):
    session = browser.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 3600}]
    session["account_authentication_methods_user"] = str(user.pk)
    session["session_began"] = int(time.time()) - 3600
    session.save()
    address = relying.address(**more)
    answer = go(browser, address)
    assert answer.headers["Location"].startswith("/compte/confirmer/?next=")
    assert (
        go(browser, address).headers["Location"].startswith("/compte/confirmer/")
    )  # coming back without it changes nothing
    answer = browser.post(answer.headers["Location"], {"password": PASSWORD})
    answer = go(browser, answer.headers["Location"])
    claims = relying.read(relying.redeem(answer.headers["Location"])["id_token"])
    assert time.time() - claims["auth_time"] < 60
    if more != {"max_age": "60"}:
        assert (
            go(browser, relying.address(**more)).headers["Location"].startswith("/compte/confirmer/")
        )  # each request its own


def test_consent_may_be_asked_again(browser, relying, opened):
    assert go(browser, relying.address(prompt="consent")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "amr", "strong"),
    [("mail", ["pwd", "mail"], False), ("totp", ["pwd", "totp", "mfa"], True), ("webauthn", ["pwd", "pop", "mfa"], True),
     ("recovery_codes", ["pwd", "otp", "mfa"], True)],
)  # fmt: skip
def test_what_was_really_used_is_told(browser, user, relying, kind, amr, strong):
    session = browser.session
    now = time.time()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": now},
        {"method": "mfa", "type": kind, "at": now},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    claims = relying.read(relying.redeem(agree(browser, relying.address(), user).headers["Location"])["id_token"])
    assert claims["amr"] == amr
    assert claims["acr"].endswith("/mfa" if strong else "/sfa")


def test_a_sign_in_with_a_factor_is_told_as_it_was(user, relying, settings):
    settings.KNOWN_NETWORKS = ()
    user.reinforced = True
    user.save()
    AuthenticatorFactory(user=user)
    visitor = PortalClient()
    visitor.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    code = format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
    visitor.post(reverse("security:sign_in_factor"), {"code": code})
    assert go(visitor, relying.address()).status_code == 302  # one page is left: nobody is signed in
    visitor.post(reverse("security:sign_in_trust"), {"action": "once"})
    claims = relying.read(relying.redeem(agree(visitor, relying.address(), user).headers["Location"])["id_token"])
    assert claims["amr"] == ["pwd", "totp", "mfa"]
    assert claims["acr"] == "https://refeds.org/profile/mfa"


def test_staff_without_a_factor_open_no_service(relying, settings):
    settings.STAFF_FACTOR_EVERYWHERE = True
    member = PortalClient()
    member.force_login(staff(Role.GESTIONNAIRE))
    assert go(member, relying.address()).headers["Location"] == reverse("security:second_step")
    assert sent_back(go(member, relying.address(prompt="none")))["error"] == "interaction_required"


def test_a_house_service_asks_nothing_and_is_told_all_the_same(browser, user):
    relying = Relying(ServiceFactory(house=True).pk)
    relying.redeem(go(browser, relying.address()).headers["Location"])
    grant = ServiceGrant.objects.get(user=user)
    assert not grant.asked
    assert AccessEvent.objects.filter(subject=user, kind=AccessKind.SERVICE_GRANTED).exists()


# --- How it ends -----------------------------------------------------------------------------------------------------
def is_over(relying, tokens) -> bool:
    answer = relying.http.post(
        relying.told["token_endpoint"],
        data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]},
        auth=(relying.client_id, relying.secret),
    )
    return (relying.person().status_code, answer.status_code) == (401, 400)


def test_signing_out_of_the_portal_ends_the_tokens(browser, relying, opened):
    browser.post(reverse("account_logout"))
    assert is_over(relying, opened)


def test_closing_the_session_from_another_browser_ends_the_tokens(user, relying, opened, rf):
    end_session(session=OpenSession.objects.get(user=user), request=rf.post("/"))
    assert is_over(relying, opened)


@pytest.mark.parametrize("kind", [AccountChange.PASSWORD_CHANGED, AccountChange.FACTOR_REMOVED])
def test_a_change_of_the_account_ends_the_tokens(user, relying, opened, kind):
    account_changed.send(User, user=user, kind=kind)
    assert is_over(relying, opened)


def test_eight_hours_after_the_sign_in_nothing_is_renewed(user, relying, opened):
    OpenSession.objects.update(began_at=timezone.now() - dt.timedelta(hours=8, seconds=1))
    assert is_over(relying, opened)


def test_nobody_opens_a_service_in_the_place_of_an_agent():
    """Staff who see the portal as an agent: not even a service of the house, which asks nothing."""
    agent, visitor = full_career(), PortalClient()
    helper = staff(Role.SUPPORT)
    visitor.force_login(helper)
    visit = begin_impersonation(
        staff=helper,
        subject=agent.user,
        motive=ImpersonationMotive.values[0],
        reason="Écran illisible",
        not_after=timezone.now() + dt.timedelta(minutes=15),
    )
    session = visitor.session
    session[HELD] = {"visit": str(visit.public_id), "back": "/"}
    session.save()
    assert visitor.get(reverse("career:history")).status_code == 200  # in the agent's place
    assert go(visitor, Relying(ServiceFactory(house=True).pk).address()).status_code == 403
    assert not ServiceGrant.objects.exists()
    assert not Token.objects.exists()


def test_a_mere_advice_ends_nothing(user, relying, opened):
    account_changed.send(User, user=user, kind=AccountChange.PASSWORD_OLD)
    assert relying.person().status_code == 200


def test_a_password_changed_by_any_path_ends_the_tokens(user, relying, opened):
    user.set_password("Quatre-Chemins-Verts-82")
    user.save()
    assert is_over(relying, opened)


def test_closing_the_account_ends_the_tokens(user, relying, opened):
    set_account_active(user=user, active=False, by=staff(Role.SUPERADMIN))
    assert not ServiceSession.objects.exists()
    assert is_over(relying, opened)
    set_account_active(user=user, active=True, by=User.objects.get(username="agent-superadmin"))
    assert is_over(relying, opened)


def test_withdrawing_ends_the_tokens_at_once(browser, user, relying, opened):
    page = browser.get(reverse("idp:service_list"))
    assert "Carnet de bord" in page.content.decode()
    public_id = ServiceGrant.objects.get().public_id
    browser.post(reverse("idp:service_withdraw", args=[public_id]))
    assert relying.person().status_code == 401
    assert not Token.objects.exists()
    assert go(browser, relying.address()).status_code == 200  # asked again
    assert AccessEvent.objects.filter(subject=user, kind=AccessKind.SERVICE_WITHDRAWN).count() == 1


def test_a_code_in_flight_dies_with_the_withdrawal(browser, user, relying):
    location = agree(browser, relying.address(), user).headers["Location"]
    browser.post(reverse("idp:service_withdraw", args=[ServiceGrant.objects.get().public_id]))
    with pytest.raises(Exception, match="invalid_grant"):
        relying.redeem(location)


def test_the_first_grant_is_told_to_the_owner(browser, user, relying, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        agree(browser, relying.address(), user)
    assert [message.to for message in mail.outbox] == [[user.email]]
    with django_capture_on_commit_callbacks(execute=True):
        go(browser, relying.address())
    assert len(mail.outbox) == 1


def test_the_list_costs_the_same_for_two_services_as_for_twenty(browser, user, django_assert_num_queries):
    def queries() -> int:
        from django.db import connection  # noqa: PLC0415
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

        with CaptureQueriesContext(connection) as found:
            browser.get(reverse("idp:service_list"))
        return len(found)

    from tests.factories.idp import ServiceGrantFactory  # noqa: PLC0415

    ServiceGrantFactory.create_batch(2, user=user)
    few = queries()
    ServiceGrantFactory.create_batch(18, user=user)
    assert queries() == few


# --- Sign-out asked by the service -----------------------------------------------------------------------------------
def leave(browser, **query) -> object:
    return browser.get(f"{END}?{urlencode(query)}")


def test_a_service_signs_people_out_once_they_agree(browser, relying, opened):
    query = {"id_token_hint": opened["id_token"], "post_logout_redirect_uri": BYE, "state": "é"}
    page = leave(browser, **query)
    assert page.status_code == 200
    assert "Carnet de bord" in page.content.decode()
    assert "form-action 'self' https://carnet.example" in page.headers["Content-Security-Policy"]
    answer = browser.post(f"{END}?{urlencode(query)}", {"action": "quitter"})
    assert answer.headers["Location"] == f"{BYE}?state=%C3%A9"
    assert answer.headers["Clear-Site-Data"]
    assert browser.get(reverse("security:account")).status_code == 302
    assert is_over(relying, opened)


def test_staying_ends_the_service_s_session_only(browser, relying, opened):
    query = {"id_token_hint": opened["id_token"], "post_logout_redirect_uri": BYE}
    assert browser.post(f"{END}?{urlencode(query)}", {"action": "rester"}).headers["Location"] == BYE
    assert browser.get(reverse("security:account")).status_code == 200
    assert is_over(relying, opened)


@pytest.mark.parametrize("address", [BYE + "/", "https://mechant.example/", BYE + "?a=1", "//mechant.example"])
def test_a_sign_out_leads_to_a_registered_address_or_stays_here(browser, opened, address):
    query = {"id_token_hint": opened["id_token"], "post_logout_redirect_uri": address}
    answer = browser.post(f"{END}?{urlencode(query)}", {"action": "quitter"})
    assert answer.headers["Location"] == "/connexion/"
    assert leave(PortalClient(), **query).headers["Location"] == "/connexion/?next=/"


def test_a_hint_of_another_service_or_another_person_counts_for_nothing(browser, relying, opened):
    other = ServiceFactory()
    stranger = PortalClient()
    stranger.force_login(UserFactory(username="autre"))
    for visitor, query in (
        (browser, {"client_id": other.pk, "id_token_hint": opened["id_token"], "post_logout_redirect_uri": BYE}),
        (stranger, {"id_token_hint": opened["id_token"]}),
        (browser, {"client_id": "inconnu"}),
    ):
        assert "Un autre service demande" in leave(visitor, **query).content.decode()
        assert visitor.post(f"{END}?{urlencode(query)}", {"action": "rester"}).status_code == 302
    assert relying.person().status_code == 200


def test_a_visitor_already_out_goes_back_to_the_service(relying, service, opened):
    query = {"id_token_hint": opened["id_token"], "post_logout_redirect_uri": BYE, "state": "s"}
    assert leave(PortalClient(), **query).headers["Location"] == f"{BYE}?state=s"


def test_a_session_older_than_the_list_is_listed_when_it_opens_a_service(browser, user, relying):
    OpenSession.objects.all().delete()
    assert relying.redeem(agree(browser, relying.address(), user).headers["Location"])["id_token"]
    assert OpenSession.objects.filter(user=user).count() == 1


def test_a_service_that_is_gone_is_not_told(listener):
    tasks.tell_session_ended("parti", "sub", "sid")
    assert not listener.sent


def test_revoking_ends_the_whole_sign_in_and_an_unknown_token_is_no_error(relying, opened):
    for token, after in (("inconnu", 200), (opened["refresh_token"], 401)):
        answer = relying.http.post(
            relying.told["revocation_endpoint"], data={"token": token}, auth=(relying.client_id, relying.secret)
        )
        assert (answer.status_code, relying.person().status_code) == (200, after)


def test_a_sign_out_is_held_against_forgery_and_needs_a_form(user, opened):
    strict = PortalClient(enforce_csrf_checks=True)
    strict.force_login(user)
    assert strict.post(END, {"action": "quitter"}).status_code == 403
    leave(strict, id_token_hint=opened["id_token"])
    assert strict.get(reverse("security:account")).status_code == 200


# --- The service is told ---------------------------------------------------------------------------------------------
class Listener:
    """In place of the network: what was sent, and what it answers."""

    def __init__(self) -> None:
        self.sent: list[urllib.request.Request] = []
        self.problem: Exception | None = None

    def open(self, request, timeout):
        self.sent.append(request)
        if self.problem:
            raise self.problem
        return self

    __enter__ = lambda self: self  # noqa: E731
    __exit__ = lambda self, *args: None  # noqa: E731


@pytest.fixture
def listener(monkeypatch) -> Listener:
    found = Listener()
    monkeypatch.setattr(tasks.urllib.request, "build_opener", lambda *handlers: found)
    return found


def test_signing_out_tells_the_services_that_were_open(
    browser, user, service, relying, listener, django_capture_on_commit_callbacks
):
    service.data["client_metadata"]["backchannel_logout_uri"] = "https://carnet.example/fin"
    service.save()
    tokens = relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("account_logout"))
    [request] = listener.sent
    assert request.full_url == "https://carnet.example/fin"
    token = request.data.decode().removeprefix("logout_token=")
    keys = KeySet.import_key_set(relying.http.get(relying.told["jwks_uri"]).json())
    found = jwt.decode(token, keys, algorithms=["RS256"])
    claims = relying.read(tokens["id_token"])
    assert found.header["typ"] == "logout+jwt"
    assert {name: found.claims[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: claims[name] for name in ("iss", "aud", "sub", "sid")
    }
    assert found.claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in found.claims


def test_a_deaf_service_never_holds_the_person_back(
    browser, user, service, relying, listener, django_capture_on_commit_callbacks, monkeypatch
):
    service.data["client_metadata"]["backchannel_logout_uri"] = "https://carnet.example/fin"
    service.save()
    relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    monkeypatch.setattr(tasks.tell_session_ended, "delay", lambda *args: 1 / 0)  # the broker is away
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize(("status", "again"), [(500, True), (503, True), (400, False), (302, False)])
def test_a_failure_is_tried_again_and_a_refusal_is_not(service, listener, status, again):
    service.data["client_metadata"]["backchannel_logout_uri"] = "https://carnet.example/fin"
    service.save()
    listener.problem = urllib.error.HTTPError("https://carnet.example/fin", status, "", {}, None)
    told = tasks.tell_session_ended.run
    if again:
        with pytest.raises(Exception):  # noqa: B017, PT011  (Celery's own, eager or not)
            told(service.pk, "sub", "sid")
    else:
        told(service.pk, "sub", "sid")
    assert len(listener.sent) >= 1
