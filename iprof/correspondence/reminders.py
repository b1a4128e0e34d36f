"""When people are reminded of a date: 30, 7 and 1 days before, late rather than never, once a day at most (K2)."""

import datetime as dt

STEPS = (30, 7, 1)  # days before


def due_step(closes_on: dt.date, *, on: dt.date, moved_on: dt.date | None = None) -> int | None:
    """The reminder due on a day: the nearest step reached, None before the first and after the date.

    A step missed by an outage stays due until the next one is reached. Once the date has moved, only the steps that
    come after the decision count: the notice of the move has just told the new date.

    >>> due_step(dt.date(2026, 12, 25), on=dt.date(2026, 12, 1))  # 24 days left: the first reminder, late if need be
    30
    >>> due_step(dt.date(2026, 12, 25), on=dt.date(2026, 12, 1), moved_on=dt.date(2026, 11, 27))
    """
    left = (closes_on - on).days
    if left < 0:
        return None
    reached = (step for step in STEPS if left <= step and _after(closes_on - dt.timedelta(step), moved_on))
    return min(reached, default=None)


def _after(day: dt.date, moved_on: dt.date | None) -> bool:
    return moved_on is None or day > moved_on
