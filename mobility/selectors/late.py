"""Late changes of an agent, and whether one may be asked now (S72)."""

import datetime as dt

from django.db.models import QuerySet

from mobility.domain.late import late_law
from mobility.domain.states import Act, State, may
from mobility.enums import AskState
from mobility.models import LateChange, MobilityRequest
from security.models import User


def late_obstacle(request: MobilityRequest, *, at: dt.datetime) -> str:
    """The code of what stands in the way of asking a late change now; empty when nothing does. One query at most."""
    if request.campaign is None or not request.campaign.takes_late(at):
        return "late_closed"
    if not may(State(request.state), Act.LATE_CHANGE):
        return "request_transition"
    return "late_already_open" if request.late_changes.filter(state=AskState.OPEN).exists() else ""


def late_changes_of(owner: User) -> QuerySet[LateChange]:
    return LateChange.objects.filter(request__owner=owner).select_related("request__campaign", "outcome")


def late_changes_about(request: MobilityRequest) -> list[LateChange]:
    """The latest first. One query."""
    return list(request.late_changes.all())


def event_label(late: LateChange) -> str:
    """The words of its event; the code itself for one the law no longer lists."""
    found = late_law().events.get(late.event)
    return found.label if found else late.event
