"""A request being computed: what the rules read, and where they write what is earned, refused or dropped."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from iprof.kernel.explain import Input
from mobility.domain.anchors import Anchors
from mobility.domain.facts import Situation
from mobility.domain.inter_law import Item
from mobility.domain.refusals import refusal
from mobility.domain.results import Dropped, Refusal, UnknownLine
from mobility.domain.sessions import Session

Explain = Callable[[], tuple[str, tuple[Input, ...]]]
ORIGIN = "Situation de la demande"
STAGIAIRE = "stagiaire"


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules read. `voeux` and `home` are names of the geography; `missing` are codes of pieces and ids of items."""

    situation: Situation
    session: Session
    anchors: Anchors
    items: Mapping[str, Item]
    voeux: tuple[str, ...]
    home: str
    departement: str
    missing: frozenset[str]

    @property
    def stagiaire(self) -> bool:
        return self.situation.status == STAGIAIRE


@dataclass(frozen=True, slots=True)
class Earned:
    """Points of an item on the vœux of `bears` (None: all). `explain` gives the sentence and the facts, when asked."""

    item: Item
    points: Decimal
    bears: frozenset[str] | None
    pieces: tuple[str, ...]
    explain: Explain

    def on(self, voeu: str) -> bool:
        return self.bears is None or voeu in self.bears


@dataclass(slots=True)
class Ledger:
    """What the rules write."""

    case: Case
    earned: list[Earned] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    unknown: list[UnknownLine] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    separation_years: Decimal | None = None
    children_counted: int | None = None

    def item(self, name: str) -> Item | None:
        """The item, when the session has it."""
        return self.case.items.get(name)

    def give(
        self,
        item: Item,
        points: Decimal,
        explain: Explain,
        *,
        bears: frozenset[str] | None = None,
        pieces: tuple[str, ...] = (),
    ) -> bool:
        """Writes the points, unless a piece that supports them is missing. True when they are written."""
        if not points:
            return False
        if self.lacking(item.id, pieces):
            self.refuse("piece_manquante", item.id, label=item.label)
            return False
        self.earned.append(Earned(item, points, bears, pieces, explain))
        return True

    def lacking(self, item: str, pieces: tuple[str, ...]) -> bool:
        """Whether a piece that supports the item is missing."""
        return item in self.case.missing or not self.case.missing.isdisjoint(pieces)

    def refuse(self, code: str, scope: str, **params: object) -> None:
        self.refusals.append(refusal(code, scope, **params))

    def drop(self, item: str, reason: str, voeu: str = "") -> None:
        self.dropped.append(Dropped(item, self.case.items[item].label, reason, voeu))

    def tell_unknown(self, item: str, reason: str) -> None:
        self.unknown.append(UnknownLine(item, self.case.items[item].label, reason))


def told(label: str, value: Decimal | int | str | dt.date | None, as_of: dt.date | None = None) -> Input:
    return Input(label, value, ORIGIN, as_of)
