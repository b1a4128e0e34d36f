"""Keeping others out, or filling mailboxes and tables: what an attacker can do in a day, and what stays open (D02)."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from security.models import AccessEvent, FailedTries
from tests.attacks import scaled
from tests.attacks.attackers import LOGIN, addresses, guess, is_in, known_browser, over_a_day, visitor
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("D02", "S25")]
LOST, RECOVERY = reverse("security:password_lost"), reverse("security:recovery")
SCHOOL = "194.199.1.1"
LINKS_A_DAY, CONFIRMATIONS_A_DAY = 35, 30


def test_a_school_under_attack_from_within_keeps_its_known_browsers(user, clock, figures):
    """A pupil tries passwords all morning from the address of the whole school."""
    desk = known_browser("mvaldoie")
    for n in range(90):
        guess(SCHOOL, f"prof{n}", "faux")
    known = guess(SCHOOL, "mvaldoie", PASSWORD, desk).status_code
    new = guess(SCHOOL, "mvaldoie", PASSWORD).status_code
    link = opens_by_link(SCHOOL)
    figures(known_browser=known, new_browser=new, new_browser_by_link=link)
    assert (known, new, link) == (302, 429, True)


def opens_by_link(address: str) -> bool:
    client = visitor(address)
    assert client.post(LOST, {"login": "mvaldoie"}).status_code == 200
    return follows_link(client, address)


def follows_link(client, address: str) -> bool:
    path = re.search(r"/mot-de-passe-perdu/\S+", mail.outbox[-1].body).group()
    answer = client.get(path)
    if answer.status_code != 302:
        return False
    client.post(answer.headers["Location"], {"etape": "debloquer"})
    return guess(address, "mvaldoie", PASSWORD, client).status_code == 302


def test_a_flood_of_links_never_leaves_the_owner_without_one(user, clock, figures):
    """At any hour the last link received opens, or another may be asked for: from a browser never seen as well."""
    refused, source = 0, addresses(10_000)
    steps = scaled(288, 96)
    for step in range(steps):
        flood = visitor(next(source))
        flood.post(LOST, {"login": "mvaldoie"})
        if step % (steps // 12) == steps // 24:
            sent = len(mail.outbox)
            asked = visitor("10.200.0.1").post(LOST, {"login": "mvaldoie"}).status_code
            path = re.search(r"/mot-de-passe-perdu/\S+", mail.outbox[-1].body).group()
            assert asked in {200, 429}
            refused += visitor().get(path).status_code != 302
            assert len(mail.outbox) <= sent + 1
        clock.shift(over_a_day(steps))
    figures(asked=steps, mails_to_one_mailbox=len(mail.outbox), owner_without_link=refused)
    assert refused == 0
    assert len(mail.outbox) <= LINKS_A_DAY


def test_links_asked_for_do_not_slow_the_sign_in_of_a_school(user, clock):
    for n in range(70):
        visitor(SCHOOL).post(LOST, {"login": f"prof{n}"})
    assert guess(SCHOOL, "mvaldoie", PASSWORD).status_code == 302


def test_a_signed_in_attacker_fills_nobodys_mailbox(user, clock, figures):
    """A new browser each time, so that no counter of a browser helps."""
    tries = scaled(288, 24)
    for _ in range(tries):
        client = visitor()
        client.post(LOGIN, {"login": "mvaldoie", "password": PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.post(RECOVERY, {"email": "victime@boite.example"}).status_code == 302
        clock.shift(over_a_day(tries))
    to_victim = sum(message.to == ["victime@boite.example"] for message in mail.outbox)
    figures(asked=tries, mails_to_one_mailbox=to_victim)
    assert 5 <= to_victim <= CONFIRMATIONS_A_DAY


def test_a_thief_of_the_password_fills_the_mailbox_with_codes_for_a_while_only(user, clock, figures):
    type(user).objects.update(reinforced=True)
    tries = scaled(288, 24)
    for address, _ in zip(addresses(10_000), range(tries), strict=False):
        client = visitor(address.replace("10.", "203.", 1))
        assert guess(address.replace("10.", "203.", 1), "mvaldoie", PASSWORD, client).status_code == 302
        assert not is_in(client)
        clock.shift(over_a_day(tries))
    figures(asked=tries, mails_to_one_mailbox=len(mail.outbox))
    assert len(mail.outbox) <= 30


def test_refused_tries_write_nothing(user, clock):
    for n in range(40):
        guess(f"10.0.0.{n + 1}", "mvaldoie", "faux")
    rows, lines = FailedTries.objects.count(), AccessEvent.objects.count()
    for n in range(40):
        guess(f"10.0.1.{n + 1}", "mvaldoie", "faux")
        visitor(f"10.0.1.{n + 1}").post(LOST, {"login": "mvaldoie"})
    assert AccessEvent.objects.count() == lines == 3
    assert FailedTries.objects.count() - rows == 4, "the links: three allowed, and the counter of the account"


def test_an_attacker_with_an_account_slows_no_other(user, clock):
    """The cookie of a known browser is bound to its login."""
    UserFactory(username="autre")
    own = known_browser("autre")
    for _ in range(6):
        guess("10.0.0.1", "mvaldoie", "faux", own)
    assert guess("10.0.0.1", "mvaldoie", "faux", own).status_code == 429
    assert guess("10.255.0.1", "autre", PASSWORD, own).status_code == 302
