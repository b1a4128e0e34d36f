"""What staff read of agents: the list with the place held on a day, and one file cut to the rights of the reader."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from career.enums import FactKind
from career.models import Agent, Assignment, CareerStep
from career.selectors.agents import visible_agents
from iprof.kernel.money import format_number
from security.models import User
from security.policies import AgentField, Scope, scope_of

FIELD_OF_KIND = {
    FactKind.STEP: AgentField.STEPS,
    FactKind.ASSIGNMENT: AgentField.ASSIGNMENTS,
    FactKind.EVALUATION: AgentField.EVALUATIONS,
    FactKind.DIPLOMA: AgentField.DIPLOMAS,
    FactKind.TRAINING: AgentField.TRAININGS,
    FactKind.SERVICE: AgentField.SERVICES,
    FactKind.ARRETE: AgentField.ARRETES,
    FactKind.FAMILY: AgentField.FAMILY,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A post held on the day asked for, as far as lists and rights go."""

    uai: str
    departement: str
    label: str
    discipline: str
    quotity: str


def listed_agents(user: User, *, on: dt.date) -> QuerySet[Agent]:
    """`visible_agents` with what `with_step_and_posts` adds: one query for the page."""
    return with_step_and_posts(visible_agents(user, on=on), on=on)


def with_step_and_posts(agents: QuerySet[Agent], *, on: dt.date) -> QuerySet[Agent]:
    """`agents` with `step_corps`, `step_grade`, `step_echelon` and `posts` of the day."""
    steps = CareerStep.objects.filter(agent=OuterRef("pk"), cancelled=False, effective_on__lte=on).order_by(
        "-effective_on", "-seq"
    )
    return (
        agents.defer("numen_sealed", "numen_digest")
        .select_related("user")
        .annotate(
            step_corps=Subquery(steps.values("corps")[:1]),
            step_grade=Subquery(steps.values("grade")[:1]),
            step_echelon=Subquery(steps.values("echelon")[:1]),
            posts=ArraySubquery(
                current_posts(on)
                .filter(agent=OuterRef("pk"))
                .values(
                    place=JSONObject(
                        uai=F("uai"),
                        departement=F("establishment__departement"),
                        name=F("establishment__name"),
                        commune=F("establishment__commune"),
                        discipline=F("discipline"),
                        quotity=F("quotity"),
                    )
                )
            ),
        )
    )


def current_posts(on: dt.date) -> QuerySet[Assignment]:
    """Posts held on a day, the largest share first."""
    return Assignment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), cancelled=False, starts_on__lte=on
    ).order_by("-quotity", "-starts_on", "pk")


def place_of(post: dict[str, Any]) -> Place:
    """A place from the JSON of `listed_agents`."""
    label = ", ".join(part for part in (post["name"], post["commune"]) if part)
    return Place(
        uai=post["uai"],
        departement=post["departement"] or "",
        label=label or f"Établissement {post['uai']}",
        discipline=post["discipline"] or "",
        quotity=format_number(Decimal(str(post["quotity"])).normalize() + 0),
    )


def readable_fields(scope: Scope, places: list[Place]) -> frozenset[AgentField]:
    """The fields a reader may see of an agent who holds these posts; no post is in the scope of the académie only."""
    if not places:
        return scope.agent_fields(departement="", uai="")
    found = (scope.agent_fields(departement=place.departement, uai=place.uai) for place in places)
    return frozenset().union(*found)


def readable_agent(user: User, pk: int, *, on: dt.date) -> tuple[Agent, frozenset[AgentField]] | None:
    """One agent and the fields `user` may read of them; None when the file is not theirs to open."""
    agent: Any = listed_agents(user, on=on).filter(pk=pk).first()  # with its annotations
    if agent is None:
        return None
    return agent, readable_fields(scope_of(user, on=on), [place_of(post) for post in agent.posts])
