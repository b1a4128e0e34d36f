"""The same file against every destination: one row each, in the order asked (requirement S10)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from iprof.kernel.explain import Node
from iprof.kernel.text import sort_key
from mobility.domain.results import Bareme

RULE = "mobility.comparison"


class Zone(StrEnum):
    MAINLAND = "metropole"
    OVERSEAS = "outre_mer"  # académies and départements of the movement
    COM = "com"  # outside of the movement
    ABROAD = "etranger"


class Order(StrEnum):
    POINTS = "points"
    PAY = "paie"
    NAME = "nom"
    CLOSING = "cloture"


@dataclass(frozen=True, slots=True)
class Destination:
    """`points` of a request for this place alone; `pay` what the same step is paid more each month there. A node without
    value is « non publié ». `closes` None: not published. `procedure` in words, `scheme` its code where there is one."""

    name: str
    zone: Zone
    points: Node
    pay: Node
    opens: dt.datetime | None
    closes: dt.datetime | None
    procedure: str
    scheme: str = ""
    own: bool = False  # where the person is posted


def ordered(rows: Iterable[Destination], by: Order) -> tuple[Destination, ...]:
    """Most points or pay first, earliest closing first; what is not published last; then by name."""
    return tuple(sorted(rows, key=lambda row: (_rank(row, by), sort_key(row.name))))


def _rank(row: Destination, by: Order) -> Decimal:
    """Smallest first."""
    match by:
        case Order.POINTS:
            return _least(row.points)
        case Order.PAY:
            return _least(row.pay)
        case Order.CLOSING:
            return Decimal(row.closes.timestamp()) if row.closes else Decimal("Infinity")
        case _:
            return Decimal(0)


def _least(node: Node) -> Decimal:
    return -Decimal(node.value) if isinstance(node.value, Decimal | int) else Decimal("Infinity")


def points_node(name: str, found: Bareme | None) -> Node:
    """The points of the one vœu of `found`; without value where no rule is loaded, « sans objet » where it is refused.

    The refusals that leave the request but take points away are told in the sentence.
    """
    label = f"Barème, {name}"
    if found is None:
        return Node(label, None, "", RULE, "", sentence="Aucune règle n'est chargée pour cette session : non publié.")
    told = " ".join(one.message for one in found.refusals)
    if not found.voeux:
        return Node(label, "sans objet", "", RULE, "", sentence=told)
    voeu = found.voeux[0]
    return Node(
        label, voeu.total, "points", RULE, voeu.node.version, voeu.node.sources, children=(voeu.node,), sentence=told
    )


def outside_node(name: str, sentence: str) -> Node:
    """A place one does not reach by the barème."""
    return Node(f"Barème, {name}", "hors barème", "", RULE, "", sentence=sentence)
