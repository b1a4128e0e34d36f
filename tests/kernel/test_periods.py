import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.kernel.periods import Duration360, add_months, months_between, school_year

days = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))
months = st.integers(0, 600)


@pytest.mark.req("S38")
@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-15", -1, "2024-12-15"),
    ],
)
def test_add_months(day: str, count: int, expected: str) -> None:
    assert add_months(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(expected)


@given(days, months, months)
def test_add_months_never_goes_backward(day: dt.date, fewer: int, more: int) -> None:
    low, high = sorted((fewer, more))
    assert day <= add_months(day, low) <= add_months(day, high)


@given(days, days)
def test_months_between_is_the_largest_count_that_fits(start: dt.date, end: dt.date) -> None:
    start, end = sorted((start, end))
    count = months_between(start, end)
    assert add_months(start, count) <= end < add_months(start, count + 1)
    assert months_between(end, start) == -count


def test_school_year_starts_on_1_september() -> None:
    assert school_year(dt.date(2026, 8, 31)) == 2025
    assert school_year(dt.date(2026, 9, 1)) == 2026


def test_360_day_clock() -> None:
    year = Duration360.of(years=1)
    assert year.days == 360
    assert Duration360.between(dt.date(2025, 1, 1), dt.date(2026, 1, 1)) == year
    assert Duration360.between(dt.date(2025, 1, 31), dt.date(2025, 3, 31)) == Duration360.of(months=2)
    assert (year + Duration360.of(months=2, days=3)).parts == (1, 2, 3)
    assert (year - Duration360.of(months=1)).parts == (0, 11, 0)
    assert Duration360(-45).parts == (0, -1, -15)
    assert Duration360(359) < year <= Duration360(360)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-01-01", "2026-02-01", 30),  # a month is thirty days, whatever its length
        ("2026-02-01", "2026-03-01", 30),
        ("2024-02-01", "2024-03-01", 30),
        ("2025-09-01", "2026-09-01", 360),
        ("2024-02-29", "2025-02-28", 359),
        ("2026-02-28", "2026-03-01", 3),
        ("2026-01-01", "2026-01-31", 30),  # the 30th ends the month: the 31st counts for nothing
        ("2026-01-30", "2026-01-31", 1),
        ("2026-01-31", "2026-02-01", 0),
        ("2024-08-31", "2026-09-01", 720),
        ("2024-09-01", "2026-08-31", 720),
        ("2024-02-29", "2024-03-01", 2),
        ("2018-02-06", "2019-09-01", 565),  # published: 1 an, 6 mois et 25 jours on the eve
        ("2008-02-06", "2011-09-01", 1285),  # published: 3 ans, 6 mois et 25 jours on the eve
        ("2025-12-31", "2026-12-31", 360),
        ("2026-05-15", "2026-05-15", 0),
    ],
)
def test_360_day_clock_between_two_days(start: str, end: str, days: int) -> None:
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    assert Duration360.between(first, last).days == days
    assert Duration360.between(last, first).days == -days


@pytest.mark.parametrize(
    ("first", "last", "length"),
    [
        ("2026-01-01", "2026-01-30", 30),
        ("2026-01-01", "2026-01-31", 30),
        ("2026-01-15", "2026-01-31", 16),
        ("2026-01-31", "2026-01-31", 0),
        ("2026-02-01", "2026-02-28", 30),
        ("2024-02-01", "2024-02-28", 28),  # a leap year: the month is not over on the 28th
        ("2024-02-01", "2024-02-29", 30),
        ("2026-02-28", "2026-02-28", 3),  # the last day of a short month ends thirty days
        ("2026-04-01", "2026-04-30", 30),
        ("2025-09-01", "2026-08-31", 360),
        ("2025-09-01", "2026-08-30", 360),
        ("2025-09-01", "2026-08-29", 359),
        ("2026-05-15", "2026-05-15", 1),
    ],
)
def test_360_day_clock_of_a_period_counts_both_ends(first: str, last: str, length: int) -> None:
    assert Duration360.of_period(dt.date.fromisoformat(first), dt.date.fromisoformat(last)).days == length


@given(days, days)
def test_360_day_clock_never_runs_backward(a: dt.date, b: dt.date) -> None:
    start, end = sorted((a, b))
    assert Duration360.between(start, end).days >= 0
    assert Duration360.of_period(start, end).days >= 0


@given(days, days, days)
def test_360_day_clock_of_periods_that_follow_one_another_adds_up(a: dt.date, b: dt.date, c: dt.date) -> None:
    first, middle, last = sorted((a, b, c))
    after = middle + dt.timedelta(1)
    if after <= last:
        whole = Duration360.of_period(first, last)
        assert Duration360.of_period(first, middle) + Duration360.of_period(after, last) == whole


@given(days, days, days)
def test_360_day_clock_loses_nothing_when_a_period_is_cut(a: dt.date, b: dt.date, c: dt.date) -> None:
    assert Duration360.between(a, b) + Duration360.between(b, c) == Duration360.between(a, c)


@given(days, st.integers(0, 600))
def test_360_day_clock_agrees_with_calendar_months(day: dt.date, count: int) -> None:
    """From a day that every month has, the two clocks never part."""
    day = day.replace(day=min(day.day, 28))
    assert Duration360.between(day, add_months(day, count)) == Duration360.of(months=count)


@given(st.integers(-20000, 20000), st.integers(-20000, 20000))
def test_360_day_clock_adds_up(a: int, b: int) -> None:
    total = Duration360(a) + Duration360(b)
    assert total - Duration360(b) == Duration360(a)
    years, rest, left = total.parts
    assert years * 360 + rest * 30 + left == total.days
