"""A career ahead under the hypotheses of its owner: each place, the day it comes, what it pays, and why.

Nothing here tells whether a promotion, a competition or a post will be obtained: the scenario supposes it, and applies the
law to what follows.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from career.domain.advancement import NextStep, arrival, complete, next_step_node
from career.domain.change_of_corps import change_of_corps, change_of_corps_node
from career.domain.hypotheses import Hypotheses, rentree
from career.domain.part_time import gross_node
from career.domain.pay import french_date, indice_majore_node, ordinal, place, step_input
from career.domain.pay_overseas import majorated_pay_node
from career.domain.progress import following
from career.domain.projects import load_project
from career.domain.promoted import entry_of
from career.domain.promotion_conditions import load_access
from career.domain.promotion_eligibility import check_promotable
from career.domain.promotion_nodes import next_node, reclassement_node
from career.domain.promotion_reclassement import Reclassement, reclassify
from career.domain.snapshot import Standing
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node

TODAY, STEP, PROMOTION, COMPETITION, PAY = "aujourdhui", "avancement", "promotion", "concours", "remuneration"


@dataclass(frozen=True, slots=True)
class Stage:
    """A place on the grid from a day on: what it pays then, and why it comes on that day (`reached` None: today's, or
    only the pay changes). `cause` is one of the constants above."""

    standing: Standing
    on: dt.date
    index: Node
    gross: Node
    reached: Node | None = None
    bonified: bool = False
    cause: str = STEP

    @property
    def place(self) -> str:
        return place(self.standing.step)


@dataclass(frozen=True, slots=True)
class Projection:
    """Stages in order, the present one first. `stopped` says why it ends before `until`, None when the law goes on;
    `refused` the hypotheses that the law does not allow, each by its name, and why."""

    stages: tuple[Stage, ...]
    until: dt.date
    stopped: DomainError | None = None
    refused: tuple[tuple[str, DomainError], ...] = ()

    def on(self, day: dt.date) -> Stage:
        """The stage held on a day from the first one on."""
        return [stage for stage in self.stages if stage.on <= day][-1]


@dataclass(slots=True)
class _Walk:
    """Where the walk has come to. `promoted`: the reclassement whose next place is still to come."""

    now: Standing
    on: dt.date
    until: dt.date
    supposed: Hypotheses
    stages: list[Stage] = field(default_factory=list)
    refused: list[tuple[str, DomainError]] = field(default_factory=list)
    promoted: Reclassement | None = None
    kept_index: Node | None = None

    def start(self) -> None:
        self._stage(self.on, TODAY, None)

    def advance(self, day: dt.date) -> None:
        """Every passage up to a day, by ancienneté or by the bonification supposed."""
        while True:
            found = self._next()
            if found is None or found[1].on is None or found[1].on > day:
                return
            after, step, node = found
            self.now, self.promoted = after, None
            self._stage(after.step.effective_on, STEP, node, bonified=step.bonified)

    def _next(self) -> tuple[Standing, NextStep, Node] | None:
        if self.promoted:
            coming = entry_of(self.promoted).following
            return (*coming, next_node(self.promoted)) if coming else None
        bonified = self.now.step.echelon in self.supposed.bonifications and self._still_open()
        found = following(self.now, bonification=bonified)
        if found is None:
            return None
        return self._by_project(*found) or (*found, next_step_node(self.now, bonification=bonified))

    def _still_open(self) -> bool:
        """A bonification whose day came before the first day of the walk was not granted."""
        found = following(self.now, bonification=True)
        return found is not None and found[0].step.effective_on > self.on

    def _by_project(self, after: Standing, found: NextStep) -> tuple[Standing, NextStep, Node] | None:
        """The draft durations of 2025, from the day they are supposed to apply: no bonification then."""
        step, project = self.now.step, load_project()
        if self.supposed.project is None or step.grade != project.grade or step.corps in project.excluded_corps:
            return None
        first_day, months = rentree(self.supposed.project), project.months.get(step.echelon or 0)
        if months is None or after.step.effective_on < first_day:
            return None
        day = max(complete(step, self.now.echelon_start, months), first_day, step.effective_on)
        by_project = NextStep(day, (step.echelon or 0) + 1, None, months, project.presented_on, project.source)
        reached = arrival(step, by_project)
        node = Node(
            f"Passage au {ordinal(reached.echelon or 0)} échelon",
            day,
            "date",
            "career.projets.milieux_de_carriere_2025",
            project.presented_on.isoformat(),
            (project.source,),
            (step_input(step),),
            sentence=(
                f"Hypothèse : durée de {months} mois d'un projet de texte qui n'est pas en vigueur, supposée applicable le "
                f"{french_date(first_day)}."
            ),
        )
        return Standing(reached, day), by_project, node

    def promote(self, grade: str, year: int) -> None:
        """The campaign of a year, if the standing on its day of observation meets the conditions."""
        access = load_access()[grade]
        observed_on = access.observation_day(year)
        effect_on = access.effect_day(observed_on)
        self.advance(observed_on)
        check_promotable(self.now.step, grade, observed_on)
        self.advance(effect_on)
        found = reclassify(self.now.step, grade, effect_on)
        self.now, self.promoted = Standing(found.after, found.after.seniority_start), found
        self._stage(effect_on, PROMOTION, reclassement_node(found))
        self.now = entry_of(found).standing

    def change(self, corps: str, year: int) -> None:
        """A competition passed: the place in the new corps; a higher index is kept in person."""
        on = rentree(year)
        self.advance(on)
        found = change_of_corps(self.now.step, corps, on)
        self.now, self.promoted = Standing(found.step, found.step.seniority_start), None
        node = change_of_corps_node(found)
        told = (part for part in node.walk() if part.rule == "career.change_of_corps.index")
        self.kept_index = next((part for part in told if part.value is not None), None)
        self._stage(on, COMPETITION, node)

    def pay_changes(self, on: dt.date) -> None:
        self.advance(on)
        if self.stages[-1].on != on:
            self._stage(on, PAY, None)

    def _stage(self, on: dt.date, cause: str, reached: Node | None, *, bonified: bool = False) -> None:
        step, quotite, post = self.now.step, self.supposed.quotite_on(on), self.supposed.place_on(on)
        index = self._index(on)
        gross = majorated_pay_node(step, post, on, quotite, index) if post else gross_node(step, on, quotite, index)
        self.stages.append(Stage(self.now, on, index, gross, reached, bonified, cause))

    def _index(self, on: dt.date) -> Node:
        index = indice_majore_node(self.now.step, on)
        if self.kept_index and cast(int, self.kept_index.value) > cast(int, index.value):
            return self.kept_index
        return index


def _turns(walk: _Walk) -> Iterator[tuple[dt.date, str, Callable[[], None]]]:
    """(day, name, what happens) of each hypothesis that has a day, in the order of the fields."""
    supposed = walk.supposed
    for grade, year in supposed.promotions.items():
        yield rentree(year), grade, partial(walk.promote, grade, year)
    if supposed.corps:
        yield rentree(supposed.corps[1]), "concours", partial(walk.change, *supposed.corps)
    for name, chosen in (("quotite", supposed.quotite), ("post", supposed.post)):
        if chosen:
            yield rentree(chosen[1]), name, partial(walk.pay_changes, rentree(chosen[1]))


def imagine(now: Standing, *, on: dt.date, until: dt.date, supposed: Hypotheses) -> Projection:
    """The stages from the day `on` to the day `until`. Index and pay are those of the grids and of the point known today.

    A hypothesis of a day that is not after `on`, or is after `until`, changes nothing but the pay of today.
    Raises NotInForce, UnknownFigure, DomainError when the present place itself cannot be paid.
    """
    walk = _Walk(now, on, until, supposed)
    walk.start()
    try:
        for day, name, happens in sorted(_turns(walk), key=lambda turn: turn[0]):
            if on < day <= until:
                _try(walk, name, happens)
        walk.advance(until)
    except DomainError as error:
        return Projection(tuple(walk.stages), until, error, tuple(walk.refused))
    return Projection(tuple(walk.stages), until, None, tuple(walk.refused))


def _try(walk: _Walk, name: str, happens: Callable[[], None]) -> None:
    """What the law does not allow is told, and the walk goes on without it."""
    stages = len(walk.stages)
    try:
        happens()
    except DomainError as error:
        if len(walk.stages) > stages and walk.stages[-1].cause in (PROMOTION, COMPETITION):
            raise  # the place is entered, what follows it is not known
        walk.refused.append((name, error))
