"""Nothing tells a login that exists from one that does not: words, status, headers, cookies, work done (norm D08)."""

import math
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from iprof.settings import base
from security.models import FailedTries, User
from security.services import activation_digest
from tests.attacks import FULL, scaled
from tests.attacks.attackers import LOGIN, plain_page, visitor
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("D08")]
LOST, START = reverse("security:password_lost"), reverse("security:activation_start")
FORMS: dict[str, Callable[[str], tuple[str, dict[str, str]]]] = {
    "sign-in": lambda login: (LOGIN, {"login": login, "password": "pas-le-bon"}),
    "lost password": lambda login: (LOST, {"login": login}),
    "first access": lambda login: (START, {"login": login, "secret": "19E9900043XYZ"}),
}
STATES = ("jouvert", "jattend", "jferme", "jrenforce", "jinconnu")  # no word of a page
TRIES = scaled(200, 10)  # of each of two logins, in turn


@pytest.fixture(autouse=True)
def _accounts(monkeypatch):
    UserFactory(username="jouvert")
    UserFactory(username="jattend", waiting=True, activation_digest=activation_digest("19E9900042XYZ"))
    UserFactory(username="jferme", is_active=False)
    UserFactory(username="jrenforce", reinforced=True)
    for user in User.objects.all():
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    monkeypatch.setattr("security.views.password.send_password_link.delay", lambda login: None)  # the worker's affair


@pytest.fixture
def hashes(monkeypatch) -> Counter:
    """How often the slow hash was computed."""
    done: Counter = Counter()
    for name in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, name)

        def counted(self, *args, real=real, name=name, **more):
            done[name] += 1
            return real(self, *args, **more)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    return done


def seen(form: str, login: str, hashes: Counter) -> tuple:
    """All that an answer shows, and what it cost, of a browser never seen from an address never seen."""
    FailedTries.objects.all().delete()
    hashes.clear()
    page, data = FORMS[form](login)
    with CaptureQueriesContext(connection) as queries:
        response = visitor("10.0.0.1").post(page, data)
    cookies = {name: (len(morsel.value), morsel["max-age"]) for name, morsel in response.cookies.items()}
    headers = {name for name in response.headers if name != "Content-Length"}
    shapes = [re.sub(r'"s\d+_x\d+"', "", query["sql"]).split("WHERE")[0][:40] for query in queries]
    return response.status_code, plain_page(response, login), headers, cookies, shapes, sum(hashes.values())


@pytest.mark.parametrize("form", FORMS)
def test_no_state_of_an_account_shows(form, hashes, figures):
    shown = {state: seen(form, state, hashes) for state in STATES}
    assert hashes or form != "sign-in"
    for part in range(6):
        assert len({repr(answer[part]) for answer in shown.values()}) == 1, part
    figures(form=form, states=len(STATES), queries=len(shown["jinconnu"][4]), hashes=shown["jinconnu"][5])


@pytest.mark.parametrize("form", FORMS)
def test_waiting_shows_nothing_either(form, clock):
    answers = []
    for state in STATES:
        page, data = FORMS[form](state)
        answers.append([visitor(f"10.0.0.{n}").post(page, data).status_code for n in range(1, 6)])
    assert len({tuple(answer) for answer in answers}) == 1
    assert answers[0][-1] == 429


@pytest.mark.parametrize("form", FORMS)
def test_the_time_of_an_answer(form, hashes, figures, settings):
    """Processor time of the same thread, known and unknown login in turn; at full size with the hash of production."""
    if FULL:
        settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
        user = User.objects.get(username="jouvert")
        user.set_password("x")
        user.save()
    client = visitor("10.0.0.1")
    known, unknown, work = [], [], []
    for login, times in turns(known, unknown):
        FailedTries.objects.all().delete()
        client.cookies.clear()
        page, data = FORMS[form](login)
        hashes.clear()
        start = time.thread_time()
        client.post(page, data)
        times.append(time.thread_time() - start)
        work.append(sum(hashes.values()))
    z = mann_whitney(known, unknown)
    figures(
        form=form,
        tries=TRIES,
        known_ms=round(statistics.median(known) * 1000, 3),
        unknown_ms=round(statistics.median(unknown) * 1000, 3),
        z=round(z, 2),
    )
    assert len(set(work)) == 1, "the one slow part is done as often for both"


def turns(known: list, unknown: list) -> Iterator[tuple[str, list]]:
    for turn in range(TRIES):
        pair = [("jouvert", known), (f"jinconn{turn % 10}", unknown)]
        yield from pair if turn % 2 else reversed(pair)


def mann_whitney(one: list[float], other: list[float]) -> float:
    """How many standard deviations the rank sum is from that of equal samples: beyond 3, the two differ."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    rank_sum = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    return (rank_sum - n * (n + m + 1) / 2) / math.sqrt(n * m * (n + m + 1) / 12)


def test_after_the_password_nothing_is_told_to_who_has_not_got_it():
    """The pages of the second step belong to the browser that gave the right password; for others they do not exist."""
    for page in ("security:sign_in_code", "security:sign_in_factor", "security:sign_in_trust", "security:abroad"):
        client = visitor()
        client.post(LOGIN, {"login": "jrenforce", "password": "pas-le-bon"}, REMOTE_ADDR="203.0.113.9")
        assert client.get(reverse(page)).headers["Location"] == LOGIN
