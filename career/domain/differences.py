"""Two scenarios side by side: the gap in index and pay each year, and in dates for each place both reach."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from career.domain.pay import french_date
from career.domain.scenario import Projection, Stage
from iprof.kernel.explain import Node
from iprof.kernel.money import counted, format_euros
from iprof.kernel.periods import add_months, months_between


@dataclass(frozen=True, slots=True)
class YearGap:
    """On one day, the stage of each scenario and the second less the first, in points and in EUR a month."""

    on: dt.date
    first: Stage
    second: Stage
    index: Node
    gross: Node


@dataclass(frozen=True, slots=True)
class DateGap:
    """A place both scenarios reach, and the days on which they do."""

    place: str
    first: dt.date
    second: dt.date
    gap: Node


def year_gaps(first: Projection, second: Projection, *, on: dt.date, years: int) -> Iterator[YearGap]:
    """From today to the last day, year by year, as long as neither scenario has stopped before."""
    ends = [found.stages[-1].on for found in (first, second) if found.stopped]
    for number in range(years + 1):
        day = add_months(on, 12 * number)
        if ends and day > min(ends):
            return
        a, b = first.on(day), second.on(day)
        yield YearGap(day, a, b, _index_gap(a, b), _gross_gap(a, b))


def _index_gap(a: Stage, b: Stage) -> Node:
    before, after = cast(int, a.index.value), cast(int, b.index.value)
    return Node(
        "Écart d'indice",
        after - before,
        "points d'indice",
        "career.projection.index_gap",
        max(a.index.version, b.index.version),
        children=(b.index, a.index),
        sentence=f"{after} − {before} = {counted(after - before, 'points')}.",
    )


def _gross_gap(a: Stage, b: Stage) -> Node:
    before, after = cast(Decimal, a.gross.value), cast(Decimal, b.gross.value)
    return Node(
        "Écart de brut mensuel",
        after - before,
        "€/mois",
        "career.projection.gross_gap",
        max(a.gross.version, b.gross.version),
        children=(b.gross, a.gross),
        sentence=f"{format_euros(after)} − {format_euros(before)} = {format_euros(after - before)} par mois.",
    )


def date_gaps(first: Projection, second: Projection) -> Iterator[DateGap]:
    """The places entered in both, in the order of the second."""
    entered = {_key(stage): stage for stage in reversed(first.stages[1:]) if stage.reached}
    seen = set()
    for stage in second.stages[1:]:
        other = entered.get(_key(stage))
        if other is None or not stage.reached or _key(stage) in seen:
            continue
        seen.add(_key(stage))
        yield DateGap(stage.place, other.on, stage.on, _date_gap(other, stage))


def _key(stage: Stage) -> tuple[object, ...]:
    step = stage.standing.step
    return step.corps, step.grade, step.echelon, step.chevron


def _date_gap(a: Stage, b: Stage) -> Node:
    children = tuple(node for node in (b.reached, a.reached) if node)
    return Node(
        "Écart de date",
        gap_text(a.on, b.on),
        "",
        "career.projection.date_gap",
        max(node.version for node in children),
        children=children,
        sentence=f"{french_date(b.on)} au lieu du {french_date(a.on)}.",
    )


def gap_text(first: dt.date, second: dt.date) -> str:
    """How much earlier or later the second day is.

    >>> gap_text(dt.date(2029, 3, 1), dt.date(2028, 3, 1)), gap_text(dt.date(2028, 3, 1), dt.date(2028, 9, 11))
    ('12 mois plus tôt', '6 mois et 10 jours plus tard')
    """
    if first == second:
        return "même jour"
    early, late = min(first, second), max(first, second)
    months = months_between(early, late)
    days = (late - add_months(early, months)).days
    parts = [f"{months} mois"] if months else []
    if days:
        parts.append(f"{days} jour{'s' if days > 1 else ''}")
    return " et ".join(parts) + (" plus tôt" if second < first else " plus tard")
