"""Failed tries slow down, per account and per address (norm D02), and never lock a teacher out of a known browser.

Counters live in the database: they survive a restart, and the portal opens without its cache. Unknown logins are
counted like the others, so that nothing tells them apart. A browser that has signed in before carries a signed cookie
and its own counter: tries made elsewhere against the same login do not slow it.
"""

import datetime as dt
import secrets

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from iprof.web.crypto import lookup_digest
from security.domain.waiting import WINDOW, wait_after
from security.models import FailedTries

DEVICE_COOKIE = "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"
DEVICE_SALT = "security.device"
DEVICE_AGE = dt.timedelta(days=180)
FREE_PER_LOGIN = 2
SECOND_STEP, MAIL_CODE = "second-step", "mail-code"
FREE_PER_ACT = {SECOND_STEP: 2, MAIL_CODE: 5}  # tries of a code, codes sent
FREE_PER_ADDRESS = 60  # a whole school may share one address


def _keys(request: HttpRequest, login: str, act: str = "") -> tuple[tuple[str, int], ...]:
    """(key, free tries) of the account, from this browser if it is known, and of the network address.

    An `act` of the second step has its own counter, of the account alone: whoever is there knows the password.
    """
    name = login.strip().lower()
    device = _device(request, name)
    if act:
        return ((lookup_digest(f"{name}\x00{device}\x00{act}", context="tries"), FREE_PER_ACT[act]),)
    account = lookup_digest(f"{name}\x00{device}", context="tries")
    address = lookup_digest(request.META.get("REMOTE_ADDR") or "", context="tries-address")
    return (account, FREE_PER_LOGIN), (address, FREE_PER_ADDRESS)


def _device(request: HttpRequest, name: str) -> str:
    try:
        known = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=DEVICE_AGE)
    except signing.BadSignature:
        return ""
    return str(known["device"]) if known.get("login") == lookup_digest(name, context="device") else ""


def remaining_wait(request: HttpRequest, login: str, act: str = "") -> dt.timedelta:
    """How long to wait before the next try; zero when it may be made now. One query."""
    keys = dict(_keys(request, login, act))
    now = timezone.now()
    waits = [
        row.last_at + wait_after(row.failures, free=keys[row.key]) - now
        for row in FailedTries.objects.filter(key__in=keys, last_at__gt=now - WINDOW)
    ]
    return max([*waits, dt.timedelta()])


def note_failure(request: HttpRequest, login: str, act: str = "") -> None:
    """Counts a failed try; a counter starts again 24 hours after its last failure."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO security_failedtries (key, failures, last_at) VALUES (%(key)s, 1, %(now)s)
            ON CONFLICT (key) DO UPDATE SET last_at = %(now)s, failures = CASE
              WHEN security_failedtries.last_at <= %(since)s THEN 1 ELSE security_failedtries.failures + 1 END
            """,
            [{"key": key, "now": now, "since": now - WINDOW} for key, _ in _keys(request, login, act)],
        )


@transaction.atomic
def take_try(request: HttpRequest, login: str, act: str) -> dt.timedelta:
    """Counts a try of `act` before it is made, zero returned; or the time to wait, the try not being allowed.

    Tries in parallel take turns, so that a burst gains none.
    """
    ((key, _),) = _keys(request, login, act)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    wait = remaining_wait(request, login, act)
    if not wait:
        note_failure(request, login, act)
    return wait


def note_success(request: HttpRequest, login: str) -> None:
    """Forgets the failures of the account from this browser; those of the address stay."""
    accounts = [_keys(request, login, act)[0][0] for act in ("", *FREE_PER_ACT)]
    FailedTries.objects.filter(key__in=accounts).delete()


def forget_failures(login: str) -> None:
    """Forgets the failures of the account from browsers that are not known: what keeps its owner waiting elsewhere."""
    name = login.strip().lower()
    keys = [lookup_digest(f"{name}\x00{act}", context="tries") for act in ("", *(f"\x00{act}" for act in FREE_PER_ACT))]
    FailedTries.objects.filter(key__in=keys).delete()


def remember_browser(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Marks a browser that has just signed in."""
    name = login.strip().lower()
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
