"""What an agent may suppose in a projection: the choices the form offers."""

import datetime as dt

from career.domain.change_of_corps_law import load_change_law
from career.domain.grids import load_grids
from career.domain.hypotheses import rentree
from career.domain.projection import open_bonifications
from career.domain.projects import load_project
from career.domain.promotion_conditions import load_access
from career.domain.snapshot import Standing
from career.forms_projection import Choices
from career.models import Agent, SavedScenario
from iprof.kernel.errors import NotInForce
from iprof.kernel.periods import add_months


def scenarios_of(agent: Agent) -> list[SavedScenario]:
    """One query."""
    return list(SavedScenario.objects.filter(agent=agent))


def choices_for(now: Standing | None, kept: list[SavedScenario], *, on: dt.date, years: int) -> Choices:
    """No query. Without standing, nothing but the scenarios kept."""
    names = [(str(scenario.public_id), scenario.name) for scenario in kept]
    if now is None:
        return Choices(kept=names)
    until = add_months(on, 12 * years)
    rentrees = [year for year in range(on.year, until.year + 1) if on < rentree(year) <= until]
    return Choices(
        bonifications=open_bonifications(now, on=on, until=until),
        promotions=[(grade, rentrees) for grade in _grades_ahead(now)],
        corps=_corps_ahead(now, on),
        years=rentrees,
        project=_touched_by_the_project(now),
        kept=names,
    )


def _grades_ahead(now: Standing) -> list[str]:
    """The promotions that may follow, one after the other."""
    found, grade = [], now.step.grade
    for access in load_access().values():
        if access.from_grade == grade and now.step.corps in access.corps:
            found.append(access.to_grade)
            grade = access.to_grade
    return found


def _corps_ahead(now: Standing, on: dt.date) -> list[tuple[str, str]]:
    """The corps a competition may lead to, where the text known gives the place: from the entry grade only."""
    law, grids = load_change_law(), load_grids()
    try:
        points = law.coefficients.at(on).value
    except NotInForce:
        return []
    if now.step.corps not in points or now.step.grade != law.entry_grade:
        return []
    known = [code for code in points if code in grids.corps and grids.corps[code].has_grid and code != now.step.corps]
    return sorted(((code, grids.corps[code].label) for code in known), key=lambda pair: pair[1])


def _touched_by_the_project(now: Standing) -> bool:
    project = load_project()
    last = max(project.months)
    return (
        now.step.grade == project.grade
        and now.step.corps not in project.excluded_corps
        and (now.step.echelon or 0) <= last
    )
