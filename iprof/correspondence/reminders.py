"""When whoever has not acted is reminded of a date: 30, 7 and 1 days before, late rather than never (requirement S11, K2)."""

import datetime as dt
from collections.abc import Sequence

STEPS = (1, 7, 30)  # days before, the nearest first


def steps_to_come(closes_on: dt.date, *, told_on: dt.date, steps: Sequence[int] = STEPS) -> list[int]:
    """The reminders there will be of a date told on a day, the first one first.

    >>> steps_to_come(dt.date(2026, 12, 12), told_on=dt.date(2026, 11, 24))
    [7, 1]
    """
    return [step for step in reversed(steps) if told_on < closes_on - dt.timedelta(days=step)]


def due_step(
    closes_on: dt.date, *, on: dt.date, told_on: dt.date | None = None, steps: Sequence[int] = STEPS
) -> int | None:
    """The reminder due on a day: the nearest step reached; None before the first and after the date.

    A step missed (nothing ran) is caught up, under the same step, until the next one. `told_on` is the day people were
    told of the date, or of its move: a step already past by then is not due, nobody is reminded of what they just read.

    >>> day = dt.date
    >>> due_step(day(2026, 12, 12), on=day(2026, 12, 5), told_on=day(2026, 11, 24))
    7
    >>> due_step(day(2026, 12, 12), on=day(2026, 12, 8), told_on=day(2026, 11, 24))
    7
    >>> due_step(day(2026, 12, 12), on=day(2026, 12, 4), told_on=day(2026, 11, 24))
    >>> due_step(day(2026, 12, 12), on=day(2026, 12, 5), told_on=day(2026, 12, 5))
    >>> due_step(day(2026, 12, 25), on=day(2026, 12, 1))  # 24 days left: the first reminder, late if need be
    30
    """
    left = (closes_on - on).days
    if left < 0:
        return None
    nearest = next((step for step in steps if left <= step), None)
    return nearest if told_on is None or nearest in steps_to_come(closes_on, told_on=told_on, steps=steps) else None
