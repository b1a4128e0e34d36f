"""Pay at part time: the share of the full pay that a quotité gives, where the texts at hand say it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import monthly_gross_node, step_input
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import fewest_digits, format_euros, to_cents

FILE = "pay/temps_partiel.yaml"
FULL_TIME = Decimal(100)


@dataclass(frozen=True, slots=True)
class Proportional:
    """Quotités in percent paid in proportion: `first` included, `below` excluded."""

    first: Decimal
    below: Decimal


def build_part_time(folder: Path = law.LEGAL) -> DatedValues[Proportional]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "values"}, folder=folder)
    return law.dated(FILE, data["values"], data["checked_on"], {"from", "below"}, _proportional)


def _proportional(entry: Mapping[str, Any], where: str) -> Proportional:
    return Proportional(law.decimal(entry["from"], where), law.decimal(entry["below"], where))


@lru_cache(maxsize=1)
def load_part_time() -> DatedValues[Proportional]:
    """Read once per process."""
    return build_part_time()


def gross_node(step: CareerStepFact, on: dt.date, quotite: Decimal = FULL_TIME) -> Node:
    """Gross monthly index pay in EUR at a quotité in percent, rounded half up to the cent.

    80 and 90 % follow rates of their own, and what is below half-time another regime: neither is computed.
    Raises as `monthly_gross_node`, UnknownFigure("part_time_pay").
    Source: code général de la fonction publique art. L612-5.
    """
    if quotite == FULL_TIME:
        return monthly_gross_node(step, on)
    full = monthly_gross_node(step, on)
    known = load_part_time().at(on)
    if not known.value.first <= quotite < known.value.below:
        raise UnknownFigure("part_time_pay", quotite=french_percent(quotite))
    pay = full.value
    assert isinstance(pay, Decimal)  # noqa: S101  (monthly_gross_node always gives one)
    amount = to_cents(pay * quotite / 100)
    return Node(
        label="Traitement brut mensuel à temps partiel",
        value=amount,
        unit="€/mois",
        rule="career.pay.part_time",
        version=max(full.version, known.since.isoformat()),
        sources=(known.source,),
        inputs=(step_input(step), Input("Quotité", quotite, "Situation saisie")),
        children=(full,),
        sentence=f"{format_euros(pay)} × {french_percent(quotite)} = {format_euros(amount)} par mois, hors indemnités.",
    )


def french_percent(quotite: Decimal) -> str:
    """
    >>> french_percent(Decimal("77.50"))
    '77,5 %'
    """
    return f"{fewest_digits(quotite).replace('.', ',')} %"
