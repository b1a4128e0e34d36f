"""Delays in clear days (jours francs), and the days the administration is closed."""

import datetime as dt
from functools import lru_cache

FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension Day, Whit Monday
SATURDAY = 5


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm, 1876).

    >>> easter(2026), easter(2027)
    (datetime.date(2026, 4, 5), datetime.date(2027, 3, 28))
    """
    century, in_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - moon - in_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[dt.date]:
    """The eleven public holidays of the code du travail, article L3133-1 (Alsace-Moselle and overseas have more)."""
    moving = (easter(year) + dt.timedelta(days) for days in AFTER_EASTER)
    return frozenset({*(dt.date(year, month, day) for month, day in FIXED), *moving})


def next_open_day(day: dt.date) -> dt.date:
    """The day itself, or the first one after it that is no Saturday, Sunday nor public holiday."""
    while day.weekday() >= SATURDAY or day in public_holidays(day.year):
        day += dt.timedelta(1)
    return day


def last_clear_day(start: dt.date, days: int) -> dt.date:
    """The last day to act within `days` clear days: neither `start` nor the day of the term counts, and the delay that
    would end on a closed day ends on the next open one.

    Source: Conseil d'État, 15 December 2023, n° 472836 (first day the day after, last day the day after the term);
    19 September 2014, n° 362568 (recours to the administration: a clear delay, carried to the next open day).

    >>> last_clear_day(dt.date(2026, 9, 10), 30)  # the 11th is the first day, 10 October the 30th, the 11th a Sunday
    datetime.date(2026, 10, 12)
    """
    return next_open_day(start + dt.timedelta(days + 1))


def after_open_days(start: dt.date, days: int) -> dt.date:
    """The `days`-th open day after `start`, which does not count.

    >>> after_open_days(dt.date(2026, 11, 24), 5), after_open_days(dt.date(2026, 12, 24), 1)
    (datetime.date(2026, 12, 1), datetime.date(2026, 12, 28))
    """
    for _ in range(days):
        start = next_open_day(start + dt.timedelta(1))
    return start


def open_days_until(start: dt.date, day: dt.date) -> int:
    """How many open days there are after `start`, up to `day` included; 0 when `day` is not after `start`.

    >>> open_days_until(dt.date(2026, 11, 27), dt.date(2026, 11, 30))
    1
    """
    days = range(1, (day - start).days + 1)
    return sum(next_open_day(one) == one for one in (start + dt.timedelta(offset) for offset in days))


def after_open_hours(moment: dt.datetime, hours: int, *, opens: int, closes: int) -> dt.datetime:
    """`moment` and `hours` of opening, the office being open from `opens` to `closes` o'clock on open days.

    Local time in and out. A delay that ends with a day ends at its closing hour, not at the next opening.

    >>> after_open_hours(dt.datetime(2026, 11, 27, 16, 30), 4, opens=9, closes=17)
    datetime.datetime(2026, 11, 30, 12, 30)
    """
    left = dt.timedelta(hours=hours)
    while True:
        moment = _opening(moment, opens, closes)
        today = moment.replace(hour=closes, minute=0, second=0, microsecond=0) - moment
        if left <= today:
            return moment + left
        left -= today
        moment = (moment + dt.timedelta(1)).replace(hour=0)


def _opening(moment: dt.datetime, opens: int, closes: int) -> dt.datetime:
    """The moment itself when the office is open, else its next opening."""
    day = next_open_day(moment.date())
    if day == moment.date() and opens <= moment.hour < closes:
        return moment
    if day == moment.date() and moment.hour >= closes:
        day = next_open_day(day + dt.timedelta(1))
    return moment.replace(year=day.year, month=day.month, day=day.day, hour=opens, minute=0, second=0, microsecond=0)
