"""Steps and posts of an agent as the rules see them, and the services deduced from them."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from career.domain.perspectives import Services
from career.domain.services_held import Held, PostFact, held_services
from career.domain.snapshot import CareerStepFact
from career.models import Agent, Assignment

SECOND_DEGREE = ("Collège", "Lycée", "EREA", "Section d'enseignement")
FIRST_DEGREE = ("École", "Circonscription")


def posts_of(agent: Agent) -> list[Assignment]:
    """Posts in force, oldest first, with their establishment; one query."""
    rows = Assignment.objects.filter(agent=agent, cancelled=False).select_related("establishment")
    return list(rows.order_by("starts_on", "pk"))


def post_fact(row: Assignment) -> PostFact:
    kind = row.establishment.kind if row.establishment else ""
    told = kind.startswith((*SECOND_DEGREE, *FIRST_DEGREE))
    return PostFact(row.starts_on, row.ends_on, kind.startswith(SECOND_DEGREE) if told else None)


def services_held(steps: Iterable[CareerStepFact], posts: Iterable[Assignment], on: dt.date) -> dict[str, Held]:
    """Services by kind; see `career.domain.services_held`. No query."""
    return held_services(steps, map(post_fact, posts), on)


def services_of(corps: str, held: dict[str, Held]) -> Services:
    """What the ways look at, each first day with the facts it comes from."""
    return Services(
        corps,
        {kind: found.first_day for kind, found in held.items()},
        {kind: found.inputs(settings.SIAE_LABEL) for kind, found in held.items()},
        settings.SIAE_LABEL,
        {kind: found.gaps for kind, found in held.items()},
    )
