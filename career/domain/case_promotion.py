"""The events of rule cases about promotions of grade."""

import datetime as dt
from collections.abc import Callable

from career.domain.case_inputs import SPECIAL, Inputs
from career.domain.case_places import DAYS_PER_MONTH, Result, bonification_of, grade_of, observation_of, standing_of
from career.domain.grids import load_grids
from career.domain.linearisation_2023 import (
    Linearised,
    check_concerned,
    linearise,
    linearise_special,
    load_linearisation,
)
from career.domain.liste_aptitude import Candidate, aptitude, load_liste_aptitude
from career.domain.part_time import FULL_TIME, gross_node
from career.domain.progress import advanced
from career.domain.promotion_conditions import load_access
from career.domain.promotion_eligibility import Agent, Answer, check_promotable, eligibility
from career.domain.promotion_nodes import reclassement_node
from career.domain.promotion_reclassement import reclassify
from career.domain.snapshot import CareerStepFact, Standing
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import add_months


def _bonified(inputs: Inputs) -> Callable[[int], bool]:
    return lambda echelon: bonification_of(inputs, echelon)


def _promotion(to_grade: str) -> Callable[[Inputs], Result]:
    def compute(inputs: Inputs) -> Result:
        """The place, pay and next passage of an agent promoted on `date_event`, or on the day of effect of the board."""
        access, year = load_access()[to_grade], inputs.get("annee")
        grade_of(inputs, access.from_grade)
        quotite = inputs.get("quotite") or FULL_TIME
        observed_on = inputs.get("date_observation") or (access.observation_day(year) if year else None)
        effect = access.effect_day(observed_on) if observed_on else None
        on: dt.date = inputs.get("date_event") or effect or inputs.need("date_event")
        now = advanced(standing_of(inputs, on, access.from_grade), on, _bonified(inputs))
        check_promotable(now.step, to_grade, on)
        found = reclassify(now.step, to_grade, on)
        gain, _, _ = reclassement_node(found, quotite).children
        result: Result = {
            "grade": to_grade,
            "echelon": found.after.echelon,
            "chevron": found.after.chevron,
            "indice_majore": found.index_after.value,
            "anciennete_conservee_mois": found.kept[0] if found.kept else None,
            "traitement_brut_mensuel": gross_node(found.after, on, quotite).value,
            "gain_mensuel": gain.value,
            "date_prochain_chevron" if found.next_chevron else "date_prochain_echelon": found.next_on,
        }
        if found.kept is None:
            result["motif"] = "anciennete_non_verifiee"
        elif not found.next_known:
            result["motif"] = "duree_non_publiee"
        return result

    return compute


def _eligibility(to_grade: str) -> Callable[[Inputs], Result]:
    def compute(inputs: Inputs) -> Result:
        """Observed on `observation_of`; without a day, only the first year is told."""
        access = load_access()[to_grade]
        grade_of(inputs, access.from_grade)
        on = observation_of(inputs, access)
        agent = Agent(
            _standing_before(inputs, on, access.from_grade),
            inputs.get("fonctions_particulieres_ans"),
            bool(inputs.get("conge_parental")),
            _bonified(inputs),
        )
        found: Answer = eligibility(agent, to_grade, on)
        return {"eligible": found.eligible, "premiere_annee": found.first_year, "motif": found.motif}

    return compute


def _standing_before(inputs: Inputs, on: dt.date | None, implied: str) -> Standing:
    """The standing told, on its own entry date; one entered after the observation is still told, for the first year."""
    entered = inputs.get("date_entree_chevron", "date_entree_echelon")
    if entered is None and on is None:
        raise DomainError("missing_input", key="date_entree_echelon")
    days = [day for day in (entered, on) if day is not None]
    first_day = load_grids().find_grade(inputs.need("corps"), grade_of(inputs, implied)).structure.first_day
    return standing_of(inputs, max([*days, first_day]), implied)


def _liste_aptitude(inputs: Inputs) -> Result:
    on = inputs.get("date_observation", "date_event")
    year = inputs.get("annee") or (on.year if on else inputs.need("annee"))
    rules = load_liste_aptitude()
    asked = rules.values.at(rules.appreciation_day(year)).value
    corps = inputs.need("corps")
    if corps not in asked.corps:
        return {"eligible": False, "premiere_annee": None, "motif": "corps_non_concerne"}
    found = aptitude(
        Candidate(
            corps,
            inputs.need("date_naissance"),
            inputs.need("services_effectifs_ans"),
            inputs.need("dans_le_corps_ans"),
        ),
        year,
    )
    return {"eligible": found.eligible, "premiere_annee": found.first_year, "motif": found.motif}


def _linearisation(inputs: Inputs) -> Result:
    """The place on the first day of the text; the échelon spécial is written `special`, or as the 5th échelon. The grade may be left out."""
    rules = load_linearisation()
    corps, echelon = inputs.need("corps"), inputs.need("echelon")
    grade = inputs.get("grade") or rules.grade
    check_concerned(corps, grade)
    if echelon in (SPECIAL, rules.to_echelon):
        found = _from_special(inputs, corps, grade)
    else:
        found = linearise(_before_the_text(inputs, corps, grade, echelon))
    return {
        "grade": grade,
        "echelon": found.after.echelon,
        "chevron": found.after.chevron,
        "indice_majore": found.index.value,
        "date_effet": rules.since,
        "date_chevron_2": found.second_chevron_on,
        "indice_majore_chevron_2": found.second_chevron_index,
    } | ({"date_prochain_echelon": found.fifth_on} if found.fifth_on else {})


def _from_special(inputs: Inputs, corps: str, grade: str) -> Linearised:
    """`anciennete_mois` without date is held on the first day of the text."""
    rules, year = load_linearisation(), load_grids().chevron_months
    in_echelon, in_chevron = inputs.get("date_entree_echelon"), inputs.get("date_entree_chevron")
    chevron = inputs.get("chevron") or 1
    if in_chevron is None and in_echelon is not None:
        in_chevron = add_months(in_echelon, year * (chevron - 1))
    if in_chevron is None:
        in_chevron = add_months(rules.since, -inputs.need("anciennete_mois", "date_entree_echelon"))
    return linearise_special(corps, grade, chevron, in_chevron)


def _before_the_text(inputs: Inputs, corps: str, grade: str, echelon: int) -> Standing:
    if inputs.get("chevron"):
        raise DomainError("chevron_unknown", chevron=inputs.get("chevron"), echelon=echelon)
    entered = inputs.get("date_entree_echelon")
    months = inputs.get("anciennete_mois") or 0
    if entered is None:
        inputs.need("anciennete_mois", "date_entree_echelon")
        entered = load_linearisation().since
    step = CareerStepFact(corps, grade, echelon, entered, kept_days=months * DAYS_PER_MONTH)
    return Standing(step, step.seniority_start)


EVENTS: dict[str, Callable[[Inputs], Result]] = {
    "promotion_hors_classe": _promotion("hors_classe"),
    "promotion_classe_exceptionnelle": _promotion("classe_exceptionnelle"),
    "linearisation_2023": _linearisation,
    "eligibilite_hors_classe": _eligibility("hors_classe"),
    "eligibilite_classe_exceptionnelle": _eligibility("classe_exceptionnelle"),
    "liste_aptitude_agreges": _liste_aptitude,
}
