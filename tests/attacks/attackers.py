"""How an attacker tries: many addresses, one clock, and a count of the tries the portal really examined."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse

from tests.attacks import FULL
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD

LOGIN = reverse("account_login")
EXAMINED, SLOWED = {302, 400}, 429


def addresses(count: int) -> Iterator[str]:
    """So many different addresses, none French nor abroad to the portal: a private range, for ever in a circle."""
    while True:
        yield from (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(1, count + 1))


def visitor(address: str = "127.0.0.1", **more) -> PortalClient:
    """A browser never seen; its pages are not read, there are thousands of them."""
    return PortalClient(strict=False, REMOTE_ADDR=address, **more)


def guess(address: str, login: str, password: str, client: PortalClient | None = None):
    client = client or visitor(address)
    return client.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address)


@dataclass(frozen=True, slots=True)
class Answer:
    status_code: int


def ask(address: str, login: str, password: str, client: PortalClient | None = None) -> Answer:
    """The same guess where the page asks, without the page: five times as many in a minute, for the full size."""
    request = RequestFactory(REMOTE_ADDR=address).post(LOGIN)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()} if client else {}
    request.session = SessionStore()
    with request_context(request):
        try:
            user = get_adapter().authenticate(request, username=login, password=password)
        except ValidationError:
            return Answer(SLOWED)
    return Answer(302 if user else 400)


many_guesses = ask if FULL else guess


def is_in(client: PortalClient) -> bool:
    return "_auth_user_id" in client.session


def known_browser(login: str, password: str = PASSWORD) -> PortalClient:
    """A browser in which the person has signed in once, then out."""
    client = visitor()
    assert guess("10.255.0.1", login, password, client).status_code == 302
    client.post(reverse("account_logout"))
    return client


@dataclass
class Tally:
    sent: int = 0
    examined: int = 0
    through: int = 0

    def add(self, response) -> bool:
        """Counts an answer; True when the guess was examined, so that the attacker goes on to the next one."""
        self.sent += 1
        self.examined += response.status_code in EXAMINED
        self.through += response.status_code == 302
        return response.status_code in EXAMINED


def over_a_day(tries: int) -> dt.timedelta:
    return dt.timedelta(days=1) / tries


def plain_page(response, typed: str) -> str:
    """The page without what changes at each answer: tokens, and what was typed."""
    return re.sub(r'(value|nonce)="[\w=+/-]{20,}"', "", response.content.decode()).replace(typed, "")
