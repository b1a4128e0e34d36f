"""Calendars read back by a parser written from RFC 5545: lines, folding, escaping, days, identifiers."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.web.ics import Event, calendar, folded, stable_uid

pytestmark = pytest.mark.req("S49")
STAMP = dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
# What is no character of a text value is left out by the writer: control characters (RFC 5545, section 3.1).
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)) | st.just("\n"), max_size=200)


def properties(content: bytes) -> list[tuple[str, str]]:
    """(name with its parameters, raw value) of each unfolded line."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    for line in lines:
        assert len(line) <= 75
        assert b"\r" not in line
        assert b"\n" not in line
        line.decode()  # no character is cut by the folding
    text = content[:-2].decode().replace("\r\n ", "")
    return [tuple(line.split(":", 1)) for line in text.split("\r\n")]  # type: ignore[misc]


def plain(value: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)  # a bare separator would end the value
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_one_event_of_one_day() -> None:
    event = Event("uid-1", dt.date(2028, 2, 29), "CAFFA, examen ; session", "Une ligne\nune autre", "https://x.fr/a")
    found = properties(calendar([event], name="Perspectives", stamp=STAMP))
    assert found == [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//iprof//portail de carrière//FR"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", "Perspectives"),
        ("BEGIN", "VEVENT"),
        ("UID", "uid-1"),
        ("DTSTAMP", "20261124T093000Z"),
        ("DTSTART;VALUE=DATE", "20280229"),
        ("DTEND;VALUE=DATE", "20280301"),
        ("SUMMARY", r"CAFFA\, examen \; session"),
        ("DESCRIPTION", r"Une ligne\nune autre"),
        ("URL", "https://x.fr/a"),
        ("CLASS", "PRIVATE"),
        ("TRANSP", "TRANSPARENT"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_what_is_empty_is_left_out() -> None:
    names = [name for name, _ in properties(calendar([Event("u", dt.date(2030, 1, 1), "x")], name="n", stamp=STAMP))]
    assert not {"DESCRIPTION", "URL"} & set(names)


@given(st.lists(st.tuples(TEXT, TEXT, st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 30))), max_size=4))
def test_whatever_the_text_it_comes_back(rows: list[tuple[str, str, dt.date]]) -> None:
    events = [Event(stable_uid(n), day, summary, details) for n, (summary, details, day) in enumerate(rows)]
    found = properties(calendar(events, name="Perspectives", stamp=STAMP))
    assert [plain(value) for name, value in found if name == "SUMMARY"] == [summary for summary, _, _ in rows]
    assert [plain(value) for name, value in found if name == "DESCRIPTION"] == [text for _, text, _ in rows if text]
    assert [value for name, value in found if name == "DTSTART;VALUE=DATE"] == [
        day.isoformat().replace("-", "") for _, _, day in rows
    ]
    assert len([1 for line in found if line == ("BEGIN", "VEVENT")]) == len(rows)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300))
def test_nothing_typed_can_add_a_line(text: str) -> None:
    """A control character, a line break of any kind: one event stays one event."""
    found = properties(calendar([Event("u", dt.date(2030, 1, 1), text, "", text)], name=text, stamp=STAMP))
    assert [name for name, _ in found].count("BEGIN") == 2
    assert len(found) == 17


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_folding_loses_nothing(line: str) -> None:
    pieces = list(folded(line))
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(len(piece.encode()) <= 75 for piece in pieces)


def test_an_identifier_tells_nothing_and_never_changes() -> None:
    """Written down: another value would double every event already in someone's calendar."""
    assert stable_uid("career/perspectives", "A0000001", "caffa") == "9e066ed2-25db-5c6c-91ef-d121cabef237"
    assert (
        len({stable_uid("career/perspectives", *who) for who in (("A1", "caffa"), ("A1", "cappei"), ("A2", "caffa"))})
        == 3
    )
