"""When whoever has not acted is reminded of a deadline: 30, 7 and 1 days before (requirement S11)."""

import datetime as dt

STEPS = (1, 7, 30)  # days before, the nearest first


def steps_to_come(deadline: dt.date, *, told_on: dt.date) -> list[int]:
    """The reminders there will be of a deadline told on a day, the first one first.

    >>> steps_to_come(dt.date(2026, 12, 12), told_on=dt.date(2026, 11, 24))
    [7, 1]
    """
    return [step for step in reversed(STEPS) if told_on < deadline - dt.timedelta(days=step)]


def due_step(deadline: dt.date, *, told_on: dt.date, today: dt.date) -> int | None:
    """The reminder due on a day, by its step; None for none.

    A day missed (nothing ran) is caught up the day after, under the same step. A step already past when the deadline was
    told is not due: nobody is reminded of what they have just been told.

    >>> day = dt.date
    >>> due_step(day(2026, 12, 12), told_on=day(2026, 11, 24), today=day(2026, 12, 5))
    7
    >>> due_step(day(2026, 12, 12), told_on=day(2026, 11, 24), today=day(2026, 12, 8))
    7
    >>> due_step(day(2026, 12, 12), told_on=day(2026, 11, 24), today=day(2026, 12, 4)) is None
    True
    >>> due_step(day(2026, 12, 12), told_on=day(2026, 12, 5), today=day(2026, 12, 5)) is None
    True
    """
    left = (deadline - today).days
    if left < 0:
        return None
    nearest = next((step for step in STEPS if left <= step), None)
    return nearest if nearest in steps_to_come(deadline, told_on=told_on) else None
