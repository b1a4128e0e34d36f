"""Reads of the alerts: always those of one account, never anyone else's."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from iprof.correspondence.models import Alert
from security.models import User

REMINDER = "echeance.rappel"  # of a deadline


@dataclass(frozen=True, slots=True)
class Unread:
    """The newest unread alerts, and how many more there are (`more` is true past the ones shown)."""

    alerts: tuple[Alert, ...]
    more: bool


def alerts_of(user: User) -> QuerySet[Alert]:
    """The alerts of an account, newest first."""
    return (
        Alert.objects.filter(user_id=user.pk)
        .select_related("mailing")
        .only(
            "message_id",
            "subject",
            "body",
            "link",
            "created_at",
            "read_at",
            "withdrawn_at",
            "bounced_at",
            "mailing__text",
            "mailing__recalled_at",
            "mailing__recall_reason",
        )
    )


BOUNCE_TOLD = dt.timedelta(days=30)  # how long the page says that a mail came back


def alert_counts(user: User) -> dict[str, int]:
    """`total`, `unread` and `bounced` (mails that came back lately), in one query."""
    lately = timezone.now() - BOUNCE_TOLD
    return Alert.objects.filter(user_id=user.pk).aggregate(
        total=Count("pk"),
        unread=Count("pk", filter=Q(read_at__isnull=True)),
        bounced=Count("pk", filter=Q(bounced_at__gt=lately)),
    )


def unread_alerts(user: User, *, limit: int = 3, besides: str = "") -> Unread:
    """The newest unread alerts for the home page, but the reminders of dates and those of the kind `besides`, which the
    page tells of otherwise.

    One query, `limit` + 1 rows at most.
    """
    unread = Alert.objects.filter(user_id=user.pk, read_at__isnull=True).exclude(kind=REMINDER)
    if besides:
        unread = unread.exclude(kind=besides)
    rows = tuple(unread.only("message_id", "subject", "link", "created_at")[: limit + 1])
    return Unread(rows[:limit], len(rows) > limit)
