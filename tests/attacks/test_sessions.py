"""A session planted before sign-in is worth nothing afterwards, at each step (norms D11, D13)."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from security.models import User
from tests.attacks.attackers import LOGIN, visitor
from tests.factories.accounts import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.req("D11", "D13")]
COOKIE = settings.SESSION_COOKIE_NAME
CODE, TRUST, ABROAD = reverse("security:sign_in_code"), reverse("security:sign_in_trust"), reverse("security:abroad")
NEW = "Sept-Moutons-Gris-48"


def planted(address: str = "127.0.0.1"):
    """(victim, attacker): two browsers with one session, that the attacker opened."""
    store = SessionStore()
    store["planted"] = True
    store.create()
    browsers = visitor(address), visitor()
    for browser in browsers:
        browser.cookies[COOKIE] = store.session_key
    return browsers


def key(browser) -> str:
    return browser.cookies[COOKIE].value


def opens(browser, page: str = "/compte/") -> bool:
    return browser.get(page).status_code == 200


def test_a_key_nobody_gave_is_never_kept(user):
    browser = visitor()
    browser.cookies[COOKIE] = "a" * 32
    browser.post(LOGIN, {"login": "mvaldoie", "password": PASSWORD})
    assert key(browser) != "a" * 32
    assert opens(browser)
    assert not Session.objects.filter(session_key="a" * 32).exists()


def test_a_planted_session_is_left_at_sign_in(user):
    victim, attacker = planted()
    victim.post(LOGIN, {"login": "mvaldoie", "password": PASSWORD})
    assert opens(victim)
    assert not opens(attacker)


def test_each_step_takes_a_new_key_and_the_old_ones_open_nothing(user):
    User.objects.update(reinforced=True)
    victim, attacker = planted("203.0.113.9")
    keys = [key(victim)]
    for page, data in (
        (LOGIN, {"login": "mvaldoie", "password": PASSWORD}),
        (CODE, {}),
        (TRUST, {"action": "once"}),
        (reverse("security:password_change"), {"current": PASSWORD, "password1": NEW, "password2": NEW}),
    ):
        if page == CODE:
            data = {"code": re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]}
        assert victim.post(page, data).status_code == 302
        keys.append(key(victim))
        for old in keys[:-1]:
            attacker.cookies[COOKIE] = old
            for step in (CODE, TRUST):
                assert attacker.get(step).headers["Location"] == LOGIN
            assert not opens(attacker)
    assert len(set(keys)) == len(keys)
    assert opens(victim)


def test_a_planted_session_does_not_wait_at_the_page_of_abroad(user):
    """In France with the session of a victim abroad, the attacker would have been let in."""
    victim, attacker = planted("8.8.8.8")
    assert victim.post(LOGIN, {"login": "mvaldoie", "password": PASSWORD}).headers["Location"] == ABROAD
    assert attacker.get(ABROAD).headers["Location"] == LOGIN
    assert not opens(attacker)


def test_a_planted_session_does_not_hold_the_link_of_the_victim(user):
    victim, attacker = planted()
    victim.post(reverse("security:password_lost"), {"login": "mvaldoie"})
    path = re.search(r"/mot-de-passe-perdu/\S+", mail.outbox[-1].body).group()
    page = victim.get(path).headers["Location"]
    assert victim.get(page).status_code == 200
    assert attacker.post(page, {"password1": NEW, "password2": NEW}).status_code == 410


def test_the_token_of_the_forms_changes_at_sign_in(user):
    browser = visitor(enforce_csrf_checks=True)
    browser.get(LOGIN)
    before = browser.cookies[settings.CSRF_COOKIE_NAME].value
    data = {"login": "mvaldoie", "password": PASSWORD, "csrfmiddlewaretoken": before}
    assert browser.post(LOGIN, data).status_code == 302
    assert browser.cookies[settings.CSRF_COOKIE_NAME].value != before
