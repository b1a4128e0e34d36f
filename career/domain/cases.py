"""The engine of rule cases: a dict in, a dict out. Screens call the same rules, so a case and a screen agree."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from career.domain.advancement import NextStep, arrival, next_step
from career.domain.bareme_hors_classe import bareme_node
from career.domain.case_inputs import CaseFormatError, Inputs
from career.domain.grids import load_grids
from career.domain.pay import indice_majore_node, monthly_gross_node
from career.domain.refusals import refusal_of
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import DomainError, UnknownFigure
from iprof.kernel.periods import add_months

Result = dict[str, Any]
DAYS_PER_MONTH = 30
FULL_TIME = (1, 100)  # « quotité » is written as a share or in percent

__all__ = ["CaseFormatError", "compute"]


def compute(raw: object) -> Result:
    """The computed result of one case, from its `inputs`; a figure without rule gives `refusal: {code, message}`.

    Values are int, str, Decimal, date or None. Raises CaseFormatError for a key, type or value outside the format.
    >>> compute({"corps": "certifies", "grade": "classe_normale", "echelon": 6, "date_entree_echelon": "2025-02-10",
    ...          "event": "avancement", "bonification": True})
    {'prochain_echelon': 7, 'date_prochain_echelon': datetime.date(2027, 2, 10)}
    """
    inputs = Inputs(raw)
    event = inputs.need("event")
    try:
        if event not in COMPUTED:
            raise DomainError("event_not_built", event=event)
        return COMPUTED[event](inputs)
    except DomainError as error:
        refusal = refusal_of(error)
        return {"refusal": {"code": refusal.code, "message": refusal.message}}


def _grade(inputs: Inputs) -> str:
    """The grade given, or the only one of the corps."""
    corps = load_grids().find_corps(inputs.need("corps"))
    if not corps.has_grid:
        raise UnknownFigure("corps_without_grid", corps=corps.code)
    given: str | None = inputs.get("grade")
    if given is None and len(corps.grades) == 1:
        given = next(iter(corps.grades))
    if given is None:
        raise DomainError("missing_input", key="grade")
    return given


def _step(inputs: Inputs, on: dt.date) -> CareerStepFact:
    """The place on the grid, held since `on`. A hors-échelle échelon without chevron is read at its first one."""
    corps, grade, echelon, chevron = inputs.need("corps"), _grade(inputs), inputs.need("echelon"), inputs.get("chevron")
    grids = load_grids()
    if chevron is None and grids.rule(corps, grade, echelon, on).value.hors_echelle:
        chevron = 1
    kept_days = (inputs.get("anciennete_mois") or 0) * DAYS_PER_MONTH
    step = CareerStepFact(corps, grade, echelon, on, chevron, kept_days)
    if chevron is not None:
        hors_echelle = grids.rule(corps, grade, echelon, on).value.hors_echelle
        if not hors_echelle or chevron > len(grids.hors_echelle[hors_echelle].at(on).value):
            raise DomainError("chevron_unknown", chevron=chevron, echelon=echelon)
    return step


def _situation(inputs: Inputs) -> tuple[CareerStepFact, dt.date]:
    """The step and the first day counted in the échelon. Of the two entry dates, one can be told from the other.

    Chevrons of an échelon follow one another every year, so the third one is entered two years after the échelon.
    """
    _grade(inputs)  # a corps without grid is refused before any missing date
    months = load_grids().chevron_months * ((inputs.get("chevron") or 1) - 1)
    in_echelon, in_chevron = inputs.get("date_entree_echelon"), inputs.get("date_entree_chevron")
    if in_echelon is None and in_chevron is None:
        in_echelon = inputs.need("date_entree_echelon", "date_event")
    if in_chevron is None:
        in_chevron = add_months(in_echelon, months)
    if in_echelon is None:
        in_echelon = add_months(in_chevron, -months)
    step = _step(inputs, in_chevron if inputs.get("chevron") else in_echelon)
    kept_from = CareerStepFact(
        step.corps, step.grade, step.echelon, in_echelon, kept_days=step.kept_days
    ).seniority_start
    return step, kept_from


def _bonification(inputs: Inputs, echelon: int | None) -> bool:
    """Granted for this échelon. Where the law knows none, `next_step` ignores it."""
    named = {6: "bonification_6e", 8: "bonification_8e"}.get(echelon or 0)
    return bool(inputs.get("bonification") or (named and inputs.get(named)))


def _next_keys(step: CareerStepFact, found: NextStep) -> Result:
    if found.on is None:
        result: Result = {"prochain_echelon": None, "date_prochain_echelon": None, "motif": "dernier_echelon"}
        if step.chevron:
            result |= {"prochain_chevron": None, "date_prochain_chevron": None, "motif": "dernier_chevron"}
        return result
    if found.echelon == step.echelon:
        return {"prochain_chevron": found.chevron, "date_prochain_chevron": found.on}
    return {"prochain_echelon": found.echelon, "date_prochain_echelon": found.on}


def _avancement(inputs: Inputs) -> Result:
    step, start = _situation(inputs)
    return _next_keys(step, next_step(step, start, bonification=_bonification(inputs, step.echelon)))


def _reclassement_initial(inputs: Inputs) -> Result:
    """Places `anciennete_mois` from the échelon given (the first one by default), then looks ahead."""
    on = inputs.need("date_event", "date_entree_echelon")
    corps, grade, echelon = inputs.need("corps"), _grade(inputs), inputs.get("echelon") or 1
    months = inputs.need("anciennete_mois")
    grids = load_grids()
    while True:
        rule = grids.rule(corps, grade, echelon, on).value
        if not rule.months_known:
            raise UnknownFigure("duration_unpublished", corps=corps, grade=grade, echelon=echelon)
        if rule.months is None or months < rule.months:
            break
        echelon, months = echelon + 1, months - rule.months
    step = CareerStepFact(corps, grade, echelon, on, 1 if rule.hors_echelle else None, months * DAYS_PER_MONTH)
    found = next_step(step, step.seniority_start, bonification=_bonification(inputs, echelon))
    return {"echelon": echelon, "anciennete_conservee_mois": months} | _next_keys(step, found)


def _traitement(inputs: Inputs) -> Result:
    _grade(inputs)
    on = inputs.need("date_event", "date_observation")
    return _pay(inputs, _step(inputs, on), on)


def _pay(inputs: Inputs, step: CareerStepFact, on: dt.date) -> Result:
    if inputs.get("quotite") is not None and inputs.get("quotite") not in FULL_TIME:
        raise DomainError("part_time_pay")
    return {
        "indice_majore": indice_majore_node(step, on).value,
        "traitement_brut_mensuel": monthly_gross_node(step, on).value,
    }


def _passage_echelon(inputs: Inputs) -> Result:
    """Pay after the passage on `date_event` (or on the day the law gives), and the gain on that same day."""
    step, start = _situation(inputs)
    found = next_step(step, start, bonification=_bonification(inputs, step.echelon))
    after = arrival(step, found)
    on = inputs.get("date_event") or after.effective_on
    old, new = _pay(inputs, step, on), _pay(inputs, after, on)
    return {
        "echelon": after.echelon,
        "chevron": after.chevron,
        "date_passage": on,
        **new,
        "gain_indice": new["indice_majore"] - old["indice_majore"],
        "gain_mensuel": new["traitement_brut_mensuel"] - old["traitement_brut_mensuel"],
    }


def _bareme_hors_classe(inputs: Inputs) -> Result:
    year = inputs.get("annee")
    on = inputs.get("date_observation", "date_event") or (
        dt.date(year, 8, 31) if year else inputs.need("date_observation")
    )
    node = bareme_node(
        corps=inputs.need("corps"),
        grade=_grade(inputs),
        echelon=inputs.need("echelon"),
        echelon_start=inputs.need("date_entree_echelon"),
        appreciation=inputs.need("appreciation"),
        on=on,
    )
    appreciation, seniority = node.children
    return {"points_appreciation": appreciation.value, "points_anciennete": seniority.value, "bareme": node.value}


COMPUTED: Mapping[str, Callable[[Inputs], Result]] = {
    "avancement": _avancement,
    "reclassement_initial": _reclassement_initial,
    "traitement": _traitement,
    "passage_echelon": _passage_echelon,
    "bareme_hors_classe": _bareme_hors_classe,
}
