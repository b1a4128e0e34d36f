"""Where an agent stands on a day: place on the grid, posts, index, pay and what comes next, each explained."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from career.domain.advancement import can_have_bonification, next_step_node
from career.domain.grids import load_grids
from career.domain.pay import indice_majore_node, monthly_gross_node, ordinal, step_input
from career.domain.snapshot import CareerStepFact, Standing, standing
from career.models import Agent, Assignment, CareerStep
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.web.formats import UNKNOWN, french_value

NO_AUTOMATIC_STEP = "Aucun passage automatique"


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed value ready to be shown: `text` in French, `node` the explanation; `known` False reads « non publié »."""

    node: Node
    text: str
    known: bool

    @property
    def label(self) -> str:
        return self.node.label


@dataclass(frozen=True, slots=True)
class Post:
    """A post held; `quotity` in percent of a full service."""

    ref: str
    place: str
    commune: str
    uai: str
    nature: str
    discipline: str
    quotity: Decimal
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Situation:
    """The situation on `on`; figures are None only when no échelon was transmitted."""

    on: dt.date
    left_on: dt.date | None
    left_reason: str
    corps: str
    grade: str
    echelon: str
    step: CareerStepFact | None
    mode: str
    posts: tuple[Post, ...]
    index: Figure | None
    gross: Figure | None
    next_step: Figure | None
    next_with_bonification: Figure | None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every computed figure, for exports."""
        found = (self.index, self.gross, self.next_with_bonification, self.next_step)
        return tuple(figure for figure in found if figure)

    @property
    def next_is_past(self) -> bool:
        """The day computed has passed and no new échelon came: the arrêté is awaited."""
        day = self.next_step.node.value if self.next_step else None
        return isinstance(day, dt.date) and day <= self.on


def step_fact(row: CareerStep) -> CareerStepFact:
    """A row as the rules see it."""
    origin = (
        f"Arrêté n° {row.arrete_ref} ({settings.SIAE_LABEL})" if row.arrete_ref else f"Message de {settings.SIAE_LABEL}"
    )
    return CareerStepFact(
        row.corps, row.grade, row.echelon, row.effective_on, row.chevron, row.kept_days, origin, row.recorded_at.date()
    )


def steps_of(agent: Agent) -> list[CareerStep]:
    """Steps in force, oldest first; one query."""
    return list(CareerStep.objects.filter(agent=agent, cancelled=False).order_by("effective_on", "seq"))


def posts_on(agent: Agent, on: dt.date) -> tuple[Post, ...]:
    """Posts held on a day, the largest share first; one query."""
    rows = (
        Assignment.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on), agent=agent, cancelled=False, starts_on__lte=on
        )
        .select_related("establishment")
        .order_by("-quotity", "-starts_on", "pk")
    )
    return tuple(
        Post(
            ref=row.ref,
            place=row.establishment.name if row.establishment else f"Établissement {row.uai}",
            commune=row.establishment.commune if row.establishment else "",
            uai=row.uai,
            nature=row.get_nature_display(),
            discipline=row.discipline,
            quotity=row.quotity,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in rows
    )


def current_situation(agent: Agent, *, on: dt.date, steps: list[CareerStep] | None = None) -> Situation:
    """The situation on `on`, or on the day of departure for an agent who left before. Two queries, one with `steps`."""
    day = min(on, agent.left_on) if agent.left_on else on
    rows = steps_of(agent) if steps is None else steps
    facts = tuple(step_fact(row) for row in rows)
    now = standing(facts, day)
    left = {
        "left_on": agent.left_on if agent.left_on and agent.left_on <= on else None,
        "left_reason": agent.get_left_reason_display(),
    }
    posts = posts_on(agent, day)
    if now is None:
        return Situation(
            on=day,
            corps="",
            grade="",
            echelon="",
            step=None,
            mode="",
            posts=posts,
            index=None,
            gross=None,
            next_step=None,
            next_with_bonification=None,
            **left,
        )
    corps, grade = _labels(now.step)
    latest = max((r for r in rows if r.effective_on <= day), key=lambda r: r.effective_on)
    return Situation(
        on=day,
        corps=corps,
        grade=grade,
        echelon=_echelon(now.step),
        step=now.step,
        mode=latest.get_mode_display(),
        posts=posts,
        index=_figure("Indice majoré", now, lambda: indice_majore_node(now.step, day)),
        gross=_figure("Traitement brut mensuel", now, lambda: monthly_gross_node(now.step, day)),
        next_step=None if left["left_on"] else _figure("Prochain échelon", now, lambda: next_step_node(now)),
        next_with_bonification=_bonified(now) if not left["left_on"] else None,
        **left,
    )


def _bonified(now: Standing) -> Figure | None:
    if not can_have_bonification(now.step):
        return None
    found = _figure("Prochain échelon", now, lambda: next_step_node(now, bonification=True))
    return found if found.known else None


def _figure(label: str, now: Standing, build: Callable[[], Node]) -> Figure:
    """The node built, or a node without value whose sentence says why nothing is known."""
    try:
        node = build()
    except DomainError as error:
        node = Node(
            label, None, "", f"career.unknown.{error.code}", "", (), (step_input(now.step),), (), explain_error(error)
        )
        return Figure(node, UNKNOWN, False)
    if node.value is None:
        return Figure(node, NO_AUTOMATIC_STEP, True)
    return Figure(node, french_value(node.value, "" if node.unit == "date" else node.unit), True)


def _labels(step: CareerStepFact) -> tuple[str, str]:
    """(corps, grade) in French; the codes themselves when the registry does not know them."""
    corps = load_grids().corps.get(step.corps)
    if corps is None:
        return step.corps, step.grade
    grade = corps.grades.get(step.grade)
    return corps.person, grade.label if grade else "Sans grade" if not corps.has_grid else step.grade


def _echelon(step: CareerStepFact) -> str:
    if step.echelon is None:
        return "Sans échelon"
    return ordinal(step.echelon) + (f", {ordinal(step.chevron)} chevron" if step.chevron else "")
