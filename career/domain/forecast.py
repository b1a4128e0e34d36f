"""A career ahead as an exact distribution: where an agent may stand on given days, with which chance.

Forward recursion over (grade, échelon, ancienneté): échelons come by themselves, a bonification is granted or not on the
day it would shorten the wait, a promotable agent is promoted or not at each campaign. Nothing is drawn at random.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, cast

from career.domain.advancement import can_have_bonification
from career.domain.chances import Chances
from career.domain.progress import following
from career.domain.promoted import entry_of
from career.domain.promotion_conditions import Conditions, load_access
from career.domain.promotion_eligibility import opens_to
from career.domain.promotion_reclassement import reclassify
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError, NotInForce

Key = tuple[object, ...]
Place = tuple[str, int]  # grade, échelon
MEMORY = 1 << 16  # places remembered: many agents pass through the same ones


class Outcome(NamedTuple):
    """A place one may hold on a day, by `weight` careers out of `total`; `stopped` tells why nothing is known of what
    follows it."""

    standing: Standing
    weight: int
    total: int
    stopped: DomainError | None = None

    @property
    def chance(self) -> Fraction:
        return Fraction(self.weight, self.total)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`views`: the places possible on each day asked, their chances adding up to 1.

    `entries` and `promotions`: for each (grade, échelon) and each grade that may be entered after `on`, how many of
    `total` careers enter it on each day (échelon 0: not given by the texts).
    """

    on: dt.date
    views: Mapping[dt.date, tuple[Outcome, ...]]
    entries: Mapping[Place, Mapping[dt.date, int]]
    promotions: Mapping[str, Mapping[dt.date, int]]
    total: int

    def chance_of_grade(self, grade: str, on: dt.date) -> Fraction:
        """The chance to stand in the grade on a day asked."""
        return sum((found.chance for found in self.views[on] if found.standing.step.grade == grade), Fraction(0))

    def days_of_echelon(self, grade: str, echelon: int) -> dict[dt.date, Fraction]:
        """The chance of each day on which the échelon may be entered, in order."""
        return self._exact(self.entries.get((grade, echelon), {}))

    def days_of_grade(self, grade: str) -> dict[dt.date, Fraction]:
        """The chance of each day on which the promotion may take effect, in order."""
        return self._exact(self.promotions.get(grade, {}))

    def _exact(self, weights: Mapping[dt.date, int]) -> dict[dt.date, Fraction]:
        return {day: Fraction(weight, self.total) for day, weight in sorted(weights.items())}


@dataclass(frozen=True, slots=True)
class Board:
    """The campaign of a year for a grade, and the chance of each promotable agent."""

    to_grade: str
    from_grade: str
    observed_on: dt.date
    effect_on: dt.date
    conditions: Conditions
    chance: Fraction


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for every agent of a corps: the days to look at, the boards in order, the chances."""

    on: dt.date
    days: tuple[dt.date, ...]
    boards: tuple[Board, ...]
    chances: Chances
    total: int


def plan(corps: str, *, on: dt.date, days: Iterable[dt.date], chances: Chances) -> Plan:
    """The same day, the higher grade decides first: nobody enters two at once. Raises ValueError on a day before `on`."""
    asked = tuple(sorted(set(days)))
    if asked and asked[0] < on:
        raise ValueError(f"{asked[0]} comes before {on}")
    last = asked[-1] if asked else on
    boards = [board for year in range(on.year, last.year + 1) for board in _boards(corps, year, chances)]
    kept = sorted((board for board in boards if on < board.effect_on <= last), key=lambda board: board.effect_on)
    return Plan(on, asked, tuple(kept), chances, chances.denominator)


def _boards(corps: str, year: int, chances: Chances) -> Iterator[Board]:
    for grade, access in reversed(load_access().items()):
        chance, observed_on = chances.of_promotion(grade, year), access.observation_day(year)
        effect_on = access.effect_day(observed_on)
        if chance and corps in access.corps:
            try:
                conditions = access.values.at(effect_on).value
            except NotInForce:
                continue
            yield Board(grade, access.from_grade, observed_on, effect_on, conditions, chance)


def forecast(now: Standing, prepared: Plan) -> Forecast:
    """The distribution of `now` (the standing of the plan's first day) on each day of the plan.

    A place the law says nothing about keeps its weight and tells why it stops.
    """
    careers, views, boards = _Careers(now, prepared), {}, list(reversed(prepared.boards))
    for day in prepared.days:
        while boards and boards[-1].effect_on <= day:
            careers.decide(boards.pop())
        views[day] = careers.view(day)
    return Forecast(prepared.on, views, careers.arrivals, careers.promotions, prepared.total)


@lru_cache(maxsize=MEMORY)
def _following(now: Standing, bonification: bool) -> Standing | None:
    found = following(now, bonification=bonification)
    return found[0] if found else None


class _Held:
    """A place, what may follow it by ancienneté (`slow`) and by bonification (`fast`), and the weight of the careers
    that stand there. `due`: the day something happens."""

    __slots__ = ("due", "fast", "slow", "standing", "stopped", "weight")

    def __init__(
        self,
        standing: Standing,
        weight: int,
        slow: Standing | None = None,
        fast: Standing | None = None,
        stopped: DomainError | None = None,
    ) -> None:
        self.standing, self.weight, self.slow, self.fast, self.stopped = standing, weight, slow, fast, stopped
        coming = fast or slow
        self.due = coming.step.effective_on if coming else dt.date.max

    @property
    def key(self) -> Key:
        step = self.standing.step
        place = step.grade, step.echelon, step.chevron, step.effective_on
        return (
            *place,
            step.kept_days,
            self.standing.echelon_start,
            self.slow and self.slow.step.effective_on,
        )

    def part(self, weight: int) -> "_Held":
        """The same place for some of the careers."""
        return _Held(self.standing, weight, self.slow, self.fast, self.stopped)

    def refused(self, weight: int) -> "_Held":
        """The same place for those whose bonification was not granted."""
        return _Held(self.standing, weight, self.slow, None, self.stopped)


class _Careers:
    """The careers still possible, merged where they stand alike. Weights are whole: their sum never changes."""

    def __init__(self, now: Standing, prepared: Plan) -> None:
        self.bonification, self.total = prepared.chances.bonification, prepared.total
        self.held: dict[Key, _Held] = {}
        self.arrivals: dict[Place, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
        self.promotions: dict[str, dict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
        first = self._looking_ahead(now, self.total)
        if first.due <= prepared.on:  # the day of a bonification is past and it did not come
            first = first.refused(self.total)
        self.due = dt.date.max
        self._add(first)

    def _looking_ahead(self, standing: Standing, weight: int) -> _Held:
        step = standing.step
        try:
            slow, fast = _following(standing, False), None
            if self.bonification.get(step.echelon or 0) and can_have_bonification(step):
                fast = _following(standing, True)
        except DomainError as error:
            return _Held(standing, weight, stopped=error)
        return _Held(standing, weight, slow, fast)

    def _add(self, found: _Held) -> None:
        known = self.held.setdefault(found.key, found)
        if known is not found:
            known.weight += found.weight
        elif found.due < self.due:
            self.due = found.due

    def advance(self, day: dt.date) -> None:
        """Every passage up to the day `day`."""
        if self.due > day:
            return
        due = [(key, held) for key, held in self.held.items() if held.due <= day]
        for key, _ in due:
            del self.held[key]
        self.due = min((held.due for held in self.held.values()), default=dt.date.max)
        for _, held in due:
            for found in self._spread(held, day, self.arrivals):
                self._add(found)

    def _spread(self, held: _Held, day: dt.date, told: dict[Place, dict[dt.date, int]] | None) -> Iterator[_Held]:
        """Where these careers stand on the day `day`: bonified on the day it comes, or waiting for the full time."""
        if held.due > day:
            yield held
            return
        reached, weight = cast(Standing, held.fast or held.slow), held.weight  # one is there: it gave the day
        echelon, step = held.standing.step.echelon or 0, reached.step
        if held.fast:
            weight = _share(held.weight, self.bonification[echelon])
            if held.weight > weight:
                yield from self._spread(held.refused(held.weight - weight), day, told)
        if told is not None and step.echelon != echelon:
            told[step.grade, step.echelon or 0][step.effective_on] += weight
        yield from self._spread(self._looking_ahead(reached, weight), day, told)

    def decide(self, board: Board) -> None:
        """Each promotable agent is promoted or not."""
        self.advance(board.observed_on)
        grade, conditions, observed_on = board.from_grade, board.conditions, board.observed_on
        for key, held in [*self.held.items()]:
            if held.standing.step.grade == grade and opens_to(held.standing, conditions, observed_on):
                promoted = _share(held.weight, board.chance)
                held.weight -= promoted
                if not held.weight:
                    del self.held[key]
                self._promote(held.part(promoted), board)

    def _promote(self, held: _Held, board: Board) -> None:
        grade, on = board.to_grade, board.effect_on
        for eve in self._spread(held, on, None):
            standing, following, stopped = _entry(eve.standing, grade, on)
            self._add(_Held(standing, eve.weight, following, stopped=stopped))
            self.promotions[grade][on] += eve.weight
            self.arrivals[grade, standing.step.echelon or 0][on] += eve.weight

    def view(self, day: dt.date) -> tuple[Outcome, ...]:
        self.advance(day)
        total = self.total
        return tuple([Outcome(held.standing, held.weight, total, held.stopped) for held in self.held.values()])


def _share(weight: int, chance: Fraction) -> int:
    """Exact: the total holds each denominator once for each time it may be divided."""
    return weight * chance.numerator // chance.denominator


@lru_cache(maxsize=MEMORY)
def _entry(eve: Standing, grade: str, on: dt.date) -> tuple[Standing, Standing | None, DomainError | None]:
    """The place in the new grade and the next one; the échelon is left out where the texts do not give it."""
    step = eve.step
    place = CareerStepFact(step.corps, grade, None, on)
    try:
        found = reclassify(step, grade, on)
        place = found.after
        entry = entry_of(found)
    except DomainError as error:
        return Standing(place, place.seniority_start), None, error
    return entry.standing, entry.following and entry.following[0], None
