"""The engine of rule cases: a dict in, a dict out. Screens call the same rules, so a case and a screen agree."""

import datetime as dt
from collections.abc import Callable, Mapping

from career.domain import case_change_of_corps, case_pay, case_projection, case_promotion
from career.domain.advancement import next_step
from career.domain.bareme_hors_classe import bareme_node
from career.domain.case_inputs import Inputs
from career.domain.case_places import (
    DAYS_PER_MONTH,
    Result,
    bonification_of,
    grade_of,
    next_keys,
    observation_of,
    situation_of,
    step_of,
)
from career.domain.case_values import CaseFormatError, impossible
from career.domain.change_of_corps_law import load_change_law
from career.domain.grids import load_grids
from career.domain.progress import following
from career.domain.promotion_conditions import load_access
from career.domain.refusals import refusal_of
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError, UnknownFigure
from iprof.kernel.periods import add_months

__all__ = ["CaseFormatError", "compute"]


def compute(raw: object) -> Result:
    """The computed result of one case, from its `inputs`; a figure without rule gives `refusal: {code, message}`.

    Values are int, str, Decimal, date or None. Raises CaseFormatError for a key, type or value outside the format.
    >>> compute({"corps": "certifies", "grade": "classe_normale", "echelon": 6, "date_entree_echelon": "2025-02-10",
    ...          "event": "avancement", "bonification": True})
    {'prochain_echelon': 7, 'date_prochain_echelon': datetime.date(2027, 2, 10)}
    """
    try:
        inputs = Inputs(raw)
        return COMPUTED[inputs.need("event")](inputs)
    except DomainError as error:
        refusal = refusal_of(error)
        return {"refusal": {"code": refusal.code, "message": refusal.message}}


def _avancement(inputs: Inputs) -> Result:
    step, start = situation_of(inputs)
    return next_keys(step, next_step(step, start, bonification=bonification_of(inputs, step.echelon)))


def _reclassement_initial(inputs: Inputs) -> Result:
    """Places `anciennete_mois` from the échelon given (the first one by default), then looks ahead."""
    on = inputs.need("date_event", "date_entree_echelon")
    corps, grade, echelon = (
        inputs.need("corps"),
        grade_of(inputs, load_change_law().entry_grade),
        inputs.get("echelon") or 1,
    )
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
    found = next_step(step, step.seniority_start, bonification=bonification_of(inputs, echelon))
    return {"echelon": echelon, "anciennete_conservee_mois": months} | next_keys(step, found)


def _traitement(inputs: Inputs) -> Result:
    grade_of(inputs)
    on = inputs.need("date_event", "date_observation")
    return case_pay.pay_keys(inputs, step_of(inputs, on), on)


def _passage_echelon(inputs: Inputs) -> Result:
    """Pay after the passage on `date_event` (or on the day the law gives), and the gain on that same day.

    The passage is to the next échelon or chevron; `vers` may name a further échelon of the grade.
    """
    step, start = situation_of(inputs)
    after = _passed(inputs, Standing(step, start)).step
    on = inputs.get("date_event") or after.effective_on
    old, new = case_pay.pay_keys(inputs, step, on), case_pay.pay_keys(inputs, after, on)
    return {
        "echelon": after.echelon,
        "chevron": after.chevron,
        "date_passage": on,
        **new,
        "gain_indice": new["indice_majore"] - old["indice_majore"],
        "gain_mensuel": new["traitement_brut_mensuel"] - old["traitement_brut_mensuel"],
        **case_pay.attractiveness_keys(inputs, step, after, on),
    }


def _passed(inputs: Inputs, now: Standing) -> Standing:
    held, target = now.step, inputs.get("vers")
    if isinstance(target, dt.date):
        raise impossible("vers", target, "l'échelon atteint")
    while now.step is held or (target is not None and now.step.echelon != target):
        reached = following(now, bonification=bonification_of(inputs, now.step.echelon))
        if reached is None:
            raise DomainError("no_step_follows", corps=held.corps, grade=held.grade, echelon=now.step.echelon)
        now = reached[0]
    return now


def _bareme_hors_classe(inputs: Inputs) -> Result:
    """Of an agent of the classe normale, on `observation_of`. `anciennete_mois` adds to the date, or stands for it."""
    access = load_access()["hors_classe"]
    grade = grade_of(inputs, access.from_grade)
    on: dt.date = observation_of(inputs, access) or inputs.need("date_observation")
    months = inputs.get("anciennete_mois")
    entered = inputs.get("date_entree_echelon") or (on if months is not None else inputs.need("date_entree_echelon"))
    node = bareme_node(
        corps=inputs.need("corps"),
        grade=grade,
        echelon=inputs.need("echelon"),
        echelon_start=add_months(entered, -(months or 0)),
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
    **case_change_of_corps.EVENTS,
    **case_pay.EVENTS,
    **case_projection.EVENTS,
    **case_promotion.EVENTS,
}
