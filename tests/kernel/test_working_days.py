"""Public holidays and clear days."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.kernel.working_days import easter, last_clear_day, next_open_day, public_holidays


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
