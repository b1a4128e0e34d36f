"""The page « Perspectives » put together: each part of it, or the sentence that says why there is none."""

import datetime as dt
from dataclasses import dataclass

from career.domain.perspectives import Status
from career.domain.refusals import refusal_of
from career.domain.services_held import Held
from career.domain.snapshot import CareerStepFact, standing
from career.enums import LeaveReason
from career.models import Agent
from career.selectors.perspectives import Retirement, Way, direction_nodes, retirement_of, ways_of
from career.selectors.remuneration import Remuneration, remuneration_of
from career.selectors.services_held import posts_of, services_held
from career.selectors.situation import step_fact, steps_of
from career.selectors.suggestions import Suggestions, suggestions_of
from career.selectors.trainings import training_facts
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node

LEFT = "Vous n'êtes plus affecté dans l'académie : ni voie ni rémunération n'est calculée."
NO_STEP = "Votre échelon n'a pas encore été transmis : votre corps n'est pas connu, rien ne peut être calculé."
GONE = {LeaveReason.RETIREMENT, LeaveReason.DEATH}


@dataclass(frozen=True, slots=True)
class Perspectives:
    """`refusal` says in French why there is neither way nor pay; `since` is the first fact services are counted from."""

    on: dt.date
    retirement: Retirement
    since: dt.date | None = None
    ways: tuple[Way, ...] = ()
    direction: tuple[Node, ...] = ()
    remuneration: Remuneration | None = None
    suggestions: Suggestions | None = None
    refusal: str = ""

    @property
    def dated(self) -> tuple[Way, ...]:
        """The ways whose day is known, met or to come."""
        return tuple(way for way in self.ways if way.status in {Status.MET, Status.COMING})

    @property
    def undated(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if way.status in {Status.UNTOLD, Status.UNPUBLISHED})

    @property
    def closed(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if way.status == Status.CLOSED)


def perspectives_of(agent: Agent, *, on: dt.date) -> Perspectives:
    """Everything of the page as of a day. At most five queries, whatever the length of the career."""
    steps = tuple(step_fact(row) for row in steps_of(agent))
    retirement = _retirement(agent, steps, on)
    if agent.left_on and agent.left_on <= on:
        return Perspectives(on, retirement, refusal=LEFT)
    now = standing(steps, on)
    if now is None:
        return Perspectives(on, retirement, refusal=NO_STEP)
    posts = posts_of(agent)
    held = services_held(steps, posts, on)
    try:
        ways = ways_of(agent, now.step, held, on)
    except DomainError as error:
        return Perspectives(on, retirement, refusal=refusal_of(error).message)
    return Perspectives(
        on,
        retirement,
        _first(held),
        ways,
        direction_nodes(ways, now.step, on),
        remuneration_of(agent, now.step, posts, on),
        suggestions_of(ways, training_facts(agent), posts, on),
    )


def dated_ways(agent: Agent, *, on: dt.date) -> tuple[Way, ...]:
    """The ways whose day is known, for a calendar; none for an agent gone or of an unknown corps. Two queries."""
    steps = tuple(step_fact(row) for row in steps_of(agent))
    now = standing(steps, on)
    if now is None or (agent.left_on and agent.left_on <= on):
        return ()
    try:
        ways = ways_of(agent, now.step, services_held(steps, posts_of(agent), on), on)
    except DomainError:
        return ()
    return tuple(way for way in ways if way.on)


def _retirement(agent: Agent, steps: tuple[CareerStepFact, ...], on: dt.date) -> Retirement:
    if agent.left_reason in GONE and agent.left_on and agent.left_on <= on:
        return Retirement(refusal="Votre départ est enregistré : rien n'est calculé.")
    return retirement_of(agent, (step.corps for step in steps))


def _first(held: dict[str, Held]) -> dt.date | None:
    return min((found.first_day for found in held.values()), default=None)
