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


@given(st.integers(-20000, 20000), st.integers(-20000, 20000))
def test_360_day_clock_adds_up(a: int, b: int) -> None:
    total = Duration360(a) + Duration360(b)
    assert total - Duration360(b) == Duration360(a)
    years, rest, left = total.parts
    assert years * 360 + rest * 30 + left == total.days
