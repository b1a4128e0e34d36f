"""One's dates as a calendar that other applications follow (RFC 5545): titles and dates, never a name."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.calendar import Entry
from iprof.web import ics
from iprof.web.formats import french_moment

EVERY = "PT6H"


def event_of(entry: Entry) -> ics.Event:
    """A date moved is the same event with a greater SEQUENCE; a cancelled one stays, said so."""
    page = entry.link or reverse("correspondence:deadline_list")
    return ics.Event(
        uid=entry.uid,
        on=entry.closes_on if entry.all_day else entry.closes_at,
        summary=f"{'Fait : ' if entry.done else 'Échéance : '}{entry.outside_title or entry.title}",
        description="\n".join(_lines(entry)),
        url=settings.BASE_URL + page,
        sequence=entry.sequence,
        modified=entry.modified_at,
        cancelled=bool(entry.cancelled_because),
    )


def _lines(entry: Entry) -> list[str]:
    if entry.outside_title:
        return ["Le détail est sur le portail."]
    moves = [
        f"Date changée : {french_moment(timezone.localtime(move.was_at))} auparavant. {move.reason}"
        for move in entry.moves
    ]
    cancelled = [f"Annulée : {entry.cancelled_because}"] if entry.cancelled_because else []
    return [line for line in (entry.procedure, *moves, *cancelled, f"Source : {entry.source}") if line]


def calendar_of(entries: tuple[Entry, ...], *, stamp: dt.datetime) -> bytes:
    name = f"Échéances {settings.PORTAL_NAME}"
    return ics.calendar(map(event_of, entries), name=name, stamp=stamp, refresh=EVERY)
