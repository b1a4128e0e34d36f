"""Services an agent has completed, deduced from the steps and posts of the file: the first day of each kind.

What the file does not show is never counted: services before its first fact, those of another employer. What it does
not say is not taken off either: a leave without pay, a disponibilité. The pages say so.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from career.domain.grids import load_grids
from career.domain.snapshot import CareerStepFact
from iprof.kernel.explain import Input
from iprof.kernel.periods import add_months, months_between

CONTRACT = "contractuels"
NOT_TEACHING = {"cpe", "psyen", CONTRACT}  # an agent by contract may teach or not: the corps does not tell
NOT_CATEGORY_A = {"instituteurs", CONTRACT}
ONE_DAY = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post held, days included; `second_degree` None when the establishment does not tell."""

    starts_on: dt.date
    ends_on: dt.date | None
    second_degree: bool | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Services of one kind: the first day told, and the times without post since then, in order, each (first day, day
    after the last)."""

    first_day: dt.date
    told: str
    gaps: tuple[tuple[dt.date, dt.date], ...]

    @property
    def missing(self) -> tuple[int, int]:
        """(months, days) of the times without post, each counted date to date."""
        months = days = 0
        for first, end in self.gaps:
            whole = months_between(first, end)
            months, days = months + whole, days + (end - add_months(first, whole)).days
        return months, days

    def inputs(self, origin: str) -> tuple[Input, ...]:
        first = Input(self.told, self.first_day, origin)
        if not any(self.missing):
            return (first,)
        parts = [f"{number} {unit}" for number, unit in zip(self.missing, ("mois", "j"), strict=True) if number]
        return first, Input("Temps sans affectation, déduit", " et ".join(parts), origin)


def held_services(steps: Iterable[CareerStepFact], posts: Iterable[PostFact], on: dt.date) -> dict[str, Held]:
    """Services still going on, on a day, by kind (keys of `perspectives.SERVICES`); a kind not deduced is left out.

    A kind starts with the last run of steps that have it: another duty between two corps starts it again.
    """
    past = sorted((step for step in steps if step.effective_on <= on), key=lambda step: step.effective_on)
    if not past:
        return {}
    known = sorted((post for post in posts if post.starts_on <= on), key=lambda post: post.starts_on)
    present = past[-1].corps
    found: dict[str, tuple[dt.date | None, str]] = {
        "publics": (
            min(past[0].effective_on, *(post.starts_on for post in known)) if known else past[0].effective_on,
            "Premier échelon ou première affectation",
        ),
        "corps": (_since(past, lambda code: code == present), "Premier échelon dans ce corps"),
        "correspondants": (
            _since(past, lambda code: code not in NOT_CATEGORY_A),
            "Premier échelon dans un corps d'enseignement, d'éducation ou de psychologue, de catégorie A",
        ),
        "enseignement": (
            _since(past, lambda code: code not in NOT_TEACHING),
            "Premier échelon dans un corps enseignant",
        ),
        "second_degre": _second_degree(past, known),
    }
    found["professionnels"] = found["publics"]
    gaps = _gaps(known, on)
    return {kind: Held(start, told, _after(gaps, start)) for kind, (start, told) in found.items() if start}


def _since(past: Sequence[CareerStepFact], counts: Callable[[str], bool]) -> dt.date | None:
    start = None
    for step in reversed(past):
        if not counts(step.corps):
            break
        start = step.effective_on
    return start


def _second_degree(past: Sequence[CareerStepFact], posts: Sequence[PostFact]) -> tuple[dt.date | None, str]:
    """By the corps where it belongs to one degree only, else by the establishments."""
    corps = load_grids().corps
    start = _since(past, lambda code: code in corps and corps[code].degrees == (2,))
    if start:
        return start, "Premier échelon dans un corps du second degré"
    degrees = corps[past[-1].corps].degrees if past[-1].corps in corps else ()
    if len(degrees) == 2:
        for post in reversed(posts):
            if not post.second_degree:
                break
            start = post.starts_on
    return start, "Première affectation dans le second degré"


def _gaps(posts: Sequence[PostFact], on: dt.date) -> list[tuple[dt.date, dt.date]]:
    """(first day, day after the last) without any post, from the first post to the day `on`."""
    gaps: list[tuple[dt.date, dt.date]] = []
    covered: dt.date | None = None  # the first day not covered yet
    for post in posts:
        if covered and post.starts_on > covered:
            gaps.append((covered, post.starts_on))
        end = (post.ends_on or on) + ONE_DAY
        covered = max(covered, end) if covered else end
    return [*gaps, (covered, on)] if covered and covered < on else gaps


def _after(gaps: Iterable[tuple[dt.date, dt.date]], start: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    return tuple((max(first, start), end) for first, end in gaps if end > start)
