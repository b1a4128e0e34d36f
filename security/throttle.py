"""Failed tries slow down, per account and per network (norm D02), and never lock a teacher out of a known browser.

Counters live in the database: they survive a restart, and the portal opens without its cache. Unknown logins are
counted like the others, so that nothing tells them apart. A browser that has signed in before carries a signed cookie
and its own counter, of the account alone: neither tries made elsewhere nor those of its neighbours slow it.

A try is counted before it is made and given back when the secret was right: a burst in parallel gains none.
"""

import datetime as dt
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from iprof.web.crypto import lookup_digest, lookup_digests
from security.domain.logins import account_name
from security.domain.waiting import LONGEST_WAIT, WINDOW, wait_after
from security.models import FailedTries

DEVICE_COOKIE = "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"
DEVICE_SALT = "security.device"
DEVICE_AGE = dt.timedelta(days=180)
FREE_PER_LOGIN = 2
FREE_PER_ADDRESS = 60  # a whole school may share one address
IPV6_PREFIX = 64  # one subscriber holds the whole of it
SECOND_STEP, MAIL_CODE, LINK, RECOVERY_MAIL = "second-step", "mail-code", "link", "recovery-mail"
PASSKEY = "passkey"  # names no account before it is checked: counted per network, in the place of the login
FREE_PER_ACT = {SECOND_STEP: 2, MAIL_CODE: 5, LINK: 2, RECOVERY_MAIL: 5, PASSKEY: FREE_PER_ADDRESS}
FORGOTTEN = ("", SECOND_STEP, MAIL_CODE)  # by a sign-in; links and confirmations go on counting what a mailbox receives
PER_NETWORK = ("", LINK)  # whoever does the others knows the password
PER_BROWSER = ("", SECOND_STEP, MAIL_CODE, LINK)  # the others are asked for by whoever is signed in
# A link lives an hour: its owner always has one that opens, or may ask for one.
LONGEST = {LINK: dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)}


@dataclass(frozen=True, slots=True)
class Counter:
    """What one try counts in: `free` tries without a wait, then at most `longest` between two."""

    key: str
    free: int
    longest: dt.timedelta

    def wait(self, row: FailedTries, now: dt.datetime) -> dt.timedelta:
        due = min(wait_after(row.failures, free=self.free), self.longest)
        # Nothing due is no wait, were the last try a hair later by the clock of another process.
        return row.last_at + due - now if due else dt.timedelta()


def _counters(request: HttpRequest, login: str, act: str) -> list[Counter]:
    """The counter of the account, from this browser if it is known; of the network too, from one that is not."""
    name = account_name(login)
    device = _device(request, name) if act in PER_BROWSER else ""
    longest = LONGEST.get(act, LONGEST_WAIT)
    counters = [Counter(_account_key(name, device, act), FREE_PER_ACT.get(act, FREE_PER_LOGIN), longest)]
    if act in PER_NETWORK and not device:
        network = f"{network_of(request)}\x00{act}" if act else network_of(request)
        counters.append(Counter(lookup_digest(network, context="tries-address"), FREE_PER_ADDRESS, longest))
    return sorted(counters, key=lambda counter: counter.key)  # the order in which locks are taken


def _account_key(name: str, device: str, act: str) -> str:
    return lookup_digest("\x00".join([name, device, act] if act else [name, device]), context="tries")


def network_of(request: HttpRequest) -> str:
    """The address, or the IPv6 network of a subscriber, who may change address within it at each try."""
    address = request.META.get("REMOTE_ADDR") or ""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))


def _device(request: HttpRequest, name: str) -> str:
    try:
        known = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=DEVICE_AGE)
    except signing.BadSignature:
        return ""
    return str(known["device"]) if known.get("login") in lookup_digests(name, context="device") else ""


def remaining_wait(request: HttpRequest, login: str, act: str = "") -> dt.timedelta:
    """How long to wait before the next try; zero when it may be made now. One query."""
    counters, now = _counters(request, login, act), timezone.now()
    rows = _rows(counters, now)
    return max([*(each.wait(rows[each.key], now) for each in counters if each.key in rows), dt.timedelta()])


def _rows(counters: Iterable[Counter], now: dt.datetime) -> dict[str, FailedTries]:
    keys = [counter.key for counter in counters]
    return {row.key: row for row in FailedTries.objects.filter(key__in=keys, last_at__gt=now - WINDOW)}


def note_failure(request: HttpRequest, login: str, act: str = "") -> None:
    """Counts a failed try; a counter starts again 24 hours after its last failure."""
    _count(_counters(request, login, act), timezone.now())


def _count(counters: Iterable[Counter], now: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO security_failedtries (key, failures, last_at) VALUES (%(key)s, 1, %(now)s)
            ON CONFLICT (key) DO UPDATE SET last_at = %(now)s, failures = CASE
              WHEN security_failedtries.last_at <= %(since)s THEN 1 ELSE security_failedtries.failures + 1 END
            """,
            [{"key": counter.key, "now": now, "since": now - WINDOW} for counter in counters],
        )


@transaction.atomic
def take_try(request: HttpRequest, login: str, act: str = "") -> dt.timedelta:
    """Counts a try of `act` (empty: the password) before it is made, zero returned; or the time to wait, the try not
    being allowed.

    Tries in parallel take turns, so that a burst gains none.
    """
    counters = _counters(request, login, act)
    with connection.cursor() as cursor:
        for counter in counters:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [counter.key])
    now = timezone.now()
    rows = _rows(counters, now)
    wait = max([*(each.wait(rows[each.key], now) for each in counters if each.key in rows), dt.timedelta()])
    if not wait:
        _count(counters, now)
        request.tries_taken = (now, {key: row.last_at for key, row in rows.items()}, counters)  # type: ignore[attr-defined]
    return wait


@transaction.atomic
def give_back(request: HttpRequest) -> None:
    """The try just taken was right: it counts no more, and what others failed meanwhile stays."""
    taken, before, counters = request.tries_taken  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE security_failedtries SET failures = greatest(failures - 1, 0),
              last_at = CASE WHEN last_at = %(taken)s THEN %(before)s ELSE last_at END
            WHERE key = %(key)s
            """,
            [{"key": c.key, "taken": taken, "before": before.get(c.key, taken)} for c in counters],
        )
    FailedTries.objects.filter(key__in=[counter.key for counter in counters], failures=0).delete()


def note_success(request: HttpRequest, login: str) -> None:
    """Forgets the failures of the account from this browser; those of the address stay."""
    name = account_name(login)
    keys = [_account_key(name, _device(request, name), act) for act in FORGOTTEN]
    FailedTries.objects.filter(key__in=keys).delete()


def forget_failures(login: str) -> None:
    """Forgets the failures of the account from browsers that are not known: what keeps its owner waiting elsewhere."""
    keys = [_account_key(account_name(login), "", act) for act in FORGOTTEN]
    FailedTries.objects.filter(key__in=keys).delete()


def remember_browser(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Marks a browser that has just signed in."""
    name = account_name(login)
    if _device(request, name):
        return
    value = signing.dumps(
        {"device": secrets.token_urlsafe(12), "login": lookup_digest(name, context="device")}, salt=DEVICE_SALT
    )
    response.set_cookie(
        DEVICE_COOKIE,
        value,
        max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_old_tries() -> int:
    """Deletes counters without effect any more; returns how many."""
    return FailedTries.objects.filter(last_at__lte=timezone.now() - WINDOW).delete()[0]
