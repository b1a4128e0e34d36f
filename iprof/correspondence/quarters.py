"""The quarters of the civil year, which the alert bulletins follow (requirement S23). Pure."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """`number` from 1 (January to March) to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        """
        >>> str(Quarter.of(dt.date(2026, 11, 24))), str(Quarter.of(dt.date(2027, 1, 1)))
        ('4e trimestre 2026', '1er trimestre 2027')
        """
        return cls(day.year, (day.month + 2) // 3)

    @property
    def code(self) -> str:
        """In addresses: "2026-4"."""
        return f"{self.year}-{self.number}"

    def __str__(self) -> str:
        return f"{self.number}{'er' if self.number == 1 else 'e'} trimestre {self.year}"
