"""What the events of rule cases share: the place on the grid told by the inputs, and the steps that follow it."""

import datetime as dt
from typing import Any

from career.domain.advancement import NextStep, grid_day
from career.domain.case_inputs import Inputs
from career.domain.grids import load_grids
from career.domain.promotion_conditions import Access
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError, UnknownFigure
from iprof.kernel.periods import add_months

Result = dict[str, Any]
DAYS_PER_MONTH = 30


def grade_of(inputs: Inputs, implied: str | None = None) -> str:
    """The grade given, or the only one of the corps, or the one that the event itself starts from."""
    corps = load_grids().find_corps(inputs.need("corps"))
    if not corps.has_grid:
        raise UnknownFigure("corps_without_grid", corps=corps.code)
    given: str | None = inputs.get("grade")
    if given is None and len(corps.grades) == 1:
        given = next(iter(corps.grades))
    given = given or implied
    if given is None:
        raise DomainError("missing_input", key="grade")
    return given


def observation_of(inputs: Inputs, access: Access) -> dt.date | None:
    """`date_observation`, else the observation day of `annee` or of the year of `date_event`."""
    event, year = inputs.get("date_event"), inputs.get("annee")
    year = year or (event.year if event else None)
    return inputs.get("date_observation") or (access.observation_day(year) if year else None)


def step_of(inputs: Inputs, on: dt.date) -> CareerStepFact:
    """The place on the grid, held since `on`. A hors-échelle échelon without chevron is read at its first one."""
    corps, grade, echelon, chevron = (
        inputs.need("corps"),
        grade_of(inputs),
        inputs.need("echelon"),
        inputs.get("chevron"),
    )
    grids = load_grids()
    kept_days = (inputs.get("anciennete_mois") or 0) * DAYS_PER_MONTH
    read_on = grid_day(CareerStepFact(corps, grade, echelon, on, chevron))
    group = grids.rule(corps, grade, echelon, read_on).value.hors_echelle
    if chevron is None and group:
        chevron = 1
    if chevron is not None and (not group or chevron > len(grids.hors_echelle[group].at(read_on).value)):
        raise DomainError("chevron_unknown", chevron=chevron, echelon=echelon)
    return CareerStepFact(corps, grade, echelon, on, chevron, kept_days)


def situation_of(inputs: Inputs) -> tuple[CareerStepFact, dt.date]:
    """The step and the first day counted in the échelon. Of the two entry dates, one can be told from the other.

    Chevrons of an échelon follow one another every year, so the third one is entered two years after the échelon.
    """
    grade_of(inputs)  # a corps without grid is refused before any missing date
    months = load_grids().chevron_months * ((inputs.get("chevron") or 1) - 1)
    in_echelon, in_chevron = inputs.get("date_entree_echelon"), inputs.get("date_entree_chevron")
    if in_echelon is None and in_chevron is None:
        in_echelon = inputs.need("date_entree_echelon", "date_event")
    if in_chevron is None:
        in_chevron = add_months(in_echelon, months)
    if in_echelon is None:
        in_echelon = add_months(in_chevron, -months)
    step = step_of(inputs, in_chevron if inputs.get("chevron") else in_echelon)
    kept_from = CareerStepFact(
        step.corps, step.grade, step.echelon, in_echelon, kept_days=step.kept_days
    ).seniority_start
    return step, kept_from


def standing_of(inputs: Inputs, on: dt.date, implied: str | None = None) -> Standing:
    """The standing on the day `on`, from the entry dates or, without any, from `anciennete_mois` held that day.

    A place is checked on that day, not on its entry: an échelon may be older than the first grid. Without chevron, an
    échelon of chevrons is entered at the first one. Raises DomainError("entered_after_event").
    """
    corps, grade, echelon = inputs.need("corps"), grade_of(inputs, implied), inputs.need("echelon")
    grids = load_grids()
    rule, chevron = grids.rule(corps, grade, echelon, on).value, inputs.get("chevron")
    last = len(grids.hors_echelle[rule.hors_echelle].at(on).value) if rule.hors_echelle else 0
    if chevron is not None and chevron > last:
        raise DomainError("chevron_unknown", chevron=chevron, echelon=echelon)
    in_echelon, in_chevron = inputs.get("date_entree_echelon"), inputs.get("date_entree_chevron")
    kept = inputs.get("anciennete_mois") or 0
    year = grids.chevron_months
    if rule.hors_echelle and in_echelon is None and in_chevron is None:
        if chevron is None:
            chevron = min(last, 1 + kept // year)
            kept -= year * (chevron - 1)
        in_chevron = on
    elif rule.hors_echelle:
        chevron = chevron or 1
        in_chevron = in_chevron or add_months(in_echelon, year * (chevron - 1))
    entered = in_chevron if rule.hors_echelle else in_echelon or in_chevron or on
    if entered > on:
        raise DomainError("entered_after_event", on=on)
    step = CareerStepFact(corps, grade, echelon, entered, chevron, kept * DAYS_PER_MONTH)
    if not rule.hors_echelle:
        return Standing(step, step.seniority_start)
    return Standing(step, in_echelon or add_months(step.seniority_start, -year * ((chevron or 1) - 1)))


def bonification_of(inputs: Inputs, echelon: int | None) -> bool:
    """Granted for this échelon. Where the law knows none, `next_step` ignores it."""
    named = {6: "bonification_6e", 8: "bonification_8e"}.get(echelon or 0)
    return bool(inputs.get("bonification") or (named and inputs.get(named)))


def next_keys(step: CareerStepFact, found: NextStep) -> Result:
    if found.on is None:
        result: Result = {"prochain_echelon": None, "date_prochain_echelon": None, "motif": "dernier_echelon"}
        if step.chevron:
            result |= {"prochain_chevron": None, "date_prochain_chevron": None, "motif": "dernier_chevron"}
        return result
    if found.echelon == step.echelon:
        return {"prochain_chevron": found.chevron, "date_prochain_chevron": found.on}
    return {"prochain_echelon": found.echelon, "date_prochain_echelon": found.on}
