"""Public holidays and clear days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.kernel.working_days import (
    after_open_days,
    after_open_hours,
    easter,
    last_clear_day,
    next_open_day,
    open_days_until,
    public_holidays,
)


@pytest.mark.parametrize(
    ("year", "day"),
    [(1818, "03-22"), (1943, "04-25"), (1954, "04-18"), (2000, "04-23"), (2008, "03-23"), (2024, "03-31"),
     (2025, "04-20"), (2026, "04-05"), (2038, "04-25"), (2049, "04-18"), (2100, "03-28")],
)  # fmt: skip
def test_easter(year: int, day: str) -> None:
    assert easter(year).isoformat() == f"{year}-{day}"


def test_the_eleven_holidays_of_a_year() -> None:
    assert sorted(day.isoformat()[5:] for day in public_holidays(2026)) == [
        "01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25",
    ]  # fmt: skip


@given(st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)))
def test_an_open_day_is_found_within_days(day: dt.date) -> None:
    found = next_open_day(day)
    assert 0 <= (found - day).days <= 4
    assert found.weekday() < 5
    assert found not in public_holidays(found.year)
    assert next_open_day(found) == found


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 90))
def test_clear_days_count_neither_end(start: dt.date, days: int) -> None:
    assert last_clear_day(start, days) >= start + dt.timedelta(days + 1)
    assert last_clear_day(start, days) == next_open_day(start + dt.timedelta(days + 1))


def at(text: str) -> dt.datetime:
    """Local time, without zone, as the delays are counted."""
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-24 10:00", 4, "2026-11-24 14:00"),
        ("2026-11-24 13:00", 4, "2026-11-24 17:00"),  # ends with the day, not at the next opening
        ("2026-11-24 13:01", 4, "2026-11-25 09:01"),
        ("2026-11-24 08:59", 4, "2026-11-24 13:00"),
        ("2026-11-24 17:00", 4, "2026-11-25 13:00"),
        ("2026-11-24 16:59", 1, "2026-11-25 09:59"),
        ("2026-11-27 18:00", 8, "2026-11-30 17:00"),  # a Friday evening
        ("2026-11-28 12:00", 1, "2026-11-30 10:00"),  # a Saturday
        ("2026-12-24 16:00", 2, "2026-12-28 10:00"),  # Christmas, then a week-end
        ("2026-11-24 10:00", 40, "2026-12-01 10:00"),
        ("2026-11-24 10:00", 0, "2026-11-24 10:00"),
    ],
)
def test_hours_count_while_the_office_is_open(start, hours, end):
    assert after_open_hours(at(start), hours, opens=9, closes=17) == at(end)


@given(start=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1)), hours=st.integers(1, 80))  # noqa: DTZ001
def test_a_delay_in_hours_ends_on_an_open_day_within_the_hours_and_never_comes_back(start, hours):
    end = after_open_hours(start, hours, opens=9, closes=17)
    assert next_open_day(end.date()) == end.date()
    assert dt.time(9) < end.time() <= dt.time(17)
    assert after_open_hours(start, hours + 1, opens=9, closes=17) > end > start
    assert after_open_hours(start + dt.timedelta(minutes=1), hours, opens=9, closes=17) >= end


@given(start=st.dates(dt.date(2026, 1, 1), dt.date(2028, 1, 1)), days=st.integers(0, 30))
def test_open_days_forward_and_back(start, days):
    end = after_open_days(start, days)
    assert open_days_until(start, end) == days
    assert open_days_until(end, start) == 0
