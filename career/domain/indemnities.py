"""Indemnités of a yearly amount: ISOE, REP, REP+."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from career.domain import law
from career.domain.part_time import FULL_TIME, paid_share
from career.domain.pay import french_date
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import format_euros

FILE = "pay/indemnites.yaml"


@dataclass(frozen=True, slots=True)
class Indemnity:
    """Yearly gross amounts in EUR, paid in proportion of the quotité or whole; None: not known. `corps` empty: any."""

    code: str
    label: str
    prorated: bool | None
    amounts: DatedValues[Decimal] | None
    corps: frozenset[str] = frozenset()


def build_indemnities(folder: Path = law.LEGAL) -> dict[str, Indemnity]:
    """Every indemnité of the file, by code. Raises LawFileError."""
    data = law.read(FILE, required={"label", "unit", "checked_on", "indemnites"}, folder=folder)
    found: dict[str, Indemnity] = {}
    for code, entry in law.mapping(data["indemnites"], f"{FILE}: indemnites").items():
        where = f"{FILE}: {code}"
        law.check_keys(entry, {"label", "prorated", "values"}, frozenset({"corps"}), where)
        prorated = None if entry["prorated"] == law.UNKNOWN else entry["prorated"]
        if prorated is not None and not isinstance(prorated, bool):
            raise law.LawFileError(f"{where}.prorated: {prorated!r} is neither true nor false")
        amounts = (
            None
            if entry["values"] == law.UNKNOWN
            else law.dated(
                where, entry["values"], data["checked_on"], {"value"}, lambda e, at: law.decimal(e["value"], at)
            )
        )
        names = law.sequence(entry["corps"], f"{where}.corps") if "corps" in entry else ()
        corps = frozenset(law.text(name, f"{where}.corps") for name in names)
        found[law.text(code, where)] = Indemnity(
            code, law.text(entry["label"], f"{where}.label"), prorated, amounts, corps
        )
    return found


@lru_cache(maxsize=1)
def load_indemnities() -> Mapping[str, Indemnity]:
    """Read once per process."""
    return build_indemnities()


def indemnity_node(code: str, on: dt.date, quotite: Decimal = FULL_TIME) -> Node:
    """The yearly gross amount of an indemnité on a day, in EUR, rounded half up; `quotite` in percent.

    Raises NotInForce, UnknownFigure("indemnity_unpublished") (amount, or its share at part time), as `paid_share`, KeyError
    for a code that is not in the file. Sources: décrets n° 93-55 and n° 2015-1087; at part time, CGFP art. L612-5.
    """
    rule = load_indemnities()[code]
    if rule.amounts is None or (rule.prorated is None and quotite != FULL_TIME):
        raise UnknownFigure("indemnity_unpublished", label=rule.label)
    full = rule.amounts.at(on)
    inputs: tuple[Input, ...] = ()
    sources: tuple[LegalSource, ...] = (full.source,)
    amount = full.value
    sentence = f"{format_euros(full.value)} par an depuis le {french_date(full.since)}."
    if rule.prorated and quotite != FULL_TIME:
        share = paid_share(quotite, on)
        amount = share.value.of(full.value)
        sources = (*sources, share.source)
        inputs = (Input("Quotité", quotite, "Situation saisie"),)
        sentence = f"{format_euros(full.value)} × {share.value.text} = {format_euros(amount)} par an."
    return Node(
        label=rule.label,
        value=amount,
        unit="€/an",
        rule=f"career.pay.indemnity.{rule.code}",
        version=full.since.isoformat(),
        sources=sources,
        inputs=inputs,
        sentence=sentence,
    )
