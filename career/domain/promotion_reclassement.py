"""Where a promotion of grade places the agent: échelon, index, ancienneté kept, next passage."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.grids import load_grids
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure
from iprof.kernel.legal import Confidence, LegalSource
from iprof.kernel.periods import months_between

FILE = "promotions/reclassement.yaml"
DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True)
class Clause:
    """From one échelon straight to another, keeping what exceeds `less_months`. A corps at None was not verified."""

    to_grade: str
    from_echelon: int
    to_echelon: int
    less_months: int
    corps: Mapping[str, Confidence | None]


@dataclass(frozen=True, slots=True)
class ReclassementLaw:
    texts: DatedValues[Mapping[str, LegalSource]]
    clause: DatedValues[Clause]


@dataclass(frozen=True, slots=True)
class Rung:
    """An échelon, or one chevron of it, with its months (None: the last one of the grade)."""

    echelon: int
    chevron: int | None
    months: int | None
    months_known: bool = True


@dataclass(frozen=True, slots=True)
class Seniority:
    """Ancienneté carried on: the one held in a place of the grid, less some months."""

    held: CareerStepFact
    less: int = 0

    def reaches(self, months: int) -> dt.date:
        """The day these months are complete."""
        return self.held.reaches(months + self.less)

    def on(self, day: dt.date) -> tuple[int, int]:
        """(whole months, days) on a day; (0, 0) when nothing is left of it."""
        months = months_between(self.held.effective_on, day) + self.held.kept_days // DAYS_PER_MONTH - self.less
        while self.reaches(months + 1) <= day:  # the days kept may complete a month
            months += 1
        return (months, (day - self.reaches(months)).days) if months >= 0 else (0, 0)


@dataclass(frozen=True, slots=True)
class Reclassement:
    """The place after a promotion of grade and why. `kept` None: not known, the two readings differ.

    `rule` is "egal", "superieur" or "clause"; `gain` and `avancement` are index points (`avancement` None in the last
    échelon); `capped` tells that the ancienneté filled the échelon, so the agent entered the next one without any.
    """

    before: CareerStepFact
    after: CareerStepFact
    index_before: Dated[int]
    index_after: Dated[int]
    rule: str
    avancement: int | None
    capped: bool
    kept: tuple[int, int] | None
    next_on: dt.date | None
    next_chevron: int | None
    next_known: bool
    version: dt.date
    source: LegalSource

    @property
    def next_echelon(self) -> int:
        """The échelon of the next passage: the same one while its chevrons follow."""
        return (self.after.echelon or 0) + (0 if self.next_chevron else 1)

    @property
    def gain(self) -> int:
        return self.index_after.value - self.index_before.value


def build_reclassement(folder: Path = law.LEGAL) -> ReclassementLaw:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "values", "clause"}, folder=folder)
    checked_on = data["checked_on"]
    return ReclassementLaw(
        law.dated(FILE, data["values"], checked_on, {"texts"}, lambda e, where: _texts(e, checked_on, where)),
        law.dated(
            f"{FILE}: clause",
            data["clause"],
            checked_on,
            {"to_grade", "from_echelon", "to_echelon", "less_months", "corps"},
            _clause,
        ),
    )


def _texts(entry: Mapping[str, Any], checked_on: dt.date, where: str) -> Mapping[str, LegalSource]:
    texts = {}
    for corps, raw in law.mapping(entry["texts"], f"{where}.texts").items():
        law.check_keys(raw, {"confidence", "text"}, frozenset(), f"{where}.texts.{corps}")
        texts[law.text(corps, f"{where}.texts")] = law.source_of(
            {"source": raw["text"], "confidence": raw["confidence"], "url": entry.get("url", "")},
            checked_on,
            f"{where}.texts.{corps}",
        )
    return texts


def _clause(entry: Mapping[str, Any], where: str) -> Clause:
    corps: dict[str, Confidence | None] = {}
    for code, value in law.mapping(entry["corps"], f"{where}.corps").items():
        if value not in ("high", "medium", "low", law.UNKNOWN):
            raise law.LawFileError(f"{where}.corps.{code}: {value!r}")
        corps[law.text(code, f"{where}.corps")] = None if value == law.UNKNOWN else value
    return Clause(
        law.text(entry["to_grade"], f"{where}.to_grade"),
        law.whole(entry["from_echelon"], f"{where}.from_echelon"),
        law.whole(entry["to_echelon"], f"{where}.to_echelon"),
        law.whole(entry["less_months"], f"{where}.less_months"),
        corps,
    )


@lru_cache(maxsize=1)
def load_reclassement() -> ReclassementLaw:
    """The rules of the project, read once per process."""
    return build_reclassement()


@lru_cache(maxsize=4096)
def ladder(corps: str, grade: str, on: dt.date) -> tuple[Rung, ...]:
    """Every échelon and chevron of a grade on a day, in order. Raises NotInForce, UnknownFigure, DomainError."""
    grids = load_grids()
    rungs: list[Rung] = []
    for echelon, rule in sorted(grids.find_grade(corps, grade).structure.at(on).value.items()):
        if not rule.hors_echelle:
            rungs.append(Rung(echelon, None, rule.months, rule.months_known))
            continue
        count, year = len(grids.hors_echelle[rule.hors_echelle].at(on).value), grids.chevron_months
        rungs += [Rung(echelon, chevron, year) for chevron in range(1, count)]
        rungs.append(Rung(echelon, count, None if rule.months is None else rule.months - year * (count - 1)))
    return tuple(rungs)


def reclassify(step: CareerStepFact, to_grade: str, on: dt.date) -> Reclassement:
    """The place of an agent standing at `step`, promoted on the day `on`.

    1. The lowest échelon whose index is equal, or failing that immediately above. 2. Ancienneté is kept if the gain is
    below that of an advancement in the former grade, and always from its last échelon. 3. Ancienneté that fills the new
    échelon opens the next one, without surplus. 4. From the 9th échelon of the classe normale, the clause of its text.
    Raises NotInForce, UnknownFigure, DomainError. Source: décret n° 90-680 art. 25 and 25-2, same rules elsewhere.
    """
    aim = _aim(step.corps, step.grade, step.echelon, step.chevron, to_grade, on)
    found = _placed(step, to_grade, on, aim)
    if aim.disputed is not None and found.capped and Seniority(step, aim.disputed).on(on) != (0, 0):
        # The general rule keeps nothing here, the clause would keep a surplus: neither is chosen.
        return replace(found, kept=None, next_on=None, next_known=False)
    return found


@dataclass(frozen=True, slots=True)
class _Aim:
    """What the place alone decides, whatever the ancienneté: the échelon aimed at, and the months not carried on
    (`less` None: none is). `disputed`: the months of a clause not verified for the corps."""

    current: Dated[int]
    target: Rung
    rule: str
    less: int | None
    avancement: int | None
    version: dt.date
    source: LegalSource
    disputed: int | None = None


@lru_cache(maxsize=4096)
def _aim(corps: str, grade: str, echelon: int | None, chevron: int | None, to_grade: str, on: dt.date) -> _Aim:
    rules = load_reclassement()
    texts = rules.texts.at(on)
    try:
        source = texts.value[corps]
    except KeyError:
        raise DomainError("promotion_corps", corps=corps) from None
    held = CareerStepFact(corps, grade, echelon, on, chevron)
    current = _index(corps, grade, held, on)
    rungs = ladder(corps, to_grade, on)
    clause = _clause_of(rules, held, to_grade, on)
    confidence = clause.value.corps.get(corps) if clause else None
    if clause and confidence:
        target = next(rung for rung in rungs if rung.echelon == clause.value.to_echelon)
        source = replace(clause.source, confidence=confidence)
        return _Aim(current, target, "clause", clause.value.less_months, None, clause.since, source)
    target = _equal_or_above(rungs, corps, to_grade, current.value, on)
    avancement = _advancement_gain(held, current.value, on)
    gain = _index(corps, to_grade, target, on).value - current.value
    return _Aim(
        current,
        target,
        "superieur" if gain else "egal",
        0 if avancement is None or gain < avancement else None,
        avancement,
        texts.since,
        source,
        clause.value.less_months if clause else None,
    )


def _clause_of(rules: ReclassementLaw, step: CareerStepFact, to_grade: str, on: dt.date) -> Dated[Clause] | None:
    try:
        clause = rules.clause.at(on)
    except NotInForce:
        return None
    if (clause.value.to_grade, clause.value.from_echelon) != (to_grade, step.echelon):
        return None
    if step.corps not in clause.value.corps or step.grade != "classe_normale":
        return None
    return clause


@lru_cache(maxsize=4096)
def _index(corps: str, grade: str, place: Rung | CareerStepFact, on: dt.date) -> Dated[int]:
    return load_grids().index(corps, grade, place.echelon or 0, place.chevron, on)


def _equal_or_above(rungs: tuple[Rung, ...], corps: str, grade: str, points: int, on: dt.date) -> Rung:
    for rung in rungs:
        if _index(corps, grade, rung, on).value >= points:
            return rung
    raise UnknownFigure("no_higher_index", grade=grade, points=points)


def _advancement_gain(step: CareerStepFact, points: int, on: dt.date) -> int | None:
    """What the next échelon or chevron of the present grade would bring, in points; None in the last one."""
    rungs = ladder(step.corps, step.grade, on)
    here = [(rung.echelon, rung.chevron) for rung in rungs].index((step.echelon or 0, step.chevron))
    return _index(step.corps, step.grade, rungs[here + 1], on).value - points if here + 1 < len(rungs) else None


def _placed(step: CareerStepFact, grade: str, on: dt.date, aim: _Aim) -> Reclassement:
    target = aim.target
    seniority = None if aim.less is None else Seniority(step, aim.less)
    kept = seniority.on(on) if seniority else (0, 0)
    if kept != (0, 0) and not target.months_known:
        raise UnknownFigure("duration_unpublished", corps=step.corps, grade=grade, echelon=target.echelon)
    capped = target.months is not None and kept[0] >= target.months
    if capped:
        target, seniority, kept = _following(target, step.corps, grade, on), None, (0, 0)
    after = CareerStepFact(
        step.corps, grade, target.echelon, on, target.chevron, kept[0] * DAYS_PER_MONTH + kept[1], step.origin
    )
    return Reclassement(
        before=step,
        after=after,
        index_before=aim.current,
        index_after=_index(step.corps, grade, target, on),
        rule=aim.rule,
        avancement=aim.avancement,
        capped=capped,
        kept=kept,
        next_on=_next_on(target, seniority or Seniority(after), step.corps, grade, on),
        next_chevron=_next_chevron(target, step.corps, grade, on),
        next_known=target.months_known,
        version=aim.version,
        source=aim.source,
    )


@lru_cache(maxsize=4096)
def _following(rung: Rung, corps: str, grade: str, on: dt.date) -> Rung:
    """The next place of the grade. A year paid at an index counts for the chevron after the one of the same index."""
    points = _index(corps, grade, rung, on).value
    return next(found for found in ladder(corps, grade, on) if _index(corps, grade, found, on).value > points)


@lru_cache(maxsize=4096)
def _next_chevron(rung: Rung, corps: str, grade: str, on: dt.date) -> int | None:
    places = {(found.echelon, found.chevron) for found in ladder(corps, grade, on)}
    return rung.chevron + 1 if rung.chevron and (rung.echelon, rung.chevron + 1) in places else None


def _next_on(rung: Rung, seniority: Seniority, corps: str, grade: str, on: dt.date) -> dt.date | None:
    """The day of the next échelon or chevron, under the durations in force then; None when nothing follows."""
    structure = load_grids().find_grade(corps, grade).structure
    day: dt.date | None = on
    while day is not None:
        places = {(found.echelon, found.chevron): found for found in ladder(corps, grade, day)}
        months = places[rung.echelon, rung.chevron].months
        following = structure.next_change(day)
        if months is not None:
            term = max(seniority.reaches(months), day)
            if following is None or term < following:
                return term
        day = following
    return None
