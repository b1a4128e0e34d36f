"""Passwords guessed: many against one account, one against many accounts, and the honest owner meanwhile (norm D02)."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from security.domain.waiting import WINDOW
from security.models import AccessEvent, FailedTries, User
from security.validators import CnilCompositionValidator, GuessableValidator
from tests.attacks import scaled
from tests.attacks.attackers import Tally, addresses, guess, is_in, known_browser, many_guesses, over_a_day, visitor
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
GUESSES = 10_000
ACCOUNTS = 10_000
A_DAY = 25  # tries a day, the most norm D02 allows


def dictionary(size: int = GUESSES) -> list[str]:
    """So many guesses, the right one at a place drawn by lot: found if and only if the attack comes that far."""
    draw = random.Random(2026)
    words = [f"essai-{n}" for n in range(size)]
    words[draw.randrange(size)] = PASSWORD
    return words


def a_day_of_guesses(clock, source, client=None) -> Tally:
    tally, waiting, sent = Tally(), iter(dictionary()), scaled(GUESSES, 100)
    word = next(waiting)
    for address in islice(source, sent):
        if tally.add(many_guesses(address, "mvaldoie", word, client)):
            word = next(waiting)
        clock.shift(over_a_day(sent))
    return tally


@pytest.mark.req("D02")
@pytest.mark.parametrize("sources", [1, GUESSES])
def test_a_day_of_guesses_against_one_account(sources, user, clock, figures):
    owner = known_browser("mvaldoie")
    tally = a_day_of_guesses(clock, addresses(sources))
    assert tally.examined <= A_DAY
    assert tally.through == 0
    assert AccessEvent.objects.filter(kind="compte.connexion-echouee").count() == tally.examined
    assert guess("10.255.0.1", "mvaldoie", PASSWORD, owner).status_code == 302
    by_link = signs_in_by_the_link("10.255.0.2")
    figures(sent=tally.sent, examined=tally.examined, through=0, chance=tally.examined / GUESSES, honest=by_link)
    assert by_link


def signs_in_by_the_link(address: str) -> bool:
    """The owner, in a browser never seen: refused for now, then let in by the link of the mailbox."""
    client = visitor(address)
    assert guess(address, "mvaldoie", PASSWORD, client).status_code == 429
    client.post(reverse("security:password_lost"), {"login": "mvaldoie"})
    path = re.search(r"/mot-de-passe-perdu/\S+", mail.outbox[-1].body).group()
    client.post(client.get(path).headers["Location"], {"etape": "debloquer"})
    return guess(address, "mvaldoie", PASSWORD, client).status_code == 302


@pytest.mark.req("D02")
def test_a_day_of_guesses_from_a_browser_stolen_from_its_owner(user, clock, figures):
    stolen = known_browser("mvaldoie")
    tally = a_day_of_guesses(clock, addresses(1), stolen)
    assert tally.examined <= A_DAY
    assert tally.through == 0
    elsewhere = guess("10.255.0.2", "mvaldoie", PASSWORD).status_code == 302
    figures(sent=tally.sent, examined=tally.examined, through=0, chance=tally.examined / GUESSES, honest=elsewhere)
    assert elsewhere


@pytest.mark.req("D02")
def test_the_ways_of_writing_a_login_share_one_counter(user, clock, figures):
    ways = ["mvaldoie", "MVALDOIE", " mvaldoie", "mvaldoie\u2003", "Mvaldoie\t", "mValdoie"]
    tally = Tally()
    for address, way in zip(addresses(60), ways * 10, strict=False):
        tally.add(guess(address, way, "faux"))
    assert tally.examined == 3
    figures(sent=tally.sent, examined=tally.examined)


@pytest.mark.req("D02")
@pytest.mark.django_db(transaction=True)  # each try holds its locks to the end of its own transaction
@pytest.mark.parametrize("sources", [1, 100, ACCOUNTS])
def test_one_guess_against_each_account(sources, user, clock, figures):
    """One account in fifty has the very password sprayed: the worst case, for the validators refuse common ones."""
    count = scaled(ACCOUNTS, 100)
    sources = sources if sources < 2 else sources * count // ACCOUNTS
    owner = known_browser("mvaldoie")
    planted = make_password("Automne-Reims-2026")
    unusable, weak = make_password(None), set(random.Random(2026).sample(range(count), count // 50))
    User.objects.bulk_create(
        User(username=f"agent{n}", activated_at=timezone.now(), password=planted if n in weak else unusable)
        for n in range(count)
    )
    tally = Tally()
    for n, address in zip(range(count), addresses(sources), strict=False):
        tally.add(many_guesses(address, f"agent{n}", "Automne-Reims-2026"))
        clock.shift(over_a_day(count))
    per_address = -(-count // sources)
    assert tally.examined <= sources * min(per_address, 60 + A_DAY)
    assert guess("10.255.0.1", "mvaldoie", PASSWORD, owner).status_code == 302
    new_browser = guess("10.255.0.9", "mvaldoie", PASSWORD).status_code == 302
    figures(sources=sources, sent=tally.sent, examined=tally.examined, through=tally.through, honest=new_browser)
    assert new_browser


@pytest.mark.req("D07")
def test_no_common_password_can_be_sprayed(figures):
    """An account cannot have them: neither alone, nor dressed up as people do to satisfy the rules."""
    common = sorted(CommonPasswordValidator().passwords)[:: scaled(4, 1000)]
    dressed = [
        way.format(word.capitalize()) for word in common for way in ("{}2026!", "{}-2026", "!{}123456", "{}51100!")
    ]
    accepted = [word for word in common + dressed if is_accepted(word)]
    figures(tried=len(common) + len(dressed), accepted=len(accepted), which=accepted[:5])
    assert accepted == []


def is_accepted(password: str) -> bool:
    try:
        for validator in (CnilCompositionValidator(), CommonPasswordValidator(), GuessableValidator()):
            validator.validate(password)
    except ValidationError:
        return False
    return True


@pytest.mark.req("D02")
def test_an_ipv6_subscriber_is_one_source_whatever_the_address(user, clock, figures):
    tally = Tally()
    for n in range(scaled(1000, 70)):
        tally.add(guess(f"2001:db8:51:7::{n + 1:x}", f"agent{n}", "faux"))
    figures(sent=tally.sent, examined=tally.examined)
    assert tally.examined == 61  # the sixty free ones, and the one whose answer begins the first wait


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("D02", "D17")
def test_a_burst_in_parallel_gains_no_guess(user, clock, figures):
    """Twenty guesses sent at once: each is counted before it is examined."""

    def try_one(n: int) -> int:
        try:
            return guess(f"10.0.0.{n + 1}", "mvaldoie", f"essai-{n}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(scaled(20, 10)) as pool:
        answers = list(pool.map(try_one, range(scaled(20, 10))))
    figures(sent=len(answers), examined=answers.count(400))
    assert answers.count(400) == 3


@pytest.mark.req("D02")
def test_a_right_password_given_back_leaves_the_counter_as_it_was(user, clock):
    """A second step left undone must not make its owner wait, nor a school that signs in at eight."""
    for _ in range(2):
        guess("10.0.0.1", "mvaldoie", "faux")
    before = list(FailedTries.objects.order_by("key").values_list("key", "failures", "last_at"))
    User.objects.update(reinforced=True)
    clock.shift(60)
    client = visitor("203.0.113.9")
    assert guess("203.0.113.9", "mvaldoie", PASSWORD, client).status_code == 302
    assert not is_in(client)
    kept = [
        row for row in FailedTries.objects.order_by("key").values_list("key", "failures", "last_at") if row in before
    ]
    assert kept == before
    for _ in range(scaled(70, 12)):
        client = visitor("10.0.0.1")
        assert guess("10.0.0.1", "mvaldoie", PASSWORD, client).status_code == 302


def test_counters_end_with_their_day(user, clock):
    for n in range(12):
        guess(f"10.0.1.{n + 1}", "mvaldoie", "faux")
        clock.shift(7200)
    clock.shift(WINDOW)
    assert guess("10.0.0.1", "mvaldoie", "faux").status_code == 400
