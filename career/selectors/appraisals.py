"""Rendez-vous de carrière: those ahead, those held with their delays, and the requests about them (S48, S82)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from career.domain.projection import path
from career.domain.rendez_vous import window_node
from career.domain.rendez_vous_clocks import answer_node, clock_node, commission_node
from career.domain.snapshot import CareerStepFact, Standing
from career.enums import AppraisalAsk, CorrectionState, EvaluationKind
from career.models import Agent, AppraisalRequest, Evaluation
from career.selectors.agents import MANAGERS, visible_agents
from career.selectors.projection import standing_of
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.periods import add_months
from iprof.web.formats import french_date
from security.models import User

OPEN_STATES = (CorrectionState.OPEN, CorrectionState.IN_PROGRESS)
MEETINGS = (EvaluationKind.RDV_1, EvaluationKind.RDV_2, EvaluationKind.RDV_3)
AHEAD_MONTHS = 120
AGENT_S_WORD = "Date que vous avez déclarée"
VERBS = {AppraisalAsk.OBSERVATIONS: "écrire vos observations", AppraisalAsk.REVISION: "demander la révision"}
AWAITED = {
    AppraisalAsk.OBSERVATIONS: "La date de notification du compte rendu n'a pas été transmise : indiquez-la pour écrire vos observations.",
    AppraisalAsk.REVISION: "La date de notification de l'appréciation n'a pas été transmise : indiquez-la pour demander la révision.",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """What may be asked about an appraisal. `node` None: the delay is not known, `said` tells why.

    `may_ask`: a deposit is taken on the day; `asked` the request already deposited.
    """

    kind: str
    label: str
    node: Node | None
    said: str
    may_ask: bool
    asked: AppraisalRequest | None


@dataclass(frozen=True, slots=True)
class Appraisal:
    ref: str
    title: str
    held_on: dt.date
    appreciation: str
    evaluator: str
    report_notified_on: dt.date | None
    notified_on: dt.date | None
    recorded_on: dt.date
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class AppraisalPage:
    """`windows` are those of the present échelon and of the échelons reached by ancienneté within ten years."""

    windows: tuple[Node, ...]
    held: tuple[Appraisal, ...]
    requests: tuple[AppraisalRequest, ...]
    may_ask_early: bool


def requests_of(agent: Agent) -> QuerySet[AppraisalRequest]:
    """The agent's requests, newest first."""
    return AppraisalRequest.objects.filter(agent=agent)


def meetings_of(agent: Agent) -> QuerySet[Evaluation]:
    """The rendez-vous de carrière of the file, newest first; rectified ones do not count."""
    return Evaluation.objects.filter(agent=agent, cancelled=False, kind__in=MEETINGS).order_by("-held_on", "-seq")


def appraisal_page(agent: Agent, *, on: dt.date) -> AppraisalPage:
    """Three queries, whatever the file holds."""
    here = agent.left_on is None or agent.left_on > on
    requests = tuple(requests_of(agent))
    now = standing_of(agent, on=on) if here else None
    return AppraisalPage(
        windows_ahead(now, on=on) if now else (),
        tuple(appraisal_of(row, requests, on=on, here=here) for row in meetings_of(agent)),
        requests,
        here and not any(r.kind == AppraisalAsk.EARLY and r.state in OPEN_STATES for r in requests),
    )


def windows_ahead(now: Standing, *, on: dt.date) -> tuple[Node, ...]:
    """The window of the present échelon, then those to come by ancienneté alone; stops where the texts do."""
    steps: list[CareerStepFact] = [now.step]
    try:
        steps += [standing.step for standing, _ in path(now, until=add_months(on, AHEAD_MONTHS))]
    except DomainError:  # what follows is not known: what was found before still holds
        pass
    nodes = {step.echelon: window_node(step, on) for step in steps}
    return tuple(node for node in nodes.values() if node)


def appraisal_of(row: Evaluation, requests: Sequence[AppraisalRequest], *, on: dt.date, here: bool) -> Appraisal:
    mine = {asked.kind: asked for asked in requests if asked.evaluation_ref == row.ref}
    return Appraisal(
        row.ref,
        row.get_kind_display(),
        row.held_on,
        row.get_appreciation_display(),
        row.evaluator,
        row.report_notified_on,
        row.notified_on,
        timezone.localtime(row.recorded_at).date(),
        tuple(_clock(kind, row, mine, on=on, here=here) for kind in VERBS),
    )


def notified_day(kind: str, row: Evaluation) -> dt.date | None:
    """The day the SIAE says the delay runs from; None when it sent none."""
    return row.report_notified_on if kind == AppraisalAsk.OBSERVATIONS else row.notified_on


def _clock(
    kind: AppraisalAsk, row: Evaluation, mine: Mapping[str, AppraisalRequest], *, on: dt.date, here: bool
) -> Clock:
    asked = mine.get(kind)
    day = notified_day(kind, row)
    origin = settings.SIAE_LABEL
    if asked and day is None:
        day, origin = asked.notified_on, AGENT_S_WORD
    if kind == AppraisalAsk.REVISION and not row.appreciation and not asked:
        return Clock(kind, kind.label, None, "L'appréciation finale n'a pas encore été transmise.", False, None)
    if day is None:
        return Clock(kind, kind.label, None, AWAITED[kind], here, None)
    try:
        node = clock_node(kind, day, origin=origin)
    except DomainError:
        return Clock(kind, kind.label, None, "Aucun délai n'est connu pour une notification si ancienne.", False, asked)
    last = node.value
    in_time = isinstance(last, dt.date) and on <= last and on >= day
    return Clock(
        kind, kind.label, node, _said(kind, node, asked, in_time=in_time), here and in_time and not asked, asked
    )


def _said(kind: AppraisalAsk, node: Node, asked: AppraisalRequest | None, *, in_time: bool) -> str:
    last = node.value if isinstance(node.value, dt.date) else None
    if asked:
        return f"Déposé le {french_date(timezone.localtime(asked.created_at).date())}."
    if in_time:
        return f"Vous pouvez encore {VERBS[kind]} jusqu'au {french_date(last)} inclus."
    return f"Le délai est passé depuis le {french_date(last)}."


def follow_up(asked: AppraisalRequest) -> tuple[Node, ...]:
    """The delays of a revision under way or refused: the answer due, then the commission. Empty for the others."""
    if asked.kind != AppraisalAsk.REVISION or asked.state == CorrectionState.ACCEPTED:
        return ()
    if asked.answered_at:
        return (commission_node(timezone.localtime(asked.answered_at).date(), origin="Réponse sur le portail"),)
    return (answer_node(timezone.localtime(asked.created_at).date(), origin="Votre demande"),)


def visible_requests(user: User, *, on: dt.date) -> QuerySet[AppraisalRequest]:
    """Requests of the agents in the habilitation."""
    return AppraisalRequest.objects.filter(agent__in=visible_agents(user, on=on, roles=MANAGERS))


def appraisal_counts(user: User, *, on: dt.date) -> dict[str, int]:
    """`waiting` and `late` (a revision past its delay) requests of the habilitation. One query."""
    return visible_requests(user, on=on).aggregate(
        waiting=Count("pk", filter=Q(state__in=OPEN_STATES)),
        late=Count("pk", filter=Q(state__in=OPEN_STATES, due_on__lt=on)),
    )
