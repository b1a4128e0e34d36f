"""Refused accesses in the journal (norm D20), without letting whoever is refused fill it.

The first refusal writes a line at once. The same one again within a minute is only counted, in one row; the count is
written with the next line, or by a task when none comes.
"""

import datetime as dt
import json
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.web.crypto import lookup_digest
from security.enums import AccessKind
from security.journal import record
from security.models import RefusedAccess, User
from security.throttle import network_of

WINDOW = dt.timedelta(minutes=1)
COUNT = """
    INSERT INTO security_refusedaccess AS kept (key, actor_id, subject_id, reason, detail, since, folded, before)
    VALUES (%(key)s, %(actor)s, %(subject)s, %(reason)s, %(detail)s, %(now)s, 0, 0)
    ON CONFLICT (key) DO UPDATE SET
      since = CASE WHEN kept.since <= %(ago)s THEN %(now)s ELSE kept.since END,
      before = CASE WHEN kept.since <= %(ago)s THEN kept.folded ELSE kept.before END,
      folded = CASE WHEN kept.since <= %(ago)s THEN 0 ELSE kept.folded + 1 END
    RETURNING folded, before
"""


@transaction.atomic
def note_refusal(*, actor: User | None, subject: User | None, reason: str, request: HttpRequest, **detail: Any) -> bool:
    """Counts a refusal; True when it wrote a line, with `again`, the number of those counted since the line before.

    `detail` holds the name of the page, the method and the status: never an address typed by a visitor.
    """
    now = timezone.now()
    who = f"u{actor.pk}" if actor else network_of(request)
    values: dict[str, Any] = {
        "key": lookup_digest(
            json.dumps([who, subject and subject.pk, reason, sorted(detail.items())]), context="refusal"
        ),
        "actor": actor and actor.pk,
        "subject": subject and subject.pk,
        "reason": reason,
        "detail": json.dumps(detail),
        "now": now,
        "ago": now - WINDOW,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        folded, before = cursor.fetchone()
    if folded:
        return False
    _write(actor, subject, reason, detail, again=before, request=request)
    if before:
        RefusedAccess.objects.filter(key=values["key"]).update(before=0)
    return True


def write_folded() -> int:
    """Each minute: the counts nobody came back for go to the journal, their rows away. Returns how many refusals."""
    total = 0
    for key in list(_over().values_list("key", flat=True)):
        total += _settle(key)
    return total


@transaction.atomic
def _settle(key: str) -> int:
    row = _over().select_for_update(of=("self",)).select_related("actor", "subject").filter(key=key).first()
    if row is None:
        return 0
    if row.folded:
        _write(row.actor, row.subject, row.reason, row.detail, again=row.folded)
    row.delete()
    return row.folded


def _over() -> Any:
    return RefusedAccess.objects.filter(since__lte=timezone.now() - WINDOW)


def _write(
    actor: User | None,
    subject: User | None,
    reason: str,
    detail: dict[str, Any],
    *,
    again: int,
    request: HttpRequest | None = None,
) -> None:
    counted = {"again": again} if again else {}
    kind = AccessKind.ACCESS_REFUSED
    record(kind, actor=actor, subject=subject, reason=reason, request=request, **detail, **counted)
