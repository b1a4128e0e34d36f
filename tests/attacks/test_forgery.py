"""Requests forged from another site: every POST, every redirect, every host (norms D14, D16, D42)."""

import re
from itertools import cycle
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from security.enums import Role
from tests.access_rules import RULES, named_urls
from tests.attacks import scaled
from tests.attacks.attackers import LOGIN, visitor
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db
# Machines: a signed message, a service with its secret, a browser's report. None has a session, nor a cookie to abuse.
# Machines sign what they send; a mail program unsubscribes by one POST, with the token of its mail (RFC 8058).
WITHOUT_TOKEN = {name for name, rule in RULES.items() if rule.kind == "machine"} | {"correspondence:unsubscribe"}
PUBLISHED = {"idp:configuration", "idp:jwks"}  # the same for everyone: services keep them


def every_address(agent) -> list[tuple[str, str]]:
    pages = []
    for name, rule in RULES.items():
        owner = full_career() if "scenario" in name else agent
        pages.append((name, reverse(name, kwargs=rule.args(owner))))
    routes = [(name, f"/{route}") for name, route in named_urls() if route.startswith("gestion/")]
    return pages + [(name, re.sub(r"<[^>]+>", "1", route)) for name, route in routes if "(" not in route]


@pytest.mark.req("D14", "D16")
def test_no_post_passes_without_its_token(figures):
    agent, refused = full_career(), []
    addresses = every_address(agent)
    for signed_in in scaled((None, agent.user, staff(Role.SUPERADMIN)), (agent.user,)):
        client = visitor(enforce_csrf_checks=True)
        if signed_in:
            client.force_login(signed_in)
        refused += [name for name, address in addresses if client.post(address, {"action": "on"}).status_code == 403]
    passed = {name for name, _ in addresses} - set(refused)
    figures(addresses=len(addresses), refused=len(set(refused)), without_token=sorted(passed))
    assert passed == WITHOUT_TOKEN


@pytest.mark.req("D14")
@pytest.mark.parametrize("forged", ["https://evil.example", "null", "http://testserver.evil.example", "https://"])
def test_a_token_does_not_serve_from_another_origin(user, forged):
    client = visitor(enforce_csrf_checks=True)
    client.get(LOGIN)
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    data = {"login": "mvaldoie", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post(LOGIN, data, headers={"origin": forged}).status_code == 403
    assert client.post(LOGIN, data, secure=True, headers={"referer": f"{forged}/"}).status_code == 403
    assert client.post(LOGIN, data, headers={"origin": "http://testserver"}).status_code == 302


EVIL = (
    "//evil.example", "https://evil.example", "https:evil.example", "http:///evil.example", "/\\evil.example",
    "\\\\evil.example", "///evil.example", "/%09/evil.example", "/\t/evil.example", "https://testserver@evil.example",
    "https://testserver.evil.example", "javascript:alert(1)", "data:text/html,x", "/%0d%0aLocation:%20//evil.example",
    "/\r\nSet-Cookie: a=b", "//evil。example", "//evil%E3%80%82example", "\u2215\u2215evil.example", " //evil.example",
    "\x00//evil.example", "http:\\\\evil.example", "//[evil.example", "/./\\evil.example", "?next=//evil.example",
)  # fmt: skip
NAMES = ("next", "suite", "suivant", "redirect", "redirect_to", "url", "return", "retour", "fin", "page", "_popup")


def leads_elsewhere(response) -> bool:
    where = response.headers.get("Location")
    if where is None:
        return False
    if re.search(r"[\x00-\x20\\]", where) or where.startswith("//"):
        return True
    parts = urlsplit(where)
    return parts.netloc not in {"", "testserver"} or parts.scheme not in {"", "http", "https"}


@pytest.mark.req("D14", "D42")
def test_no_address_leads_to_another_site(figures):
    agent, faults, sent = full_career(), [], 0
    turn = cycle(EVIL)
    addresses = [pair for pair in every_address(agent) if pair[0] not in {"account_logout", "admin_logout"}]
    for name, address in addresses[:: scaled(1, 5)]:
        client = visitor()
        client.force_login(staff(Role.SUPERADMIN) if address.startswith("/gestion/") else agent.user)
        evil = next(turn)
        asked = "&".join(f"{one}={quote(evil)}" for one in NAMES)
        for response in (
            client.get(f"{address}?{asked}"),
            client.post(f"{address}?{asked}", dict.fromkeys(NAMES, evil)),
        ):
            sent += 1
            if leads_elsewhere(response):
                faults.append((name, evil, response.headers["Location"]))
    figures(sent=sent, values=len(EVIL), led_elsewhere=len(faults))
    assert faults == []


@pytest.mark.req("D14", "D42")
@pytest.mark.parametrize("evil", EVIL)
def test_no_way_through_the_account_leads_to_another_site(user, evil):
    """The pages that do go on where they are told: sign-in, confirmation, theme, end of a session, sign-out."""
    client = visitor()
    assert not leads_elsewhere(client.get(LOGIN, {"next": evil}))
    first = client.post(f"{LOGIN}?next={quote(evil)}", {"login": "mvaldoie", "password": PASSWORD, "next": evil})
    theme = client.post(reverse("home:display"), {"theme": "dark", "suite": evil})
    again = client.get(LOGIN, {"next": evil})
    confirmed = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": evil})
    out = client.post(reverse("account_logout"), {"next": evil})
    answers = [first, theme, again, confirmed, out, client.get(f"/{evil.lstrip('/')}".replace("\x00", ""))]
    assert [answer.status_code for answer in answers[:5]] == [302] * 5
    assert [answer.headers["Location"] for answer in answers if leads_elsewhere(answer)] == []


LIES = {
    "x-forwarded-host": "evil.example",
    "x-host": "evil.example",
    "forwarded": "host=evil.example;proto=http",
    "x-original-url": "/gestion/evil.example",
    "x-rewrite-url": "/gestion/evil.example",
    "x-forwarded-server": "evil.example",
    "x-forwarded-port": "6666",
    "x-forwarded-prefix": "/evil.example",
    "x-script-name": "/evil.example",
}


@pytest.mark.req("D09", "D14")
def test_no_header_changes_the_links_of_a_page_or_of_a_mail(user, figures):
    for name, rule in RULES.items():
        if rule.kind in {"public", "guest"} and name != "home:health":
            response = visitor().get(reverse(name, kwargs=rule.args(full_career())), headers=LIES)
            assert b"evil.example" not in response.content, name
            assert "evil.example" not in str(response.headers), name
            kept = response.headers["Cache-Control"]
            assert name in PUBLISHED or "max-age" not in kept or "private" in kept, name
    visitor().post(reverse("security:password_lost"), {"login": "mvaldoie"}, headers={**LIES, "host": "localhost"})
    (message,) = mail.outbox
    assert settings.BASE_URL in message.body
    assert "evil.example" not in message.body
    assert "localhost" not in message.body
    figures(headers=len(LIES))


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver:80@evil.example", "testserver.evil.example", "evil.example#"]
)
def test_another_host_is_answered_by_nothing_of_ours(user, host):
    response = visitor().post(reverse("security:password_lost"), {"login": "mvaldoie"}, headers={"host": host})
    assert response.status_code == 400
    assert mail.outbox == []
