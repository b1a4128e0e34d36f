"""Pay at part time: the share of the full pay, and of the indemnités, that a quotité gives where the law says it."""

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
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import fewest_digits, format_euros, to_cents

FILE = "pay/temps_partiel.yaml"
FULL_TIME = Decimal(100)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a full amount that is paid; `text` as it is written beside the amount: « 77,5 % », « 6/7 »."""

    numerator: Decimal
    denominator: int
    text: str

    def of(self, amount: Decimal) -> Decimal:
        """Rounded half up to the cent.

        >>> Share(Decimal(6), 7, "6/7").of(Decimal("2579.54"))
        Decimal('2211.03')
        """
        return to_cents(amount * self.numerator / self.denominator)


@dataclass(frozen=True, slots=True)
class PartTime:
    """Quotités in percent paid in proportion, `first` included and `below` excluded; `fractions` by quotité beside."""

    first: Decimal
    below: Decimal
    fractions: Mapping[int, tuple[int, int]]

    def share(self, quotite: Decimal) -> Share | None:
        """None where no text at hand says it."""
        fraction = self.fractions.get(int(quotite)) if quotite == int(quotite) else None
        if fraction:
            return Share(Decimal(fraction[0]), fraction[1], f"{fraction[0]}/{fraction[1]}")
        return Share(quotite, 100, french_percent(quotite)) if self.first <= quotite < self.below else None


def build_part_time(folder: Path = law.LEGAL) -> DatedValues[PartTime]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "values"}, folder=folder)
    return law.dated(FILE, data["values"], data["checked_on"], {"from", "below", "fractions"}, _part_time)


def _part_time(entry: Mapping[str, Any], where: str) -> PartTime:
    fractions: dict[int, tuple[int, int]] = {}
    for quotite, pair in law.mapping(entry["fractions"], f"{where}.fractions").items():
        at = f"{where}.fractions.{quotite}"
        numerator, denominator = (law.whole(n, at) for n in law.sequence(pair, at, length=2))
        if not 0 < numerator < denominator:
            raise law.LawFileError(f"{at}: {numerator}/{denominator} is not between 0 and 1")
        fractions[law.whole(quotite, at)] = (numerator, denominator)
    return PartTime(law.decimal(entry["from"], where), law.decimal(entry["below"], where), fractions)


@lru_cache(maxsize=1)
def load_part_time() -> DatedValues[PartTime]:
    """Read once per process."""
    return build_part_time()


def paid_share(quotite: Decimal, on: dt.date) -> Dated[Share]:
    """The share of pay and indemnités that a quotité in percent, under 100, gives on a day.

    Raises NotInForce, UnknownFigure("part_time_pay"). Source: code général de la fonction publique art. L612-5.
    """
    rule = load_part_time().at(on)
    share = rule.value.share(quotite)
    if share is None:
        raise UnknownFigure("part_time_pay", quotite=french_percent(quotite))
    return Dated(share, rule.since, rule.source)


def gross_node(step: CareerStepFact, on: dt.date, quotite: Decimal = FULL_TIME, index: Node | None = None) -> Node:
    """Gross monthly index pay in EUR at a quotité in percent, rounded half up to the cent.

    Raises as `monthly_gross_node` and `paid_share`. Source: code général de la fonction publique art. L612-5.
    """
    full = monthly_gross_node(step, on, index)
    if quotite == FULL_TIME:
        return full
    found = paid_share(quotite, on)
    pay = full.value
    assert isinstance(pay, Decimal)  # noqa: S101  (monthly_gross_node always gives one)
    amount = found.value.of(pay)
    return Node(
        label="Traitement brut mensuel à temps partiel",
        value=amount,
        unit="€/mois",
        rule="career.pay.part_time",
        version=max(full.version, found.since.isoformat()),
        sources=(found.source,),
        inputs=(step_input(step), Input("Quotité", quotite, "Situation saisie")),
        children=(full,),
        sentence=f"{format_euros(pay)} × {found.value.text} = {format_euros(amount)} par mois, hors indemnités.",
    )


def french_percent(quotite: Decimal) -> str:
    """
    >>> french_percent(Decimal("77.50"))
    '77,5 %'
    """
    return f"{fewest_digits(quotite).replace('.', ',')} %"
