"""What the rules of mobility answer: lines by vœu, what was dropped, what is refused, each with its explanation."""

from dataclasses import dataclass
from decimal import Decimal

from iprof.kernel.explain import Node

REQUEST = "request"  # scope of a refusal of the whole request
FAMILY = "family"  # … of the family points
PIECE = "piece"  # … of one piece


@dataclass(frozen=True, slots=True)
class Line:
    """Points of one item on one vœu. `item` is an id of the law; `pieces` are those that support it (codes of the law).

    `kept_in_extension` None: the texts do not say. A line of 0 points is not made.
    """

    item: str
    label: str
    points: Decimal
    kept_in_extension: bool | None
    pieces: tuple[str, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Dropped:
    """An item not cumulated, and why in French; `voeu` empty: on the whole request."""

    item: str
    label: str
    reason: str
    voeu: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something the law refuses. `code` as in docs/rules, `scope` request, family, piece or an item id; `message` is a
    French sentence: what, why, what to do."""

    code: str
    scope: str
    message: str


@dataclass(frozen=True, slots=True)
class UnknownLine:
    """An item nobody can compute: no published figure. `reason` says so in French (« non publié »)."""

    item: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class VoeuBareme:
    """The barème of one vœu: `total` is the sum of its lines; `node` the tree of the total."""

    rank: int
    place: str
    total: Decimal
    lines: tuple[Line, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Bareme:
    """The barème of a request. `voeux` is empty when the whole request is refused.

    `extension_bareme` and `extension_order` are for a compulsory candidate only; the order is None when the table is
    not published. `official` False: the session has no published text, the rules of the one before are carried over.
    """

    voeux: tuple[VoeuBareme, ...]
    refusals: tuple[Refusal, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    unknown: tuple[UnknownLine, ...] = ()
    extension_bareme: Decimal | None = None
    extension_order: tuple[str, ...] | None = None
    extension_node: Node | None = None
    separation_years: Decimal | None = None
    children_counted: int | None = None
    rules_session: int = 0  # the session whose figures were used
    official: bool = True
    warnings: tuple[str, ...] = ()  # traps told to the person (order, extension)
