"""Durations of the statutes: whole calendar months, and the clock of 30-day months and 360-day years."""

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import total_ordering

SHORTEST = 28  # days that every month has


def add_months(day: dt.date, months: int) -> dt.date:
    """Date to date: the same day of the month, or the last one when that month is shorter.

    >>> add_months(dt.date(2025, 2, 10), 24)
    datetime.date(2027, 2, 10)
    >>> add_months(dt.date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= SHORTEST:
        return dt.date(year, month + 1, day.day)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole months elapsed from `start` to `end`, date to date; negative when `end` is earlier.

    >>> months_between(dt.date(2025, 1, 31), dt.date(2025, 2, 28))
    1
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def school_year(day: dt.date) -> int:
    """The year of the rentrée: school years run from 1 September.

    >>> school_year(dt.date(2026, 8, 31))
    2025
    """
    return day.year if day.month >= 9 else day.year - 1


@total_ordering
@dataclass(frozen=True, slots=True)
class Duration360:
    """A length of service in the statutes' accounting: months of 30 days, years of 360; the 31st counts for nothing.

    Source: décret n° 62-765 du 6 juillet 1962, article 1er (every month counts for thirty days), the accounting that
    the published reconstitutions of career follow (« compter 360 jours par an et 30 jours par mois »).

    >>> Duration360.of(years=1, months=14, days=45)
    Duration360(days=825)
    >>> Duration360(825).parts
    (2, 3, 15)
    """

    days: int

    @classmethod
    def of(cls, years: int = 0, months: int = 0, days: int = 0) -> "Duration360":
        return cls(years * 360 + months * 30 + days)

    @classmethod
    def between(cls, start: dt.date, end: dt.date) -> "Duration360":
        """From `start` included to `end` excluded; negative when `end` is earlier.

        It is the ancienneté « à la veille de la nomination »: from the entry in the échelon to the day of appointment,
        which is the first day not counted. A published example: 11th échelon since 6 February 2018, appointed on
        1 September 2019, « 1 an, 6 mois et 25 jours » on 31 August.

        >>> Duration360.between(dt.date(2018, 2, 6), dt.date(2019, 9, 1)).parts
        (1, 6, 25)
        """
        return cls((end.year - start.year) * 360 + (end.month - start.month) * 30 + end.day - start.day)

    @classmethod
    def of_period(cls, first: dt.date, last: dt.date) -> "Duration360":
        """From `first` to `last`, both included: the length of a contract. A whole month is 30 days, February too.

        >>> Duration360.of_period(dt.date(2026, 1, 1), dt.date(2026, 1, 30)).days
        30
        >>> Duration360.of_period(dt.date(2026, 1, 1), dt.date(2026, 1, 31)).days
        30
        """
        return cls.between(first, last + dt.timedelta(1))

    @property
    def parts(self) -> tuple[int, int, int]:
        """(years, months, days)."""
        sign = -1 if self.days < 0 else 1
        years, rest = divmod(abs(self.days), 360)
        months, days = divmod(rest, 30)
        return sign * years, sign * months, sign * days

    def __add__(self, other: "Duration360") -> "Duration360":
        return Duration360(self.days + other.days)

    def __sub__(self, other: "Duration360") -> "Duration360":
        return Duration360(self.days - other.days)

    def __lt__(self, other: "Duration360") -> bool:
        return self.days < other.days
