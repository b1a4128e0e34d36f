"""Supplément familial de traitement (SFT): a fixed part by number of children and a share of the index pay."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.grids import load_grids
from career.domain.part_time import FULL_TIME, french_percent
from career.domain.pay import MONTHS, french_date, indice_majore_node
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import fewest_digits, format_euros, format_number, to_cents
from iprof.kernel.periods import add_months

FILE = "pay/supplement_familial.yaml"
KEYS = {"floor", "ceiling", "fixed", "rates", "extra_fixed", "extra_rate", "dependent_age"}
TABLED = (1, 2, 3)
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class FamilySupplement:
    """Indices in points, fixed parts in EUR/month, rates as shares of the monthly index pay, age in years."""

    floor: int
    ceiling: int
    fixed: Mapping[int, Decimal]
    rates: Mapping[int, Decimal]
    extra_fixed: Decimal
    extra_rate: Decimal
    dependent_age: int

    def dependents(self, birthdates: Iterable[dt.date], on: dt.date) -> int:
        """How many of these children are born and under the age on a day; what they earn is not looked at."""
        return sum(born <= on < add_months(born, MONTHS * self.dependent_age) for born in birthdates)

    def parts(self, children: int) -> tuple[Decimal, Decimal]:
        """(fixed part, rate) for a number of children; nothing without child."""
        if children == 0:
            return NONE, NONE
        tabled = min(children, TABLED[-1])
        extra = children - tabled
        return self.fixed[tabled] + extra * self.extra_fixed, self.rates[tabled] + extra * self.extra_rate

    def amount(self, indice_majore: int, point_value: Decimal, children: int) -> Decimal:
        """EUR per month, rounded half up once, at the end.

        The index is kept between floor and ceiling. Source: décret n° 85-1148 art. 10 and 10 bis.
        """
        fixed, rate = self.parts(children)
        return to_cents(fixed + rate * self.counted(indice_majore) * point_value / MONTHS)

    def counted(self, indice_majore: int) -> int:
        return min(max(indice_majore, self.floor), self.ceiling)


def build_supplement(folder: Path = law.LEGAL) -> DatedValues[FamilySupplement]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "unit", "checked_on", "values"}, folder=folder)
    return law.dated(FILE, data["values"], data["checked_on"], KEYS, _supplement)


def _supplement(entry: Mapping[str, Any], where: str) -> FamilySupplement:
    tabled: set[Any] = set(TABLED)
    tables = {}
    for key in ("fixed", "rates"):
        table = law.mapping(entry[key], f"{where}.{key}")
        law.check_keys(table, tabled, frozenset(), f"{where}.{key}")
        tables[key] = {children: law.decimal(value, f"{where}.{key}.{children}") for children, value in table.items()}
    floor, ceiling = (law.whole(entry[key], f"{where}.{key}") for key in ("floor", "ceiling"))
    if floor >= ceiling:
        raise law.LawFileError(f"{where}: floor {floor} is not below ceiling {ceiling}")
    return FamilySupplement(
        floor,
        ceiling,
        tables["fixed"],
        tables["rates"],
        law.decimal(entry["extra_fixed"], f"{where}.extra_fixed"),
        law.decimal(entry["extra_rate"], f"{where}.extra_rate"),
        law.whole(entry["dependent_age"], f"{where}.dependent_age"),
    )


@lru_cache(maxsize=1)
def load_supplement() -> DatedValues[FamilySupplement]:
    """Read once per process."""
    return build_supplement()


def family_supplement_node(step: CareerStepFact, children: int, on: dt.date, quotite: Decimal = FULL_TIME) -> Node:
    """The SFT on a day, in EUR per month, at full time; one parent of a couple of public agents receives it.

    Raises as `indice_majore_node`, UnknownFigure("family_part_time"): the reduction at part time is not in the texts at
    hand. Source: décret n° 85-1148 art. 10 and 10 bis.
    """
    index = indice_majore_node(step, on)
    rule = load_supplement().at(on)
    if quotite != FULL_TIME and children:
        raise UnknownFigure("family_part_time", quotite=french_percent(quotite))
    point = load_grids().point_value.at(on)
    points = index.value
    assert isinstance(points, int)  # noqa: S101  (indice_majore_node always gives one)
    fixed, rate = rule.value.parts(children)
    amount = rule.value.amount(points, point.value, children)
    return Node(
        label="Supplément familial de traitement",
        value=amount,
        unit="€/mois",
        rule="career.pay.family_supplement",
        version=max(rule.since.isoformat(), index.version, point.since.isoformat()),
        sources=(rule.source, point.source) if rate else (rule.source,),
        inputs=(Input("Enfants à charge", children, "Situation saisie"),),
        children=(index, _counted(points, rule, index)) if rate else (index,),
        sentence=_sentence(children, fixed, rate, rule.value.counted(points), point.value, amount),
    )


def _counted(points: int, rule: Dated[FamilySupplement], index: Node) -> Node:
    counted = rule.value.counted(points)
    if counted > points:
        because = f"au-dessous de l'indice plancher : {counted} points sont retenus"
    elif counted < points:
        because = f"au-dessus de l'indice plafond : {counted} points sont retenus"
    else:
        because = f"entre l'indice plancher ({rule.value.floor}) et l'indice plafond ({rule.value.ceiling})"
    return Node(
        label="Indice retenu",
        value=counted,
        unit="points d'indice",
        rule="career.pay.family_supplement.index",
        version=rule.since.isoformat(),
        sources=(rule.source,),
        inputs=index.inputs,
        sentence=f"L'indice de {points} points est {because} (bornes en vigueur depuis le {french_date(rule.since)}).",
    )


def _sentence(children: int, fixed: Decimal, rate: Decimal, points: int, point_value: Decimal, amount: Decimal) -> str:
    if not children:
        return "Le supplément familial de traitement est versé à partir d'un enfant à charge."
    count = f"{children} enfant{'s' if children > 1 else ''}"
    if not rate:
        return f"{count} : {format_euros(fixed)} par mois, sans part proportionnelle au traitement."
    percent = f"{fewest_digits(rate * 100)} %"
    return (
        f"{count} : {format_euros(fixed)} + {percent} × {points} points × {format_number(point_value)} € ÷ {MONTHS} = "
        f"{format_euros(amount)} par mois."
    )
