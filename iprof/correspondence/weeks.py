"""The weeks the news are grouped and told by: from Monday, ISO numbers. Pure."""

import datetime as dt

from iprof.web.formats import french_date


def monday(day: dt.date) -> dt.date:
    """
    >>> monday(dt.date(2026, 11, 25)), monday(dt.date(2026, 11, 23))
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 23))
    """
    return day - dt.timedelta(days=day.weekday())


def week_code(day: dt.date) -> str:
    """The ISO week, which at new year may be of the other year.

    >>> week_code(dt.date(2026, 11, 25)), week_code(dt.date(2027, 1, 1))
    ('2026-W48', '2026-W53')
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def week_label(day: dt.date, *, on: dt.date) -> str:
    """
    >>> week_label(dt.date(2026, 11, 24), on=dt.date(2026, 11, 29))
    'Cette semaine'
    >>> week_label(dt.date(2026, 11, 16), on=dt.date(2026, 11, 25))
    'La semaine dernière'
    >>> week_label(dt.date(2026, 11, 13), on=dt.date(2026, 11, 25))
    'La semaine du 9 novembre 2026'
    """
    first = monday(day)
    apart = (monday(on) - first).days // 7
    return {0: "Cette semaine", 1: "La semaine dernière"}.get(apart, f"La semaine du {french_date(first)}")
