"""The échelon spécial of the classe exceptionnelle became its 5th échelon: who went where."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from career.domain import law
from career.domain.grids import load_grids
from career.domain.pay import french_date, monthly_gross_node, ordinal, place, step_input
from career.domain.progress import advanced
from career.domain.promotion_conditions import corps_list
from career.domain.promotion_reclassement import ladder
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.dated import Dated
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import add_months

FILE = "promotions/linearisation_2023.yaml"


@dataclass(frozen=True, slots=True)
class LinearisationLaw:
    since: dt.date
    grade: str
    corps: tuple[str, ...]
    to_echelon: int
    source: LegalSource


@dataclass(frozen=True, slots=True)
class Linearised:
    """The place on the day of effect, then the days that follow from it (None: nothing to come, or already past)."""

    after: CareerStepFact
    index: Dated[int]
    fifth_on: dt.date | None
    second_chevron_on: dt.date | None
    second_chevron_index: int | None


def build_linearisation(folder: Path = law.LEGAL) -> LinearisationLaw:
    """Raises LawFileError."""
    data = law.read(
        FILE,
        required={"label", "checked_on", "since", "grade", "corps", "to_echelon", "confidence", "source", "url"},
        folder=folder,
    )
    return LinearisationLaw(
        data["since"],
        law.text(data["grade"], f"{FILE}: grade"),
        corps_list(data["corps"], f"{FILE}: corps"),
        law.whole(data["to_echelon"], f"{FILE}: to_echelon"),
        law.source_of(data, data["checked_on"], FILE),
    )


@lru_cache(maxsize=1)
def load_linearisation() -> LinearisationLaw:
    """The text of the project, read once per process."""
    return build_linearisation()


def check_concerned(corps: str, grade: str) -> None:
    """Raises DomainError("linearisation_out_of_scope")."""
    rules = load_linearisation()
    if corps not in rules.corps or grade != rules.grade:
        raise DomainError("linearisation_out_of_scope")


def linearise(now: Standing) -> Linearised:
    """From a numbered échelon held before the text: the 5th one on its first day for who had its time, or later.

    No ancienneté is kept above the time asked. Raises NotInForce, DomainError. Source: décret n° 2023-720.
    """
    rules = load_linearisation()
    check_concerned(now.step.corps, now.step.grade)
    if now.step.effective_on > rules.since:
        raise DomainError("linearisation_out_of_scope")
    load_grids().rule(now.step.corps, now.step.grade, now.step.echelon or 0, now.step.effective_on)
    return _told(advanced(now, rules.since))


def linearise_special(corps: str, grade: str, chevron: int, entered_on: dt.date) -> Linearised:
    """From the échelon spécial, its chevron held since `entered_on`: the 5th échelon, ancienneté kept."""
    rules = load_linearisation()
    check_concerned(corps, grade)
    if entered_on > rules.since:
        raise DomainError("linearisation_out_of_scope")
    load_grids().find_grade(corps, grade).structure.at(entered_on)  # the grade itself dates from 2017
    last = max(rung.chevron or 0 for rung in ladder(corps, grade, rules.since))
    if not 1 <= chevron <= last:
        raise DomainError("chevron_unknown", chevron=chevron, echelon=rules.to_echelon)
    year = load_grids().chevron_months
    while chevron < last and (following := add_months(entered_on, year)) <= rules.since:
        chevron, entered_on = chevron + 1, following
    step = CareerStepFact(corps, grade, rules.to_echelon, entered_on, chevron)
    return _told(Standing(step, entered_on))


def _told(then: Standing) -> Linearised:
    rules, grids = load_linearisation(), load_grids()
    step = then.step
    after = replace(step, effective_on=rules.since, kept_days=0)
    index = grids.index(step.corps, step.grade, step.echelon or 0, step.chevron, rules.since)
    fifth_on = None
    first_chevron_on = step.effective_on if step.chevron == 1 else None
    if step.echelon == rules.to_echelon - 1:
        reached = _reaches(then)
        fifth_on = first_chevron_on = reached
    second_on = add_months(first_chevron_on, grids.chevron_months) if first_chevron_on else None
    second = grids.index(step.corps, step.grade, rules.to_echelon, 2, second_on).value if second_on else None
    return Linearised(after, index, fifth_on, second_on, second)


def _reaches(then: Standing) -> dt.date:
    rung = next(
        rung
        for rung in ladder(then.step.corps, then.step.grade, load_linearisation().since)
        if rung.echelon == then.step.echelon
    )
    return then.step.reaches(rung.months or 0)


def linearisation_node(before: CareerStepFact, found: Linearised) -> Node:
    """The place on the day of effect, its pay, and the days that follow, explained."""
    rules = load_linearisation()
    version, sources, inputs = rules.since.isoformat(), (rules.source,), (step_input(before),)
    children = [monthly_gross_node(found.after, rules.since)]
    for label, day in (
        (f"Passage au {ordinal(rules.to_echelon)} échelon", found.fifth_on),
        ("Passage au 2e chevron", found.second_chevron_on),
    ):
        if day is not None:
            children.append(
                Node(
                    label, day, "date", "career.linearisation.next", version, sources, inputs,
                    sentence=f"Avancement automatique, de date à date : {french_date(day)}.",
                )
            )  # fmt: skip
    return Node(
        "Linéarisation de la classe exceptionnelle",
        place(found.after),
        "",
        "career.linearisation",
        version,
        sources,
        inputs,
        tuple(children),
        sentence=f"Situation au {french_date(rules.since)}, premier jour du texte.",
    )
