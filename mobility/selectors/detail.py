"""A request as its owner follows it: what happened, the last barème archived, the receipts (S56, K4, K5)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from documents.selectors.receipts import receipts_of
from iprof.kernel.explain import Node
from mobility.domain.facts import Degree
from mobility.domain.states import BY_ACT, Act
from mobility.domain.versions import ArchivedVoeu, voeux_of
from mobility.models import BaremeVersion, MobilityRequest
from mobility.selectors.places import place_words

if TYPE_CHECKING:
    from documents.models import Receipt


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened; `by_me`: the owner did it."""

    label: str
    at: dt.datetime
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class VoeuArchived:
    rank: int
    words: str
    total: Decimal
    node: Node
    lines: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Archived:
    """The last version; its digest proves it."""

    row: BaremeVersion
    voeux: tuple[VoeuArchived, ...]


def steps_of(one: MobilityRequest) -> tuple[Step, ...]:
    """The oldest first. One query."""
    return tuple(
        Step(BY_ACT[Act(row.act)].label, timezone.localtime(row.at), row.get_became_display(), row.note)
        for row in one.events.order_by("at", "pk")
    )


def last_version(one: MobilityRequest, degree: Degree) -> Archived | None:
    """One query."""
    row = one.versions.order_by("-number").first()
    if row is None:
        return None
    return Archived(row, tuple(_voeu(told, degree) for told in voeux_of(row.result, row.retained)))


def receipts_about(one: MobilityRequest) -> "list[Receipt]":
    """The last first. One query."""
    return list(receipts_of(one.owner).filter(subject__contains=f":{one.public_id}:"))


def _voeu(told: ArchivedVoeu, degree: Degree) -> VoeuArchived:
    """With the points a person retained."""
    lines = tuple(line.node for line in told.lines)
    return VoeuArchived(told.rank, place_words(degree, told.place), told.total, told.node, lines)
