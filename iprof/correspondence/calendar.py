"""The calendar of one person: dates to act by, given by every app that knows some (decision K2, requirement S11).

An app registers a source when it is ready (`register`); a source names, for one account, the dates that concern it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from iprof.kernel.explain import Node
from security.models import User

LAST_MINUTE = dt.time(23, 59)


@dataclass(frozen=True, slots=True)
class Move:
    """A date that was moved: what it was, what it became, why, and the day it was decided."""

    was_at: dt.datetime
    became_at: dt.datetime
    reason: str
    decided_on: dt.date


@dataclass(frozen=True, slots=True)
class Entry:
    """A date to act by. `uid` stays the same when the date moves; `sequence` grows then, for the calendars outside.

    `closes_at` is aware; with `all_day` only its day counts (Europe/Paris). `link` is a path of the portal. `source`
    says in words where the date comes from; `why` explains one that was computed. `done`: the reader has acted;
    `mark` names the deadline they may mark so themselves (only the correspondences' own have one).
    `outside_title` stands for a title that must not leave the portal. Nothing that names a person: titles leave the portal by the feed.
    """

    uid: str
    title: str
    closes_at: dt.datetime
    source: str
    procedure: str = ""
    link: str = ""
    opens_on: dt.date | None = None
    all_day: bool = False
    done: bool = False
    mark: str = ""
    outside_title: str = ""
    moves: tuple[Move, ...] = ()
    cancelled_because: str = ""
    sequence: int = 0
    modified_at: dt.datetime | None = None
    why: Node | None = None

    @property
    def closes_on(self) -> dt.date:
        return timezone.localtime(self.closes_at).date()

    def open_at(self, now: dt.datetime) -> bool:
        """Whether something remains to be done."""
        return not self.done and not self.cancelled_because and self.closes_at > now


Source = Callable[[User, dt.date], Iterable[Entry]]
SOURCES: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """`source(user, on)` gives the entries of an account; a fixed number of queries, whatever they are."""
    SOURCES[name] = source


def last_minute(day: dt.date) -> dt.datetime:
    """The end of a day, for an entry whose text sets no hour."""
    return timezone.make_aware(dt.datetime.combine(day, LAST_MINUTE))


def entries_of(user: User, *, on: dt.date) -> tuple[Entry, ...]:
    """Every date of an account in order of time."""
    return tuple(sorted(_all(user, on), key=lambda entry: (entry.closes_at, entry.uid)))


def _all(user: User, on: dt.date) -> Iterator[Entry]:
    for source in SOURCES.values():
        yield from source(user, on)
