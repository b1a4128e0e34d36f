"""The places reached when nothing but automatic advancement happens, one after the other."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from career.domain.advancement import NextStep, arrival, next_step
from career.domain.grids import load_grids
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.periods import Duration360


def _never(_: int) -> bool:
    return False


def following(now: Standing, *, bonification: bool = False) -> tuple[Standing, NextStep] | None:
    """The place that follows `now` automatically and what leads to it; None in the last one. Raises as `next_step`."""
    step = now.step
    found = next_step(_under_the_law(step), now.echelon_start, bonification=bonification)
    if found.on is None:
        return None
    after = arrival(step, found)
    return Standing(after, now.echelon_start if after.echelon == step.echelon else after.effective_on), found


def passages(
    now: Standing, until: dt.date, bonified: Callable[[int], bool] = _never
) -> Iterator[tuple[Standing, NextStep]]:
    """Each place that follows `now` up to the day `until`, with what leads to it.

    `bonified` tells the échelons whose one-year bonification is granted. Raises as `next_step`.
    """
    while True:
        reached = following(now, bonification=bonified(now.step.echelon or 0))
        if reached is None or reached[0].step.effective_on > until:
            return
        now = reached[0]
        yield reached


def advanced(now: Standing, on: dt.date, bonified: Callable[[int], bool] = _never) -> Standing:
    """The standing on the day `on`, every automatic passage until that day included. Raises as `next_step`."""
    for reached, _ in passages(now, on, bonified):
        now = reached
    return now


def _under_the_law(step: CareerStepFact) -> CareerStepFact:
    """A place older than the first grid that has it is read in that grid; what was spent in it before still counts."""
    structure = load_grids().find_grade(step.corps, step.grade).structure
    days = [day for day, rules in structure.items() if step.echelon in rules]
    if not days or step.effective_on >= days[0]:
        return step
    earlier = Duration360.between(step.effective_on, days[0]).days if step.chevron else 0
    return replace(step, effective_on=days[0], kept_days=step.kept_days + earlier)
