"""The deadlines that concern a person, as entries of their calendar; those of the staff."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from iprof.correspondence.audience import Audience, provider
from iprof.correspondence.calendar import Entry, entries_of
from iprof.correspondence.models import Deadline
from security.models import User

TODO_DAYS = 30  # what the home page shows is near


@dataclass(frozen=True, slots=True)
class Agenda:
    """One's dates: what remains to do, nearest first, then what is done, passed or cancelled, newest first."""

    ahead: tuple[Entry, ...]
    behind: tuple[Entry, ...]


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
