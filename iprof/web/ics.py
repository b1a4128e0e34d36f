"""Calendars of all-day events (RFC 5545): one file any calendar opens, the same event recognised at each download."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//iprof//portail de carrière//FR"
LINE_OCTETS = 75  # a longer line is folded
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # no control character but the tab, once line breaks are written


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event of one whole day. `uid` never changes for the same event, whatever its day becomes."""

    uid: str
    on: dt.date
    summary: str
    description: str = ""
    url: str = ""


def stable_uid(*parts: object) -> str:
    """An identifier that tells nothing of what it was made from (RFC 7986, section 5.3: a UUID).

    >>> stable_uid("perspective", 1, "caffa") == stable_uid("perspective", 1, "caffa")
    True
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts))))


def calendar(events: Iterable[DayEvent], *, name: str, stamp: dt.datetime) -> bytes:
    """The calendar as UTF-8, lines folded and ended as the RFC says. `stamp` is aware: when the file is made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _event(event: DayEvent, stamp: dt.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{stamp.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{_day(event.on)}"
    yield f"DTEND;VALUE=DATE:{_day(event.on + dt.timedelta(1))}"  # the end is the first day not included
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{''.join(char for char in event.url if char.isprintable())}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _day(day: dt.date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def escaped(text: str) -> str:
    r"""A text value (RFC 5545, section 3.3.11).

    >>> print(escaped("CAFFA ; admissibilité, admission"))
    CAFFA \; admissibilité\, admission
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(_ESCAPED))


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no character cut; each piece after the first starts with a space.

    >>> [len(piece.encode()) for piece in folded("é" * 40)]
    [74, 7]
    """
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + octets
    yield piece
