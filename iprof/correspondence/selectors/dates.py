"""The dates the correspondence itself knows: announced deadlines, and those of what was sent (S11, K2). One query."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from iprof.correspondence.calendar import Entry, Move, last_minute
from iprof.correspondence.models import Circular
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


# Written by hand: the home page reads it each time, and building the same union takes longer than running it.
SQL = """
SELECT d.public_id, d.title, d.closes_at, NULL::date, d.procedure, NULL::boolean, d.link, d.source, d.opens_on,
       p.done_at, d.cancelled_because, d.cancelled_at, d.created_at,
       ARRAY(SELECT json_build_object('was', m.was_at, 'became', m.became_at, 'reason', m.reason, 'decided', m.decided_at)
               FROM correspondence_deadlinemove m WHERE m.deadline_id = d.id ORDER BY m.number)
  FROM correspondence_deadlineperson p JOIN correspondence_deadline d ON d.id = p.deadline_id
 WHERE p.user_id = %(user)s AND d.closes_at > %(since)s
 UNION ALL
SELECT c.public_id, c.title, NULL, c.deadline, c.kind, c.result, '', '', NULL,
       r.acted_at, c.recall_reason, c.recalled_at, c.released_at, NULL
  FROM correspondence_circularrecipient r JOIN correspondence_circular c ON c.id = r.circular_id
 WHERE r.user_id = %(user)s AND c.deadline > %(since_day)s AND c.state = ANY(%(sent)s)
"""


def correspondence_entries(user: User, on: dt.date) -> Iterator[Entry]:
    """A recalled correspondence stays, said so; a confidential one is named on the portal alone (S71)."""
    past = dt.timedelta(PAST_DAYS)
    asked: dict[str, Any] = {
        "user": user.pk,
        "since": timezone.now() - past,
        "since_day": on - past,
        "sent": list(SENT),
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL, asked)
        rows = [Row(*found) for found in cursor.fetchall()]
    return (_deadline(row) if row.day is None else _circular(row, row.day) for row in rows)


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
