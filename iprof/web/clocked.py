"""Queues of requests with a legal delay, counted for the audit of the délégué: each app tells its own when it is ready."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet


@dataclass(frozen=True, slots=True)
class Queue:
    """`rows` have `due_on` and `answered_at`; `received` names the moment of the request."""

    label: str
    rows: Callable[[], QuerySet[Any]]
    received: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Requests received in a period: answered by their day, after it, waiting, waiting past it on the day of the count."""

    label: str
    received: int
    in_time: int
    late: int
    waiting: int
    overdue: int


QUEUES: dict[str, Queue] = {}


def register(queue: Queue) -> None:
    QUEUES[queue.label] = queue


def kept(queue: Queue, *, since: dt.datetime, until: dt.datetime, on: dt.date) -> Kept:
    """`until` is excluded. One query."""
    answered = Q(answered_at__isnull=False)
    in_time = answered & (Q(answered_at__date__lte=F("due_on")) | Q(due_on__isnull=True))
    rows = queue.rows().filter(**{f"{queue.received}__gte": since, f"{queue.received}__lt": until})
    found = rows.aggregate(
        received=Count("pk"),
        in_time=Count("pk", filter=in_time),
        answered=Count("pk", filter=answered),
        overdue=Count("pk", filter=~answered & Q(due_on__lt=on)),
    )
    return Kept(
        queue.label,
        found["received"],
        found["in_time"],
        found["answered"] - found["in_time"],
        found["received"] - found["answered"],
        found["overdue"],
    )
