"""What a scenario supposes of a career ahead. Nothing supposed: échelons by ancienneté alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from career.domain.part_time import FULL_TIME
from career.domain.pay_overseas import Place

NO_BONIFICATION: frozenset[int] = frozenset()


def rentree(year: int) -> dt.date:
    """1 September: promotions, competitions, posts and quotités take effect that day."""
    return dt.date(year, 9, 1)


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """`bonifications`: the échelons (6, 8) left one year early. `promotions`: by grade, the year of the campaign.

    `corps`: a competition passed, the new corps and the year of the rentrée. `quotite`, `post`: the share of a full
    service in percent, the overseas place, each from the rentrée of a year. `project`: the draft durations of 2025
    would apply from the rentrée of that year.
    """

    bonifications: frozenset[int] = NO_BONIFICATION
    promotions: Mapping[str, int] = field(default_factory=dict)
    corps: tuple[str, int] | None = None
    quotite: tuple[Decimal, int] | None = None
    post: tuple[Place, int] | None = None
    project: int | None = None

    def quotite_on(self, day: dt.date) -> Decimal:
        return self.quotite[0] if self.quotite and day >= rentree(self.quotite[1]) else FULL_TIME

    def place_on(self, day: dt.date) -> Place | None:
        return self.post[0] if self.post and day >= rentree(self.post[1]) else None
