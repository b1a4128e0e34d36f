"""Holding rows of the outbox, whatever the channel: at least once, never two workers at a time, no row lost by a crash.

A worker leases a batch in a short transaction, which counts the try: a row that kills its worker is given up too. Rows
of a worker that died are due again when the lease ends. Failed tries wait longer each time, then go to the dead letters.
"""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from iprof.correspondence.models.alerts import Sending

BATCH = 200
EXCHANGES = 4  # answers to wait for in one mail: MAIL, RCPT, DATA, the message
TIMEOUT = settings.OUTBOX["timeout"]
LEASE = dt.timedelta(seconds=settings.OUTBOX["lease"])
SENDING = 0.9 * (
    LEASE - EXCHANGES * dt.timedelta(seconds=TIMEOUT)
)  # nothing new is begun after that: the lease outlives what is under way
MAX_ATTEMPTS = 12  # about a day with the delays below
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(seconds=settings.OUTBOX["first_wait"]), dt.timedelta(hours=6)

Row = TypeVar("Row", bound=Sending)
_jitter = random.SystemRandom()
log = structlog.get_logger(__name__)


@transaction.atomic
def lease(due: QuerySet[Row], *, size: int) -> list[Row]:
    """Takes up to `size` rows of `due` for LEASE, in its order. Those worn out are abandoned and not returned."""
    now = timezone.now()
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:size])
    worn_out = [row.pk for row in rows if row.attempts >= MAX_ATTEMPTS]
    if worn_out:
        due.model._default_manager.filter(pk__in=worn_out).update(abandoned_at=now)
    leased = [row for row in rows if row.attempts < MAX_ATTEMPTS]
    if not leased:
        return []
    _rows(leased).update(next_try_at=now + LEASE, attempts=F("attempts") + 1)
    for row in leased:
        row.attempts += 1
    return leased


def backoff(attempts: int) -> dt.timedelta:
    """Wait after the nth failed try: doubled each time, capped, then cut by up to a half so that tries spread out."""
    longest: dt.timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return longest * _jitter.uniform(0.5, 1)


def put_off(row: Sending, label: str, *, last_try: int = MAX_ATTEMPTS, wait: dt.timedelta | None = None) -> None:
    """After a failed try. `label` is shown to staff: what failed, never an address. Given up at the `last_try`th."""
    now = timezone.now()
    log.warning("outbox.not_sent", row=row.pk, channel=row._meta.model_name, error=label, attempts=row.attempts)
    if row.attempts >= last_try:
        _waiting([row]).update(abandoned_at=now, last_error=label)
    else:
        _waiting([row]).update(next_try_at=now + (wait or backoff(row.attempts)), last_error=label)


def give_up(row: Sending, label: str) -> None:
    """What no other try would change."""
    _waiting([row]).update(abandoned_at=timezone.now(), last_error=label)


def give_back(rows: Sequence[Sending], *, delay: dt.timedelta = dt.timedelta()) -> None:
    """Returns rows that were not tried; the try is not counted, so a long outage abandons nothing."""
    if rows:
        _waiting(rows).update(next_try_at=timezone.now() + delay, attempts=F("attempts") - 1)


def mark_sent(rows: Sequence[Sending]) -> None:
    if rows:
        _waiting(rows).update(sent_at=timezone.now(), last_error="")


def _waiting(rows: Sequence[Sending]) -> QuerySet[Any]:
    return _rows(rows).filter(sent_at__isnull=True)


def _rows(rows: Sequence[Sending]) -> QuerySet[Any]:
    """`rows` are of one model and not empty."""
    model = type(rows[0])
    return model._default_manager.filter(**{f"{model.IDENTITY}__in": [getattr(row, model.IDENTITY) for row in rows]})
