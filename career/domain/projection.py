"""The certain part of a career ahead: échelons and chevrons by ancienneté, date to date, under the law of today.

Bonifications are a hypothesis: each is switched for its échelon (6 or 8), and never assumed. A promotion of grade is not
part of it: it is a choice of the administration, not a date.
"""

import datetime as dt
from collections.abc import Iterator, Set
from decimal import Decimal
from typing import cast

from career.domain.advancement import NextStep, can_have_bonification
from career.domain.hypotheses import NO_BONIFICATION, Hypotheses
from career.domain.progress import following, passages
from career.domain.scenario import Projection, imagine
from career.domain.snapshot import Standing
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.money import format_euros


def path(
    now: Standing, *, until: dt.date, bonifications: Set[int] = NO_BONIFICATION
) -> Iterator[tuple[Standing, NextStep]]:
    """Each place that follows `now` automatically up to the day `until`, with what leads to it.

    Raises NotInForce, UnknownFigure, DomainError where the texts do not say what follows.
    """
    return passages(now, until, lambda echelon: echelon in bonifications)


def project(now: Standing, *, on: dt.date, until: dt.date, bonifications: Set[int] = NO_BONIFICATION) -> Projection:
    """The stages from the day `on` to the day `until`. Index and pay are those of the grids and of the point known today.

    Raises NotInForce, UnknownFigure, DomainError when the present place itself cannot be paid.
    """
    return imagine(now, on=on, until=until, supposed=Hypotheses(frozenset(bonifications)))


def gain_node(found: Projection) -> Node:
    """Gross per month at the end of the projection less that of its first day."""
    first, last = found.stages[0].gross, found.stages[-1].gross
    before, after = cast(Decimal, first.value), cast(Decimal, last.value)
    return Node(
        "Écart au terme",
        after - before,
        "€/mois",
        "career.projection.gain",
        last.version,
        children=(last, first) if last is not first else (first,),
        sentence=f"{format_euros(after)} − {format_euros(before)} = {format_euros(after - before)} par mois.",
    )


def open_bonifications(now: Standing, *, on: dt.date, until: dt.date) -> tuple[int, ...]:
    """The échelons ahead, the present one included, where a bonification may still shorten the wait before `until`."""
    found = []
    try:
        for held in (now, *(standing for standing, _ in path(now, until=until))):
            if can_have_bonification(held.step) and held.step.echelon not in found:
                sooner = following(held, bonification=True)
                if sooner and sooner[0].step.effective_on > on:
                    found.append(held.step.echelon or 0)
    except DomainError:  # what follows is not known: what was found before still holds
        pass
    return tuple(found)
