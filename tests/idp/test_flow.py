"""The code flow from end to end, with a third party's library on the service's side (S62, D42)."""

from html import escape
from urllib.parse import urlsplit

import pytest

from security.enums import AccessKind
from security.idp.models import ServiceGrant
from security.models import AccessEvent
from tests.idp.relying import agree, go, sent_back

pytestmark = [pytest.mark.django_db, pytest.mark.req("S62", "D42")]


def test_a_service_signs_a_person_in(browser, user, relying):
    address = relying.address()
    page = go(browser, address)
    assert page.status_code == 200
    assert "votre prénom et votre nom d'usage" in page.content.decode().replace("&#x27;", "'")
    tokens = relying.redeem(agree(browser, address, user).headers["Location"])
    claims = relying.read(tokens["id_token"])
    assert claims["acr"] == "https://refeds.org/profile/sfa"
    assert len(claims["sub"]) == 64
    person = relying.person().json()
    assert person == {
        "sub": claims["sub"],
        "given_name": user.first_name,
        "family_name": user.last_name,
        "usual_name": user.last_name,
        "email": user.email,
        "email_verified": True,
    }


def test_the_second_time_nothing_is_asked(browser, user, relying):
    agree(browser, relying.address(), user)
    assert sent_back(go(browser, relying.address()))["code"]
    assert ServiceGrant.objects.get(user=user).signed_in_at
    kinds = list(AccessEvent.objects.filter(subject=user).values_list("kind", flat=True))
    assert kinds.count(AccessKind.SERVICE_GRANTED) == 1
    assert kinds.count(AccessKind.SERVICE_SIGNED_IN) == 2


def test_after_a_form_of_the_portal_a_page_leads_back_and_never_a_redirect(browser, user, relying):
    """A browser would refuse it: the sign-in page's policy names no service. From the service itself nothing stands between."""
    agree(browser, relying.address(), user)
    parts = urlsplit(relying.address())
    page = browser.get(f"{parts.path}?{parts.query}", HTTP_SEC_FETCH_SITE="same-origin")
    assert page.status_code == 200
    address = page.headers["Refresh"].removeprefix("0; url=")
    assert relying.redeem(address)["id_token"]
    assert escape(address) in page.content.decode()
    parts = urlsplit(relying.address())
    assert browser.get(f"{parts.path}?{parts.query}", HTTP_SEC_FETCH_SITE="cross-site").status_code == 302


def test_a_refresh_token_serves_once_and_a_second_use_ends_the_line(browser, user, relying):
    tokens = relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    first = tokens["refresh_token"]
    renewed = relying.session.refresh_token(relying.told["token_endpoint"], first)
    assert renewed["refresh_token"] != first
    assert relying.person().status_code == 200
    with pytest.raises(Exception, match="invalid_grant"):
        relying.session.refresh_token(relying.told["token_endpoint"], first)
    assert relying.person().status_code == 401
