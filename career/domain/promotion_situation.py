"""A situation typed rather than read from a file: possible or not on the day it is said to have begun."""

import datetime as dt

from career.domain.grids import load_grids
from career.domain.promotion_appreciation import check_appreciation
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError

BAREME_GRADE = "classe_normale"  # the appréciation serves nowhere else


def grid_start(corps: str, grade: str) -> dt.date:
    """The first day the grid of a grade is known. Raises DomainError("corps_unknown" | "grade_unknown")."""
    return load_grids().find_grade(corps, grade).structure.first_day


def check_grade(corps: str, grade: str) -> None:
    """Raises DomainError("grade_elsewhere"), naming the grades the corps has; DomainError("corps_unknown")."""
    grids = load_grids()
    found = grids.find_corps(corps)
    if grade in found.grades:
        return
    labels = {code: one.label for each in grids.corps.values() for code, one in each.grades.items()}
    known = ", ".join(one.label.lower() for one in found.grades.values())
    raise DomainError("grade_elsewhere", grade=labels.get(grade, grade).lower(), corps=found.label.lower(), known=known)


def check_entry(corps: str, grade: str, since: dt.date, on: dt.date) -> None:
    """Raises DomainError("entered_in_future" | "entered_before_grid"). The grade is one of the corps."""
    if since > on:
        raise DomainError("entered_in_future", since=since, on=on)
    first_day = grid_start(corps, grade)
    if since < first_day:
        raise DomainError("entered_before_grid", first_day=first_day)


def check_echelon(corps: str, grade: str, echelon: int, on: dt.date) -> None:
    """Raises DomainError("echelon_beyond"): how many échelons the grade has on that day; NotInForce."""
    grids = load_grids()
    echelons = grids.echelons_on(corps, grade, on)
    if echelon not in echelons:
        label = grids.find_grade(corps, grade).label.lower()
        raise DomainError("echelon_beyond", grade=label, count=len(echelons), echelon=echelon, on=on)


def entered(corps: str, grade: str, echelon: int, since: dt.date) -> Standing:
    """The standing of who entered that échelon that day, at the first chevron where there are some.

    Raises NotInForce, DomainError("echelon_unknown").
    """
    first_chevron = 1 if load_grids().rule(corps, grade, echelon, since).value.hors_echelle else None
    step = CareerStepFact(corps, grade, echelon, since, first_chevron)
    return Standing(step, since)


def check_supposed(now: Standing, on: dt.date) -> None:
    """An appréciation makes sense in that situation on that day.

    Raises DomainError("appreciation_without_bareme" | "appreciation_too_early").
    """
    if now.step.grade != BAREME_GRADE:
        raise DomainError("appreciation_without_bareme")
    check_appreciation(now, on)
