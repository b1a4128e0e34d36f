"""Trusted browsers: no second step for 14 days, on the browser that passed one. Revoked by their owner one by one, and
all together when the password or a factor changes."""

import datetime as dt
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from iprof.web.crypto import lookup_digest, lookup_digests
from security.enums import AccessKind
from security.journal import record
from security.models import TrustedBrowser, User

CONTEXT = "trusted-browser"
COOKIE = "__Host-trust" if settings.SESSION_COOKIE_SECURE else "trust"
FAMILIES = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def is_trusted(request: HttpRequest, user: User) -> bool:
    """One query, none for a browser without the cookie."""
    key = request.COOKIES.get(COOKIE, "")
    rows = TrustedBrowser.objects.filter(
        user_id=user.pk, key_digest__in=lookup_digests(key, context=CONTEXT), expires_at__gt=timezone.now()
    )
    return bool(key) and rows.exists()


def trust_browser(request: HttpRequest, response: HttpResponse, user: User) -> TrustedBrowser:
    """Remembers this browser for this account; another account of the same machine keeps its own choice."""
    age = dt.timedelta(days=settings.TRUSTED_BROWSER_DAYS)
    key = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)
    row, _ = TrustedBrowser.objects.update_or_create(
        user=user,
        key_digest=_digest(key),
        defaults={"name": browser_name(request.headers.get("User-Agent", "")), "expires_at": timezone.now() + age},
    )
    record(AccessKind.BROWSER_TRUSTED, actor=user, subject=user, request=request)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, key, max_age=age, secure=secure, httponly=True, samesite="Lax")
    return row


def forget_browsers(*, user: User, pk: int | None = None, request: HttpRequest | None = None) -> int:
    """Forgets one browser of the account, or all; returns how many."""
    rows = TrustedBrowser.objects.filter(user_id=user.pk)
    count, _ = (rows.filter(pk=pk) if pk is not None else rows).delete()
    if count:
        record(AccessKind.BROWSER_FORGOTTEN, actor=user, subject=user, request=request, count=count)
    return count


def forget_expired() -> int:
    """Deletes the trusts that are over; returns how many."""
    return TrustedBrowser.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def browser_name(agent: str) -> str:
    """« Firefox sous Linux »: enough to know one's own again.

    >>> browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox sous Linux'
    >>> browser_name("curl/8")
    'Navigateur inconnu'
    """
    family = next((name for sign, name in FAMILIES if sign in agent), "Navigateur inconnu")
    system = next((name for sign, name in SYSTEMS if re.search(sign, agent)), "")
    return f"{family} sous {system}" if system else family


def _digest(key: str) -> str:
    return lookup_digest(key, context=CONTEXT)
