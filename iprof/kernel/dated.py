"""Values that the law changes on given days. Nothing is guessed before the first day; `None` closes a value."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from iprof.kernel.errors import NotInForce
from iprof.kernel.legal import LegalSource

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value, the first day it is in force, and its source."""

    value: T
    since: dt.date
    source: LegalSource


class DatedValues(Generic[T]):
    """The successive values of one quantity, keyed by first day in force.

    >>> source = LegalSource("Décret d'exemple")
    >>> values = DatedValues("exemple", {dt.date(2022, 7, 1): (58, source), dt.date(2023, 7, 1): (59, source)})
    >>> values.at(dt.date(2023, 6, 30)).value
    58
    """

    __slots__ = ("_days", "_values", "name")

    def __init__(self, name: str, values: Mapping[dt.date, tuple[T | None, LegalSource]]) -> None:
        if not values:
            raise ValueError(f"{name}: no dated value")
        self.name = name
        self._days = sorted(values)
        self._values = [values[day] for day in self._days]

    def at(self, on: dt.date) -> Dated[T]:
        """The value in force on the day `on`. Raises NotInForce before the first day, or once closed."""
        index = bisect_right(self._days, on) - 1
        if index < 0:
            raise NotInForce("not_in_force_yet", name=self.name, on=on, first_day=self._days[0])
        value, source = self._values[index]
        if value is None:
            raise NotInForce("no_longer_in_force", name=self.name, on=on, closed_on=self._days[index])
        return Dated(value, self._days[index], source)

    def items(self) -> list[tuple[dt.date, T]]:
        """(first day, value) of every value that is not a closing."""
        return [(day, value) for day, (value, _) in zip(self._days, self._values, strict=True) if value is not None]

    def next_change(self, after: dt.date) -> dt.date | None:
        """The first day after `after` on which the value changes, if one is known."""
        index = bisect_right(self._days, after)
        return self._days[index] if index < len(self._days) else None

    @property
    def first_day(self) -> dt.date:
        return self._days[0]
