"""Events of rule cases: pay supplements and retirement."""

import datetime as dt
from collections.abc import Callable

from career.domain.attractiveness import attractiveness_change_node
from career.domain.case_inputs import Inputs
from career.domain.case_places import Result, grade_of, step_of
from career.domain.family_supplement import family_supplement_node
from career.domain.part_time import FULL_TIME, gross_node
from career.domain.pay import indice_majore_node
from career.domain.pay_overseas import load_places, majorated_pay_node
from career.domain.retirement import FILES as RETIREMENT_CATEGORIES
from career.domain.retirement import SEDENTARY, rights
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import DomainError, NotInForce, UnknownFigure


def pay_keys(inputs: Inputs, step: CareerStepFact, on: dt.date) -> Result:
    return {
        "indice_majore": indice_majore_node(step, on).value,
        "traitement_brut_mensuel": gross_node(step, on, inputs.get("quotite") or FULL_TIME).value,
    }


def attractiveness_keys(inputs: Inputs, before: CareerStepFact, after: CareerStepFact, on: dt.date) -> Result:
    """What the passage changes in the yearly prime; left out when no text at hand gives it, part time included."""
    if (inputs.get("quotite") or FULL_TIME) != FULL_TIME:
        return {}
    try:
        return {"variation_prime_attractivite_annuelle": attractiveness_change_node(before, after, on).value}
    except (NotInForce, UnknownFigure):
        return {}


def _place_and_day(inputs: Inputs) -> tuple[CareerStepFact, dt.date]:
    grade_of(inputs)  # a corps without grid is refused before any missing date
    on = inputs.need("date_event", "date_observation")
    return step_of(inputs, on), on


def _traitement_majore(inputs: Inputs) -> Result:
    step, on = _place_and_day(inputs)
    place = load_places()[inputs.need("lieu")]
    node = majorated_pay_node(step, place, on, inputs.get("quotite") or FULL_TIME)
    return pay_keys(inputs, step, on) | {"traitement_majore_mensuel": node.value}


def _sft(inputs: Inputs) -> Result:
    step, on = _place_and_day(inputs)
    node = family_supplement_node(step, inputs.need("nombre_enfants"), on, inputs.get("quotite") or FULL_TIME)
    return {"indice_majore": indice_majore_node(step, on).value, "sft_mensuel": node.value}


def _retraite(inputs: Inputs) -> Result:
    """`date_event` is the day the pension takes effect; without it, the day the rights open chooses the law.

    A career in the active category must be told: the corps of instituteurs alone does not prove enough active service.
    """
    category = inputs.get("categorie")
    if category is None:
        category = SEDENTARY if inputs.get("corps") != "instituteurs" else inputs.need("categorie")
    if category not in RETIREMENT_CATEGORIES:
        raise DomainError("category_unknown", category=category)
    found = rights(inputs.need("date_naissance"), category, inputs.get("date_event", "date_observation"))
    years, months = found.cohort.age
    return {
        "age_ouverture": {"ans": years, "mois": months},
        "date_ouverture_droits": found.opens_on,
        "trimestres_taux_plein": found.cohort.quarters,
    }


EVENTS: dict[str, Callable[[Inputs], Result]] = {
    "traitement_majore": _traitement_majore,
    "sft": _sft,
    "retraite": _retraite,
}
