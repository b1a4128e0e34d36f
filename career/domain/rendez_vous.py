"""Rendez-vous de carrière: when one is due. What may be answered to it: see `career.domain.rendez_vous_clocks`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import french_date, ordinal, origin_of, step_input
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.explain import Input, Node

FILE = "rendez_vous.yaml"
REVISION = ("ask_days", "answer_days", "commission_days")


@dataclass(frozen=True, slots=True)
class WindowRule:
    """Due in this échelon, from `from_months` of ancienneté in it and before `before_months`."""

    number: int
    echelon: int
    from_months: int
    before_months: int
    effect: str


@dataclass(frozen=True, slots=True)
class RevisionRule:
    """Clear days to ask for the revision of the final appreciation, to answer, and to go before the commission."""

    ask_days: int
    answer_days: int
    commission_days: int


@dataclass(frozen=True, slots=True)
class RendezVousLaw:
    grade: str
    windows: DatedValues[tuple[WindowRule, ...]]
    observation_days: DatedValues[int]
    revision: DatedValues[RevisionRule]
    clear_days: DatedValues[str]


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day on which the rendez-vous is due."""

    rule: Dated[WindowRule]
    first: dt.date
    last: dt.date

    def is_open(self, on: dt.date) -> bool:
        return self.first <= on <= self.last


def _windows(entry: Mapping[str, Any], where: str) -> tuple[WindowRule, ...]:
    rules = []
    for number, raw in law.mapping(entry["rendez_vous"], where).items():
        at = f"{where}.{number}"
        law.check_keys(raw, {"echelon", "from_months", "before_months", "effect"}, frozenset(), at)
        rule = WindowRule(
            law.whole(number, at),
            law.whole(raw["echelon"], f"{at}.echelon"),
            law.whole(raw["from_months"], f"{at}.from_months"),
            law.whole(raw["before_months"], f"{at}.before_months"),
            law.text(raw["effect"], f"{at}.effect"),
        )
        if rule.from_months >= rule.before_months:
            raise law.LawFileError(f"{at}.before_months: the window closes before it opens")
        rules.append(rule)
    return tuple(rules)


def build_rendez_vous_law(folder: Path = law.LEGAL) -> RendezVousLaw:
    """Reads the file of the folder. Raises LawFileError naming file and key."""
    keys = {"label", "checked_on", "grade", "windows", "observations", "revision", "clear_days"}
    data = law.read(FILE, required=keys, folder=folder)
    checked_on = data["checked_on"]
    return RendezVousLaw(
        law.text(data["grade"], f"{FILE}: grade"),
        law.dated(f"{FILE}: windows", data["windows"], checked_on, {"rendez_vous"}, _windows),
        law.dated(
            f"{FILE}: observations",
            data["observations"],
            checked_on,
            {"days"},
            lambda e, where: law.whole(e["days"], f"{where}.days"),
        ),
        law.dated(f"{FILE}: revision", data["revision"], checked_on, set(REVISION), _revision),
        law.dated(
            f"{FILE}: clear_days",
            data["clear_days"],
            checked_on,
            {"rule"},
            lambda e, where: law.text(e["rule"], f"{where}.rule"),
        ),
    )


def _revision(entry: Mapping[str, Any], where: str) -> RevisionRule:
    return RevisionRule(*(law.whole(entry[key], f"{where}.{key}") for key in REVISION))


@lru_cache(maxsize=1)
def load_rendez_vous_law() -> RendezVousLaw:
    """The law of the project, read once per process."""
    return build_rendez_vous_law()


def window(step: CareerStepFact) -> Window | None:
    """The rendez-vous due in this échelon, kept ancienneté included; None when the échelon has none.

    It is never due before the agent holds the échelon, nor before the first day of the law; an échelon entered earlier
    counts for its whole ancienneté.

    >>> found = window(CareerStepFact("certifies", "classe_normale", 6, dt.date(2025, 9, 1)))
    >>> str(found.first), str(found.last)
    ('2026-09-01', '2027-08-31')
    """
    rules = load_rendez_vous_law()
    if step.grade != rules.grade:
        return None
    earliest = max(step.effective_on, rules.windows.first_day)
    dated = rules.windows.at(earliest)
    for rule in dated.value:
        if rule.echelon == step.echelon:
            first = max(step.reaches(rule.from_months), earliest)
            last = step.reaches(rule.before_months) - dt.timedelta(1)
            # Closed before it could open: so much ancienneté was kept, or the law came later.
            return Window(Dated(rule, dated.since, dated.source), first, last) if first <= last else None
    return None


def window_node(step: CareerStepFact, on: dt.date) -> Node | None:
    """The window explained, and where the day `on` falls; its value is the first day. None when none is due."""
    found = window(step)
    if found is None:
        return None
    rule = found.rule.value
    if on < found.first:
        now = f"Il ouvre le {french_date(found.first)}."
    elif found.is_open(on):
        now = "Il est ouvert."
    else:
        now = "Il est passé."
    return Node(
        f"{ordinal(rule.number)} rendez-vous de carrière",
        found.first,
        "date",
        "career.rendez_vous.window",
        found.rule.since.isoformat(),
        (found.rule.source,),
        (
            step_input(step),
            Input(
                "Ancienneté dans l'échelon comptée depuis le", step.seniority_start, origin_of(step), step.recorded_on
            ),
        ),
        sentence=(
            f"Entre {rule.from_months} et {rule.before_months} mois dans le {ordinal(rule.echelon)} échelon : "
            f"du {french_date(found.first)} au {french_date(found.last)}. {now} {rule.effect}."
        ),
    )
