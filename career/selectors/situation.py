"""Where an agent stands on a day: place on the grid, posts, index, pay and what comes next, each explained."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from career.domain.advancement import can_have_bonification, next_step_node
from career.domain.contractuels import indices_node, load_contract_law, reexamination_node
from career.domain.grids import load_grids
from career.domain.pay import indice_majore_node, monthly_gross_node, ordinal, place, step_input
from career.domain.snapshot import CareerStepFact, Standing, standing
from career.enums import StepMode
from career.models import Agent, Assignment, CareerStep
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.web.formats import UNKNOWN, french_value

NO_AUTOMATIC_STEP = "Aucun passage automatique"
BY_CONTRACT = "Fixée par votre contrat"


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed value ready to be shown: `text` in French, `node` the explanation.

    `known` False: no figure can be given, `text` and the node's sentence say why.
    """

    node: Node
    text: str
    known: bool

    @property
    def label(self) -> str:
        return self.node.label

    @property
    def note(self) -> str:
        """What must be read beside a text that is no figure; empty for a figure."""
        return "" if self.known and self.text != NO_AUTOMATIC_STEP else self.node.sentence


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
    recorded_on: dt.date


@dataclass(frozen=True, slots=True)
class Situation:
    """The situation on `on`; figures are None only when no échelon was transmitted.

    `leaving_on` is a departure already recorded for a later day; `upcoming` the next place already transmitted.
    `reexamination` and `contract_indices` are for contractuels only.
    """

    on: dt.date
    left_on: dt.date | None
    leaving_on: dt.date | None
    left_reason: str
    corps: str
    grade: str
    echelon: str
    step: CareerStepFact | None
    mode: str
    upcoming: CareerStepFact | None
    posts: tuple[Post, ...]
    index: Figure | None
    gross: Figure | None
    next_step: Figure | None
    next_with_bonification: Figure | None
    reexamination: Figure | None = None
    contract_indices: Figure | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures to export: what is past or repeats another is left out."""
        if self.by_contract:
            found: tuple[Figure | None, ...] = (self.gross, self.contract_indices, self.reexamination)
        elif self.bonification_is_past:
            found = (self.index, self.gross, self.next_step)
        else:
            found = (self.index, self.gross, self.next_with_bonification, self.next_step)
        return tuple(figure for figure in found if figure)

    @property
    def by_contract(self) -> bool:
        """No national grid: the contract, not a rule, sets pay and its evolution."""
        return self.gross is not None and self.gross.text == BY_CONTRACT

    @property
    def next_is_past(self) -> bool:
        """The day computed has passed and no new échelon came: the arrêté is awaited."""
        return self._is_past(self.next_step)

    @property
    def bonification_is_past(self) -> bool:
        """The day the bonification would have given has passed: it can no longer be the next one."""
        return self._is_past(self.next_with_bonification)

    @property
    def reexamination_is_past(self) -> bool:
        """The day by which pay was to be examined again has passed, and the file tells no examination."""
        return self._is_past(self.reexamination)

    @property
    def upcoming_place(self) -> str:
        return place(self.upcoming) if self.upcoming else ""

    def _is_past(self, figure: Figure | None) -> bool:
        day = figure.node.value if figure else None
        return isinstance(day, dt.date) and day <= self.on


def step_fact(row: CareerStep) -> CareerStepFact:
    """A row as the rules see it."""
    origin = f"Arrêté n° {row.arrete_ref} ({settings.SIAE_LABEL})" if row.arrete_ref else settings.SIAE_LABEL
    return CareerStepFact(
        corps=row.corps,
        grade=row.grade,
        echelon=row.echelon,
        effective_on=row.effective_on,
        chevron=row.chevron,
        kept_days=row.kept_days,
        origin=origin,
        recorded_on=timezone.localtime(row.recorded_at).date(),
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
            recorded_on=timezone.localtime(row.recorded_at).date(),
        )
        for row in rows
    )


def current_situation(agent: Agent, *, on: dt.date, steps: list[CareerStep] | None = None) -> Situation:
    """The situation on `on`, or on the day of departure for an agent who left before. Two queries, one with `steps`."""
    day = min(on, agent.left_on) if agent.left_on else on
    rows = steps_of(agent) if steps is None else steps
    facts = tuple(step_fact(row) for row in rows)
    now = standing(facts, day)
    left: dict[str, Any] = {
        "left_on": agent.left_on if agent.left_on and agent.left_on <= on else None,
        "leaving_on": agent.left_on if agent.left_on and agent.left_on > on else None,
        "left_reason": agent.get_left_reason_display(),
    }
    later = [] if left["left_on"] else [fact for fact in facts if fact.effective_on > day]
    upcoming = min(later, key=lambda fact: fact.effective_on, default=None)
    posts = posts_on(agent, day)
    if now is None:
        return Situation(
            on=day,
            corps="",
            grade="",
            echelon="",
            step=None,
            mode="",
            upcoming=upcoming,
            posts=posts,
            index=None,
            gross=None,
            next_step=None,
            next_with_bonification=None,
            **left,
        )
    corps, grade = _labels(now.step)
    latest = [row for row in rows if row.effective_on <= day][-1]  # as `standing` chooses: the last message of the day
    return Situation(
        on=day,
        corps=corps,
        grade=grade,
        echelon=_echelon(now.step),
        step=now.step,
        mode=latest.get_mode_display(),
        upcoming=upcoming,
        posts=posts,
        index=_figure("Indice majoré", now, lambda: indice_majore_node(now.step, day)),
        gross=_figure("Traitement brut mensuel", now, lambda: monthly_gross_node(now.step, day)),
        next_step=None if left["left_on"] else _figure("Prochain échelon", now, lambda: next_step_node(now)),
        next_with_bonification=_bonified(now) if not left["left_on"] else None,
        **({} if left["left_on"] else _under_contract(now, rows, day)),
        **left,
    )


def _under_contract(now: Standing, rows: list[CareerStep], on: dt.date) -> dict[str, Any]:
    """What only contractuels have: the next examination of their pay, and their indices."""
    corps = load_contract_law().corps
    if now.step.corps != corps:
        return {}
    held = [row for row in rows if row.effective_on <= on and row.corps == corps]
    examined = held[-1].mode not in {StepMode.CONTRACT, StepMode.RECRUITMENT}
    facts = [step_fact(row) for row in held]
    label = "Réexamen de la rémunération, au plus tard"
    return {
        "reexamination": _figure(label, now, lambda: reexamination_node(facts, on, examined=examined)),
        "contract_indices": Figure(indices_node(on), UNKNOWN, False),
    }


def _bonified(now: Standing) -> Figure | None:
    if not can_have_bonification(now.step):
        return None
    found = _figure("Prochain échelon", now, lambda: next_step_node(now, bonification=True))
    return found if found.known else None


def _figure(label: str, now: Standing, build: Callable[[], Node]) -> Figure:
    """The node built, or a node without figure whose sentence says why nothing is known."""
    try:
        node = build()
    except DomainError as error:
        by_contract = error.code == "corps_without_grid"
        node = Node(
            label="Rémunération" if by_contract else label,
            value=BY_CONTRACT if by_contract else None,
            unit="",
            rule=f"career.unknown.{error.code}",
            version="",
            inputs=(step_input(now.step),),
            sentence=explain_error(error),
        )
        return Figure(node, BY_CONTRACT if by_contract else UNKNOWN, False)
    if node.value is None:  # nothing follows: an answer of the rule, not a missing figure
        return Figure(replace(node, value=NO_AUTOMATIC_STEP, unit=""), NO_AUTOMATIC_STEP, True)
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
