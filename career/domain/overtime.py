"""Rates of overtime: heure supplémentaire année (HSA) and heure supplémentaire effective (HSE)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.grids import load_grids
from career.domain.pay import french_date, ordinal
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import fewest_digits, format_euros, format_number, to_cents

FILE = "pay/heures_supplementaires.yaml"
KEYS = {"echelons", "numerator", "denominator", "higher_grade", "first_hour", "hse_divisor", "hse_increase"}
BASE_GRADE = "classe_normale"
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Overtime:
    """The formula: two échelons whose mean counts, a fraction of it, then increases as shares."""

    echelons: tuple[int, int]
    numerator: int
    denominator: int
    higher_grade: Decimal
    first_hour: Decimal
    hse_divisor: int
    hse_increase: Decimal

    def hsa(
        self, indices: tuple[int, int], point_value: Decimal, weekly_hours: int, *, higher: bool, first: bool
    ) -> Decimal:
        """EUR per year for one weekly hour, not rounded.

        >>> overtime = load_overtime().at(dt.date(2017, 9, 1)).value
        >>> to_cents(overtime.hsa((383, 664), Decimal("56.2323"), 18, higher=False, first=False))
        Decimal('1132.22')
        """
        mean = sum(indices) * point_value / 2
        rate = mean * self.numerator / self.denominator / weekly_hours
        return rate * (ONE + self.higher_grade if higher else ONE) * (ONE + self.first_hour if first else ONE)

    def hse(self, hsa: Decimal) -> Decimal:
        """EUR for one hour, from the rate of the HSA without the increase of its first hour; not rounded."""
        return hsa / self.hse_divisor * (ONE + self.hse_increase)


def build_overtime(folder: Path = law.LEGAL) -> DatedValues[Overtime]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "max_imposed", "values"}, folder=folder)
    law.whole(data["max_imposed"], f"{FILE}: max_imposed")
    return law.dated(FILE, data["values"], data["checked_on"], KEYS, _overtime)


def _overtime(entry: Mapping[str, Any], where: str) -> Overtime:
    low, high = (law.whole(n, f"{where}.echelons") for n in law.sequence(entry["echelons"], where, length=2))
    return Overtime(
        (low, high),
        law.whole(entry["numerator"], f"{where}.numerator"),
        law.whole(entry["denominator"], f"{where}.denominator"),
        law.decimal(entry["higher_grade"], f"{where}.higher_grade"),
        law.decimal(entry["first_hour"], f"{where}.first_hour"),
        law.whole(entry["hse_divisor"], f"{where}.hse_divisor"),
        law.decimal(entry["hse_increase"], f"{where}.hse_increase"),
    )


@lru_cache(maxsize=1)
def load_overtime() -> DatedValues[Overtime]:
    """Read once per process."""
    return build_overtime()


def overtime_node(corps: str, grade: str, on: dt.date, *, first: bool = False, weekly_hours: int | None = None) -> Node:
    """The yearly rate of one HSA on a day, in EUR, rounded half up; its child is the rate of one HSE.

    `weekly_hours` replaces the service of the corps (agrégés d'EPS: 17). Raises NotInForce,
    UnknownFigure("overtime_unpublished") for a corps without weekly service or without classe normale, DomainError.
    Source: décret n° 50-1253 du 6 octobre 1950.
    """
    grids = load_grids()
    grids.find_grade(corps, grade)
    hours = weekly_hours or grids.find_corps(corps).weekly_hours
    if hours is None or BASE_GRADE not in grids.find_corps(corps).grades:
        raise UnknownFigure("overtime_unpublished")
    rule, point = load_overtime().at(on), grids.point_value.at(on)
    low, high = (grids.index(corps, BASE_GRADE, echelon, None, on) for echelon in rule.value.echelons)
    higher = grade != BASE_GRADE
    formula = rule.value
    exact = formula.hsa((low.value, high.value), point.value, hours, higher=higher, first=first)
    plain = formula.hsa((low.value, high.value), point.value, hours, higher=higher, first=False)
    hsa, hse = to_cents(exact), to_cents(formula.hse(plain))
    version = max(rule.since, low.since, point.since).isoformat()
    increases = [
        f" + {fewest_digits(share * 100)} % ({reason})"
        for share, reason, applies in (
            (formula.higher_grade, "hors-classe ou classe exceptionnelle", higher),
            (formula.first_hour, "première heure", first),
        )
        if applies
    ]
    echelons = " et ".join(ordinal(echelon) for echelon in formula.echelons)
    return Node(
        label="Taux annuel d'une HSA",
        value=hsa,
        unit="€/an",
        rule="career.pay.overtime.hsa",
        version=version,
        sources=(rule.source, point.source, low.source),
        inputs=(
            Input("Service hebdomadaire", hours, "Registre des corps" if weekly_hours is None else "Situation saisie"),
        ),
        children=(
            Node(
                label="Taux d'une HSE",
                value=hse,
                unit="€/heure",
                rule="career.pay.overtime.hse",
                version=version,
                sources=(rule.source,),
                sentence=(
                    f"HSA ÷ {formula.hse_divisor}, plus {fewest_digits(formula.hse_increase * 100)} % : "
                    f"{format_euros(hse)} par heure."
                ),
            ),
        ),
        sentence=(
            f"Moyenne des {echelons} échelons ({low.value} et {high.value} points) × {format_number(point.value)} € × "
            f"{formula.numerator} ÷ {formula.denominator} ÷ {hours} heures{''.join(increases)} = {format_euros(hsa)} par an, "
            f"depuis le {french_date(dt.date.fromisoformat(version))}. Taux calculé d'après la formule, non lu dans un barème."
        ),
    )
