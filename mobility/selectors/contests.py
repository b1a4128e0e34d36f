"""What may be contested now, what was, and the documents that may be joined (K4)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from documents.domain.procedures import procedures
from documents.selectors.own import documents_of
from documents.selectors.procedures import PieceState, checklist
from iprof.kernel.explain import Node
from mobility.domain.contests import answer_node, contest_law
from mobility.domain.states import State
from mobility.domain.versions import ArchivedVoeu, missing_lines, voeux_of
from mobility.enums import AskState
from mobility.models import BaremeVersion, Contest, MobilityRequest
from security.models import User


@dataclass(frozen=True, slots=True)
class Contestable:
    """A line that may be contested, displayed or missing (`shown` None). `pending`: a contest of it waits."""

    place: str
    item: str
    label: str
    shown: Decimal | None
    node: Node | None
    pending: bool


@dataclass(frozen=True, slots=True)
class ContestableVoeu:
    rank: int
    place: str
    shown: tuple[Contestable, ...]
    missing: tuple[Contestable, ...]


def may_contest(request: MobilityRequest, *, at: dt.datetime) -> bool:
    return (
        State(request.state) is State.CONTROLLED
        and request.campaign is not None
        and request.campaign.takes_contests(at)
    )


def contests_of(owner: User) -> QuerySet[Contest]:
    return Contest.objects.filter(request__owner=owner).select_related("request__campaign", "version", "outcome")


def contests_about(request: MobilityRequest) -> list[Contest]:
    """The latest first. One query."""
    return list(request.contests.all())


def contestable(version: BaremeVersion) -> tuple[ContestableVoeu, ...]:
    """Every line of the version, then what may be missing. One query."""
    open_now = version.request.contests.filter(state=AskState.OPEN).values_list("place", "item")
    pending = frozenset(open_now)
    return tuple(_voeu(version, voeu, pending) for voeu in voeux_of(version.result, version.retained))


def line_named(version: BaremeVersion, place: str, item: str) -> Contestable | None:
    """The line of a vœu as the page names it; None for one that does not exist."""
    for voeu in contestable(version):
        for line in (*voeu.shown, *voeu.missing):
            if (line.place, line.item) == (place, item):
                return line
    return None


def proofs_for(owner: User, procedure: str) -> PieceState:
    """The documents that may be joined today. Two queries."""
    return checklist(procedures()[procedure], documents_of(owner), on=timezone.localdate()).pieces[0]


def answer_delay(contest: Contest) -> Node:
    return answer_node(timezone.localtime(contest.sent_at).date(), contest_law())


def _voeu(version: BaremeVersion, voeu: ArchivedVoeu, pending: frozenset[tuple[str, str]]) -> ContestableVoeu:
    shown = tuple(
        Contestable(voeu.place, line.item, line.label, line.points, line.node, (voeu.place, line.item) in pending)
        for line in voeu.lines
    )
    there = {line.item for line in shown}
    missing = tuple(
        Contestable(voeu.place, item, label, None, None, (voeu.place, item) in pending)
        for item, label in missing_lines(version.result, voeu.place)
        if item not in there
    )
    return ContestableVoeu(voeu.rank, voeu.place, shown, missing)
