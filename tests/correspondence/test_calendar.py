"""The registry of dates: each source is asked, the whole is in order of time."""

import datetime as dt

import pytest

from iprof.correspondence import calendar
from iprof.correspondence.calendar import Entry, entries_of, last_minute, register
from security.models import User

DAY = dt.date(2026, 11, 25)


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setattr(calendar, "SOURCES", {})


def entry(uid: str, day: dt.date) -> Entry:
    return Entry(uid, uid, last_minute(day), "essai", all_day=True)


def test_the_dates_of_every_source_come_in_order_of_time(alone):
    register("b", lambda user, on: [entry("later", on + dt.timedelta(3)), entry("soon", on + dt.timedelta(1))])
    register("a", lambda user, on: [entry("between", on + dt.timedelta(2))])
    assert [found.uid for found in entries_of(User(), on=DAY)] == ["soon", "between", "later"]


def test_a_source_registered_again_replaces_itself(alone):
    for name in ("old", "new"):
        register("same", lambda user, on, name=name: [entry(name, on)])
    assert [found.uid for found in entries_of(User(), on=DAY)] == ["new"]


@pytest.mark.parametrize("day", [DAY, dt.date(2027, 3, 28), dt.date(2026, 10, 25)])
def test_a_day_without_hour_ends_with_itself_even_when_the_hour_changes(day):
    assert entry("x", day).closes_on == day
