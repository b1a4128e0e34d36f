"""The hypotheses of a forecast: what share of agents is bonified, what share of the promotable is promoted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from career.domain.grids import load_grids
from career.domain.promotion_rates import load_rates

NEVER = Fraction(0)


@dataclass(frozen=True, slots=True)
class Chances:
    """Chances from 0 to 1: of the bonification by échelon, of a promotion by grade and year of campaign; absent: 0.

    They suppose that each agent concerned has the same chance, independently each year: an estimate, never a right.
    """

    bonification: Mapping[int, Fraction] = field(default_factory=dict)
    promotion: Mapping[tuple[str, int], Fraction] = field(default_factory=dict)

    def of_bonification(self, echelon: int) -> Fraction:
        return self.bonification.get(echelon, NEVER)

    def of_promotion(self, grade: str, year: int) -> Fraction:
        return self.promotion.get((grade, year), NEVER)

    @property
    def denominator(self) -> int:
        """A common denominator of every chance a career may meet: one promotion a year, each bonification once."""
        found = 1
        for year in {year for _, year in self.promotion}:
            found *= lcm(*(chance.denominator for (_, of), chance in self.promotion.items() if of == year))
        for chance in self.bonification.values():
            found *= chance.denominator
        return found


@dataclass(frozen=True, slots=True)
class AssumedRate:
    """The rate supposed for a campaign: its own, or the last one published before it (`published_for`)."""

    grade: str
    year: int
    published_for: int
    rate: Fraction


def assumed_rate(grade: str, corps: str, year: int) -> AssumedRate | None:
    """None where no rate of this grade was published for the corps, up to that year."""
    campaigns = load_rates().get(grade, {})
    for candidate in sorted((known for known in campaigns if known <= year), reverse=True):
        rate = campaigns[candidate].rates.get(corps)
        if rate is not None:
            return AssumedRate(grade, year, candidate, Fraction(rate))
    return None


def published_chances(corps: str, first_year: int, last_year: int) -> tuple[Chances, tuple[AssumedRate, ...]]:
    """The chances that the published share and rates give for these campaigns, and the rates assumed."""
    bonus = load_grids().bonification
    rates = tuple(
        found
        for grade in load_rates()
        for year in range(first_year, last_year + 1)
        if (found := assumed_rate(grade, corps, year)) is not None
    )
    return (
        Chances(
            dict.fromkeys(bonus.echelons, Fraction(bonus.share)),
            {(found.grade, found.year): found.rate for found in rates},
        ),
        rates,
    )
