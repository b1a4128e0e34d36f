"""« Comparaison »: the agent's seniority in the grade beside the means of three perimeters (requirements S47, E19)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from career.domain.comparison import Group, Observation, first_in_grade, gap_node, group_node, own_node
from career.domain.grids import load_grids
from career.domain.pay import ordinal
from career.domain.published_means import load_perimeters, published_node
from career.domain.snapshot import standing
from career.models import Agent
from career.selectors.seniority import seniority_groups
from career.selectors.situation import step_fact, steps_of
from iprof.kernel.explain import Node
from iprof.web.bar_charts import Bar, BarChart
from iprof.web.formats import french_value

ACADEMIE, EVERY = "academie", "tous"
Place = tuple[str, str, int | None]  # corps, grade, échelon or None for the whole grade


@dataclass(frozen=True, slots=True)
class Own:
    """The agent's place and seniority on the day."""

    corps: str
    grade: str
    echelon: int | None
    node: Node


@dataclass(frozen=True, slots=True)
class EchelonMean:
    name: str
    node: Node
    own: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`own` is None for a group of another grade than the agent's; `rows` are the perimeters asked for."""

    seen: Observation
    place: Place
    own: Node | None
    rows: tuple[Node, ...]
    gap: Node | None
    echelons: tuple[EchelonMean, ...]

    @property
    def group(self) -> str:
        """« Professeurs certifiés, hors-classe, 3e échelon »."""
        code, grade, echelon = self.place
        corps = load_grids().corps[code]
        name = [] if grade == "grade_unique" else [corps.grades[grade].label.lower()]
        return ", ".join([corps.label, *name, f"{ordinal(echelon)} échelon" if echelon else "tous échelons"])

    @property
    def chart(self) -> BarChart:
        bars = [_bar(self.own, marked=True)] if self.own else []
        return BarChart(f"Ancienneté dans le grade : {self.group}", (*bars, *(_bar(row) for row in self.rows)))


def _bar(node: Node, *, marked: bool = False) -> Bar:
    value = node.value if isinstance(node.value, Decimal) else None
    return Bar(node.label, value, french_value(node.value, node.unit), marked)


def own_seniority(agent: Agent, *, on: dt.date) -> Own | None:
    """None without any step, in a corps without grade, and for an agent who left. One query."""
    facts = [step_fact(row) for row in steps_of(agent)]
    now = standing(tuple(facts), on)
    if now is None or (agent.left_on and agent.left_on <= on):
        return None
    corps = load_grids().corps.get(now.step.corps)
    if corps is None or now.step.grade not in corps.grades:
        return None
    node = own_node(first_in_grade(facts, now), now, on)
    return Own(now.step.corps, now.step.grade, now.step.echelon, node)


def comparison(own: Own | None, place: Place, *, perimeter: str, on: dt.date) -> Comparison:
    """The means of the group at `place`, in the perimeter asked for or in all. Queries: see `seniority_groups`."""
    corps, grade, echelon = place
    every, loaded_on = seniority_groups(on=on)
    seen = Observation(on, settings.SIAE_LABEL, loaded_on)
    groups = [group for group in every if (group.corps, group.grade) == (corps, grade)]
    academie = group_node(f"Académie de {settings.ACADEMIE}", groups, echelon, seen)
    wider = [(code, published_node(found, place, on)) for code, found in load_perimeters().items()]
    mine = own if own and (own.corps, own.grade) == (corps, grade) else None
    return Comparison(
        seen,
        place,
        mine.node if mine else None,
        tuple(node for code, node in [(ACADEMIE, academie), *wider] if perimeter in (EVERY, code)),
        gap_node(mine.node, academie) if mine else None,
        _echelons(groups, place, mine, seen),
    )


def _echelons(groups: Sequence[Group], place: Place, mine: Own | None, seen: Observation) -> tuple[EchelonMean, ...]:
    corps, grade, _ = place
    return tuple(
        EchelonMean(name, group_node(name, groups, number, seen), bool(mine and mine.echelon == number))
        for number, name in ((n, f"{ordinal(n)} échelon") for n in load_grids().corps[corps].grades[grade].echelons)
    )
