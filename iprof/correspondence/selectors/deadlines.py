"""The deadlines that concern a person, as entries of their calendar; those of the staff."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from iprof.correspondence.audience import Audience, provider
from iprof.correspondence.calendar import Entry, Move, entries_of
from iprof.correspondence.models import Deadline, DeadlineMove, DeadlinePerson
from iprof.web.ics import stable_uid
from security.models import User

PAST_DAYS = 365
TODO_DAYS = 30  # what the home page shows is near


@dataclass(frozen=True, slots=True)
class Agenda:
    """One's dates: what remains to do, nearest first, then what is done, passed or cancelled, newest first."""

    ahead: tuple[Entry, ...]
    behind: tuple[Entry, ...]


def deadline_entries(user: User, on: dt.date) -> Iterator[Entry]:
    """The source of the deadlines. One query, whatever they are."""
    moves = DeadlineMove.objects.filter(deadline=OuterRef("deadline")).order_by("number").values(
        row=JSONObject(was="was_at", became="became_at", reason="reason", decided="decided_at")
    )  # fmt: skip
    since = timezone.now() - dt.timedelta(days=PAST_DAYS)
    rows = (
        DeadlinePerson.objects.filter(user_id=user.pk, deadline__closes_at__gt=since)
        .select_related("deadline")
        .annotate(moved=ArraySubquery(moves))
    )
    return (_entry(row.deadline, done=row.done_at is not None, moved=row.moved) for row in rows)


def _entry(deadline: Deadline, *, done: bool, moved: list[dict[str, str]]) -> Entry:
    moves = tuple(_move(row) for row in moved)
    changed = [dt.datetime.fromisoformat(row["decided"]) for row in moved]
    changed += [deadline.cancelled_at] if deadline.cancelled_at else []
    return Entry(
        uid=stable_uid("correspondence/deadline", deadline.public_id),
        title=deadline.title,
        closes_at=deadline.closes_at,
        source=deadline.source,
        procedure=deadline.procedure,
        link=deadline.link,
        opens_on=deadline.opens_on,
        done=done,
        mark=str(deadline.public_id),
        moves=moves,
        cancelled_because=deadline.cancelled_because,
        sequence=deadline.moves + (deadline.cancelled_at is not None),
        modified_at=max(changed, default=deadline.created_at),
    )


def _move(row: dict[str, str]) -> Move:
    was, became, decided = (dt.datetime.fromisoformat(row[name]) for name in ("was", "became", "decided"))
    return Move(was, became, row["reason"], timezone.localtime(decided).date())


def agenda_of(user: User, *, on: dt.date) -> Agenda:
    """Every date of a person, of all sources."""
    entries, now = entries_of(user, on=on), timezone.now()
    behind = [entry for entry in entries if not entry.open_at(now)]
    return Agenda(tuple(entry for entry in entries if entry.open_at(now)), tuple(reversed(behind)))


def next_entries(user: User, *, on: dt.date, limit: int) -> tuple[Entry, ...]:
    """What is to do in the next TODO_DAYS, nearest first."""
    last = on + dt.timedelta(TODO_DAYS)
    return tuple(entry for entry in agenda_of(user, on=on).ahead if entry.closes_on <= last)[:limit]


def deadlines_for_staff() -> QuerySet[Deadline]:
    """With the number of people each concerns."""
    return Deadline.objects.select_related("created_by").annotate(concerned=Count("people"))


def audience_words(deadline: Deadline) -> str:
    """The criteria in words, for the staff."""
    audience = Audience.from_json(deadline.audience)
    if audience.everyone:
        return "Tous les agents du périmètre de l'auteur"
    labels = {name: dict(choices) for name, choices in provider().choices().items()}
    codes = {name: getattr(audience, name) for name in ("departements", "corps", "grades", "disciplines", "uais")}
    parts = [
        ", ".join(labels.get(name, {}).get(code, code) for code in values) for name, values in codes.items() if values
    ]
    return " · ".join(parts)
