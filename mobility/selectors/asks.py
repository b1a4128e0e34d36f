"""Contests and late changes as those who answer them read them (D28, K4, S72)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet

from career.selectors.agents import MANAGERS, visible_agents
from documents.selectors.requests import pieces_sent
from iprof.kernel.explain import Node
from mobility.domain.versions import voeux_of
from mobility.enums import AskState
from mobility.models import Contest, LateChange, MobilityRequest
from security.models import User

Ask = TypeVar("Ask", Contest, LateChange)
HIDDEN = "Pièce réservée au service médical"


@dataclass(frozen=True, slots=True)
class Joined:
    """A piece sent with an ask; `submission` None: for the medical service alone."""

    label: str
    state: str
    submission: int | None


@dataclass(frozen=True, slots=True)
class AskLine:
    """An ask on the page of its request."""

    row: Contest | LateChange
    label: str
    admin: str


def asks_for(rows: QuerySet[Ask], user: User, *, on: dt.date) -> QuerySet[Ask]:
    """Of the agents within reach of a manager, those that wait first, the oldest first. Never one's own."""
    theirs = visible_agents(user, on=on, roles=MANAGERS).filter(user__isnull=False).values("user_id")
    found = rows.filter(request__owner__in=theirs).exclude(request__owner=user)
    return found.select_related("request__owner", "request__campaign", "decided_by")


def asks_about(request: MobilityRequest) -> list[AskLine]:
    """Every contest and late change of a request, those that wait first. Two queries."""
    contests = [AskLine(row, str(row), "admin:mobility_contest_change") for row in request.contests.all()]
    late = [
        AskLine(row, "Modification tardive", "admin:mobility_latechange_change") for row in request.late_changes.all()
    ]
    return sorted([*contests, *late], key=lambda one: (one.row.state != AskState.OPEN, one.row.sent_at))


def joined(owner: User, subject: str) -> list[Joined]:
    """What was sent with an ask. One query."""
    return [
        Joined(HIDDEN, one.review.label, None) if one.medical else Joined(one.label, one.review.label, one.submission)
        for one in pieces_sent(owners=[owner.pk], subject=subject)
    ]


def node_of(contest: Contest) -> Node | None:
    """Why the line contested is worth what the version shows; None for a line that is not there."""
    version = contest.version
    lines: list[Any] = [
        line
        for voeu in voeux_of(version.result, version.retained)
        for line in voeu.lines
        if (voeu.place, line.item) == (contest.place, contest.item)
    ]
    return lines[0].node if lines else None
