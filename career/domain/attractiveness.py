"""Prime d'attractivité: its yearly amount by échelon, and what a passage changes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.part_time import FULL_TIME, paid_share
from career.domain.pay import french_date, ordinal, step_input
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import format_euros

FILE = "pay/prime_attractivite.yaml"
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Attractiveness:
    """Yearly gross amounts in EUR by échelon of `grade`, for the corps covered; other échelons and grades have none."""

    grade: str
    corps: frozenset[str]
    amounts: DatedValues[Mapping[int, Decimal]]


def build_attractiveness(folder: Path = law.LEGAL) -> Attractiveness:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "unit", "checked_on", "grade", "corps", "values"}, folder=folder)
    return Attractiveness(
        law.text(data["grade"], f"{FILE}: grade"),
        frozenset(law.text(code, f"{FILE}: corps") for code in law.sequence(data["corps"], f"{FILE}: corps")),
        law.dated(FILE, data["values"], data["checked_on"], {"amounts"}, _amounts),
    )


def _amounts(entry: Mapping[str, Any], where: str) -> Mapping[int, Decimal]:
    return {
        law.whole(echelon, f"{where}.amounts"): law.decimal(value, f"{where}.amounts.{echelon}")
        for echelon, value in law.mapping(entry["amounts"], f"{where}.amounts").items()
    }


@lru_cache(maxsize=1)
def load_attractiveness() -> Attractiveness:
    """Read once per process."""
    return build_attractiveness()


def attractiveness_node(step: CareerStepFact, on: dt.date, quotite: Decimal = FULL_TIME) -> Node:
    """The yearly gross prime on a day, in EUR, at a quotité in percent; zero where the text gives none.

    Raises NotInForce before the prime existed, UnknownFigure("prime_unpublished") for a corps not covered, as `paid_share`.
    Source: décret n° 2021-276, arrêté du 12 mars 2021; at part time, CGFP art. L612-5.
    """
    rule = load_attractiveness()
    if step.corps not in rule.corps:
        raise UnknownFigure("prime_unpublished")
    table = rule.amounts.at(on)
    amount, reason = NONE, "seule la classe normale ouvre droit à la prime d'attractivité."
    if step.grade == rule.grade:
        amount = table.value.get(step.echelon or 0, NONE)
        reason = (
            f"{ordinal(step.echelon or 0)} échelon de la classe normale, montants du {french_date(table.since)} : "
            f"{format_euros(amount)} par an."
        )
    sources: tuple[LegalSource, ...] = (table.source,)
    inputs: tuple[Input, ...] = (step_input(step),)
    if amount and quotite != FULL_TIME:
        share = paid_share(quotite, on)
        full, amount = amount, share.value.of(amount)
        reason += f" À temps partiel : {format_euros(full)} × {share.value.text} = {format_euros(amount)} par an."
        sources, inputs = (*sources, share.source), (*inputs, Input("Quotité", quotite, "Situation saisie"))
    return Node(
        label="Prime d'attractivité",
        value=amount,
        unit="€/an",
        rule="career.pay.attractiveness",
        version=table.since.isoformat(),
        sources=sources,
        inputs=inputs,
        sentence=f"{reason[0].upper()}{reason[1:]}",
    )


def attractiveness_change_node(before: CareerStepFact, after: CareerStepFact, on: dt.date) -> Node:
    """What a passage on the grid changes in the yearly prime on a day, in EUR; negative when the prime falls.

    Raises as `attractiveness_node`.
    """
    old, new = attractiveness_node(before, on), attractiveness_node(after, on)
    had, has = old.value, new.value
    assert isinstance(had, Decimal)  # noqa: S101  (attractiveness_node always gives one)
    assert isinstance(has, Decimal)  # noqa: S101
    change = has - had
    return Node(
        label="Variation annuelle de la prime d'attractivité",
        value=change,
        unit="€/an",
        rule="career.pay.attractiveness.change",
        version=new.version,
        sources=new.sources,
        children=(old, new),
        sentence=f"{format_euros(has)} − {format_euros(had)} = {format_euros(change)} par an.",
    )
