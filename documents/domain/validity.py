"""What a document is worth on the day a procedure is deposited (requirement S70)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from documents.domain.types import DocumentType, Lifetime
from iprof.kernel.explain import Input, Node
from iprof.kernel.periods import add_months


class Worth(StrEnum):
    VALID = "valable"
    EXPIRED = "perime"
    UNDATED = "sans-date"  # its date is not told: nothing can be said
    FUTURE = "date-future"
    UNKNOWN = "duree-inconnue"  # no published duration: dated, a person looks


@dataclass(frozen=True, slots=True)
class Validity:
    """`last_day` is the last day on which it is worth something, None when it has no end or none is known."""

    worth: Worth
    last_day: dt.date | None
    node: Node


def last_day_of(kind: DocumentType, *, dated_on: dt.date | None, ends_on: dt.date | None) -> dt.date | None:
    """A document of three months dated 15 January is worth something up to 15 April, that day included; its own end
    of validity comes first when it is earlier."""
    ends = [ends_on] if ends_on else []
    if kind.lifetime is Lifetime.MONTHS and kind.months is not None and dated_on:
        ends.append(add_months(dated_on, kind.months))
    return min(ends, default=None)


RULE = "documents.validite"


def validity(
    kind: DocumentType, *, dated_on: dt.date | None, ends_on: dt.date | None = None, deposit: dt.date
) -> Validity:
    """Worth of a document of `kind` on the day of `deposit` of the procedure."""
    last_day = last_day_of(kind, dated_on=dated_on, ends_on=ends_on)
    worth = _worth(kind, dated_on, ends_on, last_day, deposit)
    inputs = (
        Input("Type de document", kind.label, "déclaré"),
        *([Input("Date du document", dated_on, "déclarée")] if dated_on or kind.dated else []),
        *([Input("Fin de validité écrite sur le document", ends_on, "déclarée")] if ends_on or kind.ends else []),
        Input("Date de dépôt", deposit, "procédure"),
    )
    version = kind.source.checked_on.isoformat() if kind.source.checked_on else ""
    node = Node(
        "Dernier jour de validité",
        last_day,
        "date" if last_day else "",
        RULE,
        version,
        (kind.source,),
        inputs,
        sentence=_sentence(
            kind, worth, last_day, own_end=ends_on is not None and last_day == ends_on, dated_on=dated_on
        ),
    )
    return Validity(worth, last_day, node)


def _worth(
    kind: DocumentType, dated_on: dt.date | None, ends_on: dt.date | None, last_day: dt.date | None, deposit: dt.date
) -> Worth:
    if dated_on and dated_on > deposit:
        return Worth.FUTURE
    if last_day and last_day < deposit:
        return Worth.EXPIRED
    if (kind.dated and dated_on is None) or (kind.ends and ends_on is None):
        return Worth.UNDATED
    if kind.lifetime is Lifetime.UNKNOWN and ends_on is None:
        return Worth.UNKNOWN
    return Worth.VALID


def _sentence(
    kind: DocumentType, worth: Worth, last_day: dt.date | None, *, own_end: bool, dated_on: dt.date | None
) -> str:
    if worth is Worth.UNDATED:
        return UNDATED if kind.dated and dated_on is None else ENDLESS
    if last_day is None and kind.lifetime is Lifetime.PERMANENT:
        return "Ce type de document n'a pas de durée de validité."
    if last_day is None:
        return "Durée de validité non publiée : le service qui reçoit la pièce en juge."
    if kind.lifetime is Lifetime.MONTHS and not own_end:
        return f"Sans effet plus de {kind.months} mois après sa date."
    return "Valable jusqu'à la date de fin écrite sur le document."


UNDATED = "La date du document n'est pas indiquée : sa validité ne peut pas être calculée."
ENDLESS = "La fin de validité écrite sur le document n'est pas indiquée : recopiez-la."
