"""The sessions of an account: kept at sign-in, followed when their key changes, ended by their owner (norm D11)."""

import datetime as dt
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from security.enums import AccessKind
from security.journal import record
from security.middleware import SEEN
from security.models import OpenSession, User
from security.trust import browser_name

HELD = "open_session"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session still alive; `seen_at` is exact to the minute, `is_current` the one that reads the page."""

    public_id: uuid.UUID
    browser: str
    ip: str
    began_at: dt.datetime
    seen_at: dt.datetime
    is_current: bool


def note_session(request: HttpRequest, user: User) -> None:
    """A session has just begun."""
    if request.session.session_key is None:
        request.session.create()
    kept, _ = OpenSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "began_at": timezone.now(),
            "ip": request.META.get("REMOTE_ADDR") or None,
            "browser": browser_name(request.META.get("HTTP_USER_AGENT", "")),
        },
    )
    request.session[HELD] = str(kept.public_id)


def claim_session(request: HttpRequest) -> bool:
    """Of the requests sent at once with one session, the first alone: the session takes another key (norm D11)."""
    key = request.session.session_key
    if not Session.objects.filter(session_key=key).delete()[0]:
        request.session.modified = False  # nothing of this request is kept: the browser may hold the other's session
        return False
    request.session.cycle_key()
    return True


def follow_session(request: HttpRequest) -> None:
    """The key of the session has just changed, as it does with the password."""
    held_session(request).update(session_key=request.session.session_key)


def forget_session(request: HttpRequest) -> None:
    """The session ends here."""
    held_session(request).delete()


def held_session(request: HttpRequest) -> QuerySet[OpenSession]:
    """The row of the session that asks, if it has one."""
    return OpenSession.objects.filter(public_id=str(request.session.get(HELD, uuid.UUID(int=0))))


def sessions_of(user: User, request: HttpRequest) -> list[SessionLine]:
    """Sessions that still open the account, the current one first, then the newest. Two queries."""
    rows = {row.session_key: row for row in OpenSession.objects.filter(user=user)}
    stored = Session.objects.filter(session_key__in=rows, expire_date__gt=timezone.now())
    found = [_line(rows[one.session_key], one.get_decoded(), request) for one in stored if _is_alive(one, user)]
    return sorted(found, key=lambda line: (not line.is_current, -line.began_at.timestamp()))


def _is_alive(session: Session, user: User) -> bool:
    """Neither idle for too long nor opened with a password changed since."""
    data = session.get_decoded()
    idle = time.time() - data.get(SEEN, 0) > settings.SESSION_IDLE_SECONDS
    return not idle and constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _line(row: OpenSession, data: dict[str, object], request: HttpRequest) -> SessionLine:
    seen = dt.datetime.fromtimestamp(int(str(data[SEEN])), dt.UTC)
    is_current = row.session_key == request.session.session_key
    return SessionLine(row.public_id, row.browser, row.ip or "", row.began_at, seen, is_current)


@transaction.atomic
def end_session(*, session: OpenSession, request: HttpRequest) -> None:
    """Ends one session of the person who asks."""
    end_sessions([session])
    record(AccessKind.SESSION_ENDED, actor=session.user, subject=session.user, request=request, sessions=1)


@transaction.atomic
def end_other_sessions(*, user: User, request: HttpRequest) -> int:
    """Ends every session but the one that asks; returns how many were still open."""
    open_now = len(sessions_of(user, request))
    others = OpenSession.objects.select_for_update().filter(user=user)
    end_sessions(others.exclude(session_key=request.session.session_key or ""))
    ended = open_now - len(sessions_of(user, request))
    if ended:
        record(AccessKind.SESSION_ENDED, actor=user, subject=user, request=request, sessions=ended)
    return ended


def end_every_session(user: User) -> None:
    """No session of the account opens anything any more, in the list or not: their key changes. `user` is locked."""
    user.session_generation += 1
    user.save(update_fields=["session_generation"])
    end_sessions(OpenSession.objects.select_for_update().filter(user=user))


def end_sessions(rows: Iterable[OpenSession]) -> None:
    """Ends them at once; who asks for it writes the journal."""
    keys = [row.session_key for row in rows]
    Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(session_key__in=keys).delete()


def forget_old_sessions() -> int:
    """Deletes the rows of sessions that have reached their absolute limit; returns how many."""
    limit = timezone.now() - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return OpenSession.objects.filter(began_at__lt=limit).delete()[0]
