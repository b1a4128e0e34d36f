"""The explained figures of a forecast: chances, intervals of pay, ranges of dates, and the assumptions under them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import cast

from career.domain.chances import AssumedRate
from career.domain.forecast import Forecast, Outcome
from career.domain.grids import load_grids
from career.domain.part_time import french_percent
from career.domain.pay import french_date, monthly_gross_node
from career.domain.promotion_conditions import GRADE_NAMES
from career.domain.promotion_rates import load_rates
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import fewest_digits, format_euros

LOW, HIGH = Fraction(1, 10), Fraction(9, 10)
TENTH = Decimal("0.1")
INDEPENDENT = "Hypothèse : chaque agent concerné a la même chance, chaque année, quels que soient ses points."


@dataclass(frozen=True, slots=True)
class Basis:
    """What the forecast rests on, and on which day."""

    on: dt.date
    assumptions: tuple[Node, ...]

    @property
    def version(self) -> str:
        return max((node.version for node in self.assumptions), default=self.on.isoformat())

    @property
    def sources(self) -> tuple[LegalSource, ...]:
        return tuple(dict.fromkeys(source for node in self.assumptions for source in node.sources))

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The assumptions as inputs: each figure names them without repeating how they were read."""
        return tuple(
            Input(
                f"Hypothèse, {node.label[0].lower()}{node.label[1:]}",
                french_percent(cast(Decimal, node.value)),
                "Taux publié",
            )
            for node in self.assumptions
        )


def percent(chance: Fraction) -> Decimal:
    """In percent, to the tenth; what is possible is never shown as 0, nor what is uncertain as 100.

    >>> percent(Fraction(1, 3)), percent(Fraction(3, 10)), percent(Fraction(1, 100000)), percent(Fraction(99999, 100000))
    (Decimal('33.3'), Decimal('30'), Decimal('0.1'), Decimal('99.9'))
    """
    if chance in (0, 1):
        return Decimal(int(chance) * 100)
    shown = (Decimal(chance.numerator * 100) / Decimal(chance.denominator)).quantize(TENTH, ROUND_HALF_UP)
    return Decimal(fewest_digits(min(max(shown, TENTH), 100 - TENTH)))


def bonification_node() -> Node:
    """The share of agents bonified, as a chance."""
    bonus = load_grids().bonification
    return Node(
        "Bonification d'un an",
        percent(Fraction(bonus.share)),
        "%",
        "career.forecast.bonification",
        bonus.since.isoformat(),
        (bonus.source,),
        sentence=f"Le texte l'accorde à {_cases(Fraction(bonus.share))} des agents concernés. {INDEPENDENT}",
    )


def rate_nodes(rates: Sequence[AssumedRate]) -> tuple[Node, ...]:
    """One node for each grade and year of the rate, telling the campaigns for which it is supposed."""
    groups: dict[tuple[str, int], list[AssumedRate]] = {}
    for rate in rates:
        groups.setdefault((rate.grade, rate.published_for), []).append(rate)
    return tuple(_rate_node(group) for group in groups.values())


def _rate_node(group: Sequence[AssumedRate]) -> Node:
    first, last = group[0], group[-1]
    campaign = load_rates()[first.grade][first.published_for]
    later = [rate.year for rate in group if rate.year != first.published_for]
    told = f"Taux publié pour la campagne {first.published_for}"
    if later:
        years = f"{later[0]} à {last.year}" if len(later) > 1 else f"{later[0]}"
        told += f", le dernier connu, supposé reconduit pour {years}"
    return Node(
        f"Taux de promotion à la {GRADE_NAMES[first.grade]}",
        percent(first.rate),
        "%",
        "career.forecast.rate",
        f"{first.published_for}-09-01",
        (campaign.source,),
        sentence=f"{told}. {INDEPENDENT}",
    )


def grade_node(found: Forecast, grade: str, day: dt.date, basis: Basis) -> Node:
    """The chance to stand in a grade on a day."""
    chance = found.chance_of_grade(grade, day)
    return Node(
        f"Chance d'être à la {GRADE_NAMES[grade]}",
        percent(chance),
        "%",
        "career.forecast.grade",
        basis.version,
        basis.sources,
        (Input("Date regardée", day, "Période choisie"), *basis.inputs),
        sentence=(
            f"Au {french_date(day)}, {_cases(chance)} des trajectoires possibles passent par ce grade, sous ces hypothèses. "
            "Estimation indicative."
        ),
    )


def _cases(chance: Fraction) -> str:
    return f"{fewest_digits(percent(chance)).replace('.', ',')} %"


@lru_cache(maxsize=1 << 16)
def amount(corps: str, grade: str, echelon: int, chevron: int | None, on: dt.date) -> Decimal:
    """Gross per month at full time. Raises as `monthly_gross_node`."""
    node = monthly_gross_node(CareerStepFact(corps, grade, echelon, on, chevron), on)
    return cast(Decimal, node.value)


def _amount(outcome: Outcome, on: dt.date) -> Decimal | None:
    step = outcome.standing.step
    if step.echelon is None:
        return None
    try:
        return amount(step.corps, step.grade, step.echelon, step.chevron, on)
    except DomainError:
        return None


@dataclass(frozen=True, slots=True)
class Interval:
    """Gross per month, EUR: the lowest and the highest possible, and the bounds that hold eight cases in ten."""

    least: Decimal
    low: Decimal
    high: Decimal
    most: Decimal


def interval(found: Forecast, day: dt.date) -> Interval | None:
    """None where the pay of one of the places is not known."""
    paid = [(_amount(outcome, day), outcome.weight) for outcome in found.views[day]]
    known = sorted((value, weight) for value, weight in paid if value is not None)
    if len(known) != len(paid):
        return None
    return Interval(known[0][0], _quantile(known, found.total, LOW), _quantile(known, found.total, HIGH), known[-1][0])


def _quantile(amounts: Sequence[tuple[Decimal, int]], total: int, share: Fraction) -> Decimal:
    """The lowest amount that at least this share of the cases does not exceed."""
    reached = 0
    for value, weight in amounts:
        reached += weight
        if reached >= total * share:
            return value
    raise ValueError(f"weights add up to {reached}, not {total}")


def interval_node(found: Forecast, day: dt.date, basis: Basis) -> Node:
    """Eight cases in ten, as a text: « 2 461,39 € à 3 120,00 € »; without value where a pay is not known."""
    bounds = interval(found, day)
    if bounds is None:
        value: str | None = None
        sentence = "L'indice d'une des situations possibles n'est pas publié : aucun intervalle n'est donné."
    else:
        value = _range(bounds.low, bounds.high)
        sentence = (
            f"Au {french_date(day)}, huit trajectoires sur dix au moins sont dans cet intervalle ; toutes sont entre "
            f"{format_euros(bounds.least)} et {format_euros(bounds.most)}. À temps plein, hors indemnités."
        )
    return Node(
        "Brut mensuel, huit cas sur dix",
        value,
        "",
        "career.forecast.interval",
        basis.version,
        (load_grids().point_value.at(day).source, *basis.sources),
        (Input("Date regardée", day, "Période choisie"), *basis.inputs),
        sentence=sentence,
    )


def _range(low: Decimal, high: Decimal) -> str:
    return format_euros(low) if low == high else f"{format_euros(low)} à {format_euros(high)}"


def dates_node(label: str, days: Mapping[dt.date, Fraction], until: dt.date, basis: Basis) -> Node:
    """The range of days on which something may come, as a text, with the chance that it comes before the end."""
    first, last, chance = min(days), max(days), sum(days.values(), Fraction(0))
    told = " ; ".join(f"le {french_date(day)} : {_cases(share)}" for day, share in days.items())
    when = french_date(first) if first == last else f"entre le {french_date(first)} et le {french_date(last)}"
    return Node(
        label,
        when if chance == 1 else f"{when}, dans {_cases(chance)} des cas",
        "",
        "career.forecast.dates",
        basis.version,
        basis.sources,
        basis.inputs,
        sentence=f"{_cases(chance)} des trajectoires possibles d'ici au {french_date(until)} : {told}. Estimation indicative.",
    )


def place_chances(found: Forecast, day: dt.date) -> list[tuple[CareerStepFact, Fraction]]:
    """The places possible on a day, most likely first, ancienneté left out."""
    weights: dict[tuple[str, int, int], tuple[CareerStepFact, int]] = {}
    for outcome in found.views[day]:
        step = outcome.standing.step
        key = step.grade, step.echelon or 0, step.chevron or 0
        known = weights.get(key, (step, 0))
        weights[key] = known[0], known[1] + outcome.weight
    ordered: Iterable[tuple[CareerStepFact, int]] = sorted(weights.values(), key=lambda pair: -pair[1])
    return [(step, Fraction(weight, found.total)) for step, weight in ordered]


def place_node(step: CareerStepFact, chance: Fraction, day: dt.date, basis: Basis) -> Node:
    """The chance to stand at a place on a day."""
    return Node(
        "Chance",
        percent(chance),
        "%",
        "career.forecast.place",
        basis.version,
        basis.sources,
        (Input("Date regardée", day, "Période choisie"), *basis.inputs),
        sentence=f"Au {french_date(day)}, {_cases(chance)} des trajectoires possibles sont à cette place. Estimation indicative.",
    )
