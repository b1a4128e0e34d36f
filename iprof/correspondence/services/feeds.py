"""The secret address of one's calendar: made, made anew, taken back. Shown once, when made."""

import secrets

from django.db import transaction
from django.utils import timezone

from iprof.correspondence.models import CalendarFeed
from iprof.correspondence.selectors.feeds import feed_digest
from security.enums import AccessKind
from security.journal import record
from security.models import User

TOKEN_BYTES = 32


@transaction.atomic
def open_feed(*, by: User) -> str:
    """The secret of a new address; the former one opens nothing from now on."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    kept = {"key_digest": feed_digest(token), "created_at": timezone.now()}
    CalendarFeed.objects.update_or_create(user=by, defaults=kept)
    record(AccessKind.CALENDAR_FEED, actor=by, subject=by, act="creation")
    return token


@transaction.atomic
def close_feed(*, by: User) -> bool:
    """False when there was none."""
    gone = CalendarFeed.objects.filter(user_id=by.pk).delete()[0]
    if gone:
        record(AccessKind.CALENDAR_FEED, actor=by, subject=by, act="retrait")
    return bool(gone)
