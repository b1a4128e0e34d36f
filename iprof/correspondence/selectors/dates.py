"""The dates the correspondence itself knows: announced deadlines, and those of what was sent (S11, K2). One query."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, CharField, DateField, DateTimeField, F, JSONField, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from iprof.correspondence.calendar import Entry, Move, last_minute
from iprof.correspondence.models import Circular, CircularRecipient, DeadlineMove, DeadlinePerson
from iprof.correspondence.models.circulars import SENT
from iprof.web.ics import stable_uid
from security.models import User

PAST_DAYS = 365
UNSAID = "Une correspondance attend une action de votre part"


class Row(NamedTuple):
    """A deadline, or a correspondence: `day` is then its last day, `about` its kind, `result` whether it tells one.

    `ended_at`: cancelled or recalled, `because` of what; `known_at`: announced or sent.
    """

    public_id: UUID
    title: str
    closes_at: dt.datetime | None
    day: dt.date | None
    about: str
    result: bool | None
    link: str
    source: str
    opens_on: dt.date | None
    done_at: dt.datetime | None
    because: str
    ended_at: dt.datetime | None
    known_at: dt.datetime
    moved: list[dict[str, str]] | None


def correspondence_entries(user: User, on: dt.date) -> Iterator[Entry]:
    """A recalled correspondence stays, said so; a confidential one is named on the portal alone (S71)."""
    for found in _deadlines(user).union(_circulars(user, on), all=True):
        row = Row(*found)
        yield _deadline(row) if row.day is None else _circular(row, row.day)


def _deadlines(user: User) -> QuerySet[Any, Any]:
    moves = DeadlineMove.objects.filter(deadline=OuterRef("deadline")).order_by("number").values(
        row=JSONObject(was="was_at", became="became_at", reason="reason", decided="decided_at")
    )  # fmt: skip
    since = timezone.now() - dt.timedelta(days=PAST_DAYS)
    rows = DeadlinePerson.objects.filter(user_id=user.pk, deadline__closes_at__gt=since).order_by()
    return rows.values_list(
        F("deadline__public_id"), F("deadline__title"), F("deadline__closes_at"),
        Value(None, DateField()), F("deadline__procedure"), Value(None, BooleanField()), F("deadline__link"), F("deadline__source"),
        F("deadline__opens_on"), F("done_at"), F("deadline__cancelled_because"), F("deadline__cancelled_at"),
        F("deadline__created_at"), ArraySubquery(moves),
    )  # fmt: skip


def _circulars(user: User, on: dt.date) -> QuerySet[Any, Any]:
    rows = CircularRecipient.objects.filter(
        user_id=user.pk, circular__state__in=SENT, circular__deadline__gt=on - dt.timedelta(PAST_DAYS)
    ).order_by()
    empty = Value("", CharField())
    return rows.values_list(
        F("circular__public_id"), F("circular__title"), Value(None, DateTimeField()), F("circular__deadline"),
        F("circular__kind"), F("circular__result"), empty, empty, Value(None, DateField()), F("acted_at"), F("circular__recall_reason"),
        F("circular__recalled_at"), F("circular__released_at"), Value(None, ArrayField(JSONField())),
    )  # fmt: skip


def _deadline(row: Row) -> Entry:
    if row.closes_at is None:
        raise ValueError("a deadline without its hour")
    moved = row.moved or []
    changed = [dt.datetime.fromisoformat(move["decided"]) for move in moved]
    changed += [row.ended_at] if row.ended_at else []
    return Entry(
        uid=stable_uid("correspondence/deadline", row.public_id),
        title=row.title,
        closes_at=row.closes_at,
        source=row.source,
        procedure=row.about,
        link=row.link,
        opens_on=row.opens_on,
        done=row.done_at is not None,
        mark=str(row.public_id),
        moves=tuple(_move(move) for move in moved),
        cancelled_because=row.because,
        sequence=len(moved) + (row.ended_at is not None),
        modified_at=max(changed, default=row.known_at),
    )


def _move(row: dict[str, str]) -> Move:
    was, became, decided = (dt.datetime.fromisoformat(row[name]) for name in ("was", "became", "decided"))
    return Move(was, became, row["reason"], timezone.localtime(decided).date())


def _circular(row: Row, last: dt.date) -> Entry:
    circular = Circular(public_id=row.public_id, kind=row.about, result=bool(row.result))
    return Entry(
        uid=stable_uid("correspondence/circular", row.public_id),
        title=row.title,
        closes_at=last_minute(last),
        source=f"Correspondance de l'académie de {settings.ACADEMIE}",
        procedure=circular.get_kind_display(),
        link=circular.get_absolute_url(),
        all_day=True,
        done=row.done_at is not None,
        outside_title=UNSAID if circular.confidential else "",
        cancelled_because=row.because,
        sequence=int(row.ended_at is not None),
        modified_at=row.ended_at or row.known_at,
    )
