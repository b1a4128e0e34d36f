"""Digests: what was put off leaves in one mail, at 18:00 each day or on Mondays at 07:00, the subjects and nothing more.

A person has one digest per day or week, by its cause; an alert is in one digest, by its own row, written in the same
transaction. An hour missed is caught up by the next run; what came after the hour waits for the next digest.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.enums import Pace
from iprof.correspondence.models import Alert, AlertQuerySet
from iprof.correspondence.outbox.writing import insert_notices
from iprof.web.formats import french_date

PEOPLE = 500  # in one transaction
LISTED = 30  # subjects in a mail; the others are counted
HOURS = {Pace.DAILY: dt.time(18), Pace.WEEKLY: dt.time(7)}
KINDS = {Pace.DAILY: "recapitulatif.jour", Pace.WEEKLY: "recapitulatif.semaine"}
DIGESTS = """
INSERT INTO correspondence_alert (user_id, kind, cause, subject, body, link, pace, message_id, created_at, next_try_at,
                                  attempts, last_error)
SELECT one.user_id, %(kind)s, %(cause)s, one.subject, one.body, %(link)s, %(pace)s, gen_random_uuid(), %(now)s, %(now)s,
       0, ''
  FROM unnest(%(users)s::bigint[], %(subjects)s::text[], %(bodies)s::text[]) AS one(user_id, subject, body)
 ORDER BY one.user_id
    ON CONFLICT (user_id, cause) WHERE NOT (cause = '') DO NOTHING
RETURNING user_id, id
"""
# The try is counted: a mailing called back tells whoever read its subject in a digest.
TOLD = """
UPDATE correspondence_alert a SET digest_id = d.id, attempts = a.attempts + 1
  FROM correspondence_alert d
 WHERE a.id = ANY(%(told)s) AND d.id = ANY(%(digests)s) AND d.user_id = a.user_id
"""


def last_hour(pace: Pace, now: dt.datetime) -> dt.datetime:
    """The last hour of digest that is past, in the time of the portal."""
    local = timezone.localtime(now)
    day = local.date() - dt.timedelta(days=local.weekday() if pace == Pace.WEEKLY else 0)
    found = timezone.make_aware(dt.datetime.combine(day, HOURS[pace]))
    if found <= now:
        return found
    day -= dt.timedelta(days=7 if pace == Pace.WEEKLY else 1)
    return timezone.make_aware(dt.datetime.combine(day, HOURS[pace]))


def tell_due() -> int:
    """Writes each digest whose hour is past and that is not written yet; returns how many."""
    now, written = timezone.now(), 0
    for pace in HOURS:
        after: int | None = 0
        while after is not None:
            count, after = tell_batch(pace, hour=last_hour(pace, now), after=after)
            written += count
    return written


@transaction.atomic
def tell_batch(pace: Pace, *, hour: dt.datetime, after: int = 0) -> tuple[int, int | None]:
    """(digests written, account to go on after; None: nobody is left), for up to PEOPLE accounts."""
    cause = f"recapitulatif:{pace.value}:{timezone.localdate(hour)}"
    people = list(
        _waiting(pace, hour)
        .filter(~Exists(Alert.objects.filter(user_id=OuterRef("user_id"), cause=cause)), user_id__gt=after)
        .order_by("user_id").values_list("user_id", flat=True).distinct()[:PEOPLE]
    )  # fmt: skip
    if not people:
        return 0, None
    held = _waiting(pace, hour).filter(user_id__in=people).select_for_update(skip_locked=True, of=("self",))
    rows = list(held.order_by("user_id", "created_at", "pk").only("user_id", "subject", "read_at"))
    # Read before its digest: nobody has to be told of it any more.
    Alert.objects.filter(pk__in=[row.pk for row in rows if row.read_at]).update(pace=Pace.NEVER)
    return _tell([row for row in rows if not row.read_at], KINDS[pace], cause, hour), people[-1]


def _waiting(pace: Pace, hour: dt.datetime) -> AlertQuerySet:
    return Alert.objects.filter(
        pace=pace, digest__isnull=True, withdrawn_at__isnull=True, created_at__lt=hour, user__is_active=True
    )


def _tell(rows: Sequence[Alert], kind: str, cause: str, hour: dt.datetime) -> int:
    """Rows of people who have this digest already, written meanwhile by another worker, stay for the next one."""
    subjects: dict[int, list[str]] = {}
    for row in rows:
        subjects.setdefault(row.user_id, []).append(row.subject)
    if not subjects:
        return 0
    now = timezone.now()
    values: dict[str, Any] = {
        "kind": kind, "cause": cause, "link": reverse("correspondence:alert_list"), "pace": Pace.NOW.value, "now": now,
        "users": list(subjects), "subjects": [title(len(listed)) for listed in subjects.values()],
        "bodies": [body(listed, hour) for listed in subjects.values()],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DIGESTS, values)
        digests = dict(cursor.fetchall())
        told = [row.pk for row in rows if row.user_id in digests]
        cursor.execute(TOLD, {"told": told, "digests": list(digests.values())})
    insert_notices(list(digests.values()), now=now)
    return len(digests)


def title(count: int) -> str:
    return "1 alerte vous attend" if count == 1 else f"{count} alertes vous attendent"


def body(subjects: Sequence[str], hour: dt.datetime) -> str:
    """The subjects, oldest first; past LISTED, their number."""
    lines = [f"- {subject}" for subject in subjects[:LISTED]]
    more = len(subjects) - LISTED
    if more > 0:
        lines.append(f"- et {more} autre{'s' if more > 1 else ''}, sur le portail")
    return f"Vos alertes non lues au {french_date(timezone.localdate(hour))} :\n\n" + "\n".join(lines)
