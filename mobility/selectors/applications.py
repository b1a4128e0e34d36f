"""An application followed: its steps, the opinions given and awaited; those staff may read (norms D16, D28)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from career.selectors.agents import MANAGERS, visible_agents
from documents.domain.procedures import procedures
from mobility.domain.scheme_states import SCHEME_TRANSITIONS, SchemeAct
from mobility.domain.schemes import Adviser, schemes
from mobility.enums_schemes import AdviserRole, SchemeApplicationState
from mobility.models import SchemeApplication, SchemeOpinion
from security.enums import Role
from security.models import User

PROCEDURE = "dispositif"
STATE_TONES = {
    SchemeApplicationState.DRAFT: "new",
    SchemeApplicationState.SENT: "info",
    SchemeApplicationState.ADVISED: "info",
    SchemeApplicationState.FORWARDED: "warning",
    SchemeApplicationState.ACCEPTED: "success",
    SchemeApplicationState.REFUSED: "error",
    SchemeApplicationState.WITHDRAWN: "new",
}
ROLES: dict[Adviser, tuple[Role, ...]] = {Adviser.HEAD: (Role.HEAD,), Adviser.OFFICE: MANAGERS}
READERS = (Role.HEAD, *MANAGERS)


@dataclass(frozen=True, slots=True)
class StepShown:
    words: str
    at: dt.datetime
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class OpinionShown:
    """`row` None: awaited."""

    role: str
    row: SchemeOpinion | None


def followed(one: SchemeApplication) -> dict[str, Any]:
    """Steps, opinions of the last sending, colour of the state. Two queries."""
    own = one.owner_id
    steps = [
        StepShown(
            SCHEME_TRANSITIONS[SchemeAct(row.act)][0], row.at, row.note,
            "" if row.decided_by_id == own else row.decided_by.get_full_name(),
        )
        for row in one.events.select_related("decided_by")
    ]  # fmt: skip
    given = {row.role: row for row in one.opinions.select_related("decided_by") if row.sending == one.sending}
    asked = schemes()[one.campaign.scheme].opinions if one.sending else ()
    opinions = [OpinionShown(AdviserRole(role.value).label, given.get(role.value)) for role in asked]
    return {"steps": steps, "opinions": opinions, "tone": STATE_TONES[SchemeApplicationState(one.state)]}


def visible_applications(user: User, *, on: dt.date) -> QuerySet[SchemeApplication]:
    """Those sent at least once, of agents in the habilitation of `user`: a head's own school, an office's agents. A head
    reads only those that ask for a head's opinion."""
    sent = SchemeApplication.objects.exclude(sending=0)
    office = visible_agents(user, on=on, roles=MANAGERS).values("user")
    head = visible_agents(user, on=on, roles=(Role.HEAD,)).values("user")
    asking = [code for code, law in schemes().items() if Adviser.HEAD in law.opinions]
    return sent.filter(owner__in=office) | sent.filter(owner__in=head, campaign__scheme__in=asking)


def advisers(user: User, one: SchemeApplication, *, on: dt.date) -> tuple[Adviser, ...]:
    """In what name `user` may advise on this one: those asked for, held for this agent. At most two queries."""
    asked = schemes()[one.campaign.scheme].opinions
    return tuple(
        role for role in asked if visible_agents(user, on=on, roles=ROLES[role]).filter(user=one.owner_id).exists()
    )


def as_office(user: User, one: SchemeApplication, *, on: dt.date) -> bool:
    """Whether `user` manages this agent: what the head of a school does not read, and decisions."""
    return visible_agents(user, on=on, roles=MANAGERS).filter(user=one.owner_id).exists()


def piece_labels(one: SchemeApplication) -> list[str]:
    """What was joined, by the name of the piece only: the documents are read where pieces are verified. One query."""
    known = procedures()[PROCEDURE].pieces
    codes = sorted(set(one.chosen_pieces.values_list("piece", flat=True)))
    return [known[code].label for code in codes if code in known]
