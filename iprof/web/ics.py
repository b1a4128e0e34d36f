"""Calendars (RFC 5545): one file any calendar opens or follows, the same event recognised at each reading."""

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
class Event:
    """An event of one whole day, or of one instant when `on` is an aware date and time.

    `uid` never changes for the same event, whatever its day becomes: `sequence` grows each time it changes, `modified`
    says when (RFC 5545, sections 3.8.7.3 and 3.8.7.4), so that a calendar moves its own copy.
    """

    uid: str
    on: dt.date
    summary: str
    description: str = ""
    url: str = ""
    sequence: int = 0
    modified: dt.datetime | None = None
    cancelled: bool = False


def stable_uid(*parts: object) -> str:
    """An identifier that tells nothing of what it was made from (RFC 7986, section 5.3: a UUID).

    >>> stable_uid("perspective", 1, "caffa") == stable_uid("perspective", 1, "caffa")
    True
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts))))


def calendar(events: Iterable[Event], *, name: str, stamp: dt.datetime, refresh: str = "") -> bytes:
    """The calendar as UTF-8, lines folded and ended as the RFC says. `stamp` is aware: when the file is made.

    `refresh`, for a calendar that is followed: how often to read it again (« PT6H »; RFC 7986, section 5.7).
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    if refresh:
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}", f"X-PUBLISHED-TTL:{refresh}"]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _event(event: Event, stamp: dt.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_instant(stamp)}"
    yield from _when(event.on)
    if event.sequence:
        yield f"SEQUENCE:{event.sequence}"
    if event.modified:
        yield f"LAST-MODIFIED:{_instant(event.modified)}"
    if event.cancelled:
        yield "STATUS:CANCELLED"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{''.join(char for char in event.url if char.isprintable())}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _when(on: dt.date) -> Iterator[str]:
    """An instant has no end: it takes no time (section 3.6.1). The end of a day is the first day not included."""
    if isinstance(on, dt.datetime):
        yield f"DTSTART:{_instant(on)}"
        return
    yield f"DTSTART;VALUE=DATE:{_day(on)}"
    yield f"DTEND;VALUE=DATE:{_day(on + dt.timedelta(1))}"


def _instant(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


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
