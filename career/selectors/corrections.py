"""Requests of rectification: the agent's own, and the queue of staff."""

import datetime as dt

from django.db.models import Count, Q, QuerySet

from career.enums import CorrectionState
from career.models import Agent, CorrectionRequest
from career.selectors.agents import MANAGERS, visible_agents
from security.enums import Role
from security.models import User
from security.policies import scope_of

OPEN_STATES = (CorrectionState.OPEN, CorrectionState.IN_PROGRESS)


def corrections_of(agent: Agent) -> QuerySet[CorrectionRequest]:
    """The agent's requests, newest first."""
    return CorrectionRequest.objects.filter(agent=agent)


def open_facts(agent: Agent) -> frozenset[str]:
    """« kind:ref » of the facts with a request under way."""
    rows = corrections_of(agent).filter(state__in=OPEN_STATES).values_list("fact_kind", "fact_ref")
    return frozenset(f"{kind}:{ref}" for kind, ref in rows)


def visible_corrections(user: User, *, on: dt.date) -> QuerySet[CorrectionRequest]:
    """Requests of the agents in the habilitation; all of them for the DPO, who watches over the delays (norm D22)."""
    requests = CorrectionRequest.objects.all()
    if Role.DPO in scope_of(user, on=on).roles:
        return requests
    return requests.filter(agent__in=visible_agents(user, on=on, roles=MANAGERS))


def queue_counts(user: User, *, on: dt.date) -> dict[str, int]:
    """`waiting` and `late` (past the legal month) requests of the habilitation."""
    return visible_corrections(user, on=on).aggregate(
        waiting=Count("pk", filter=Q(state__in=OPEN_STATES)),
        late=Count("pk", filter=Q(state__in=OPEN_STATES, due_on__lt=on)),
    )
