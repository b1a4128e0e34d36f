"""The events of rule cases that follow décret n° 51-1423: changement_corps and reprise_services."""

from collections.abc import Callable
from decimal import Decimal

from career.domain.case_inputs import Inputs
from career.domain.case_places import DAYS_PER_MONTH, Result, grade_of
from career.domain.change_of_corps import change_of_corps
from career.domain.change_of_corps_law import load_change_law
from career.domain.prior_services import find_status, prior_services
from career.domain.snapshot import CareerStepFact
from iprof.kernel.periods import Duration360


def _changement_corps(inputs: Inputs) -> Result:
    """From the place held on the eve of `date_event`. Without date, `anciennete_mois` is the ancienneté on that eve."""
    grade, corps, target = grade_of(inputs), inputs.need("corps"), inputs.need("corps_cible")
    echelon, on, months = inputs.need("echelon"), inputs.need("date_event"), inputs.get("anciennete_mois")
    entered = inputs.get("date_entree_echelon")
    by_index = target == load_change_law().by_index.at(on).value.to_corps
    if entered is None and months is None and not by_index:
        entered = inputs.need("date_entree_echelon")
    former = CareerStepFact(corps, grade, echelon, entered or on, inputs.get("chevron"), (months or 0) * DAYS_PER_MONTH)
    found = change_of_corps(former, target, on, biadmissible=bool(inputs.get("biadmissible")))
    return {
        "corps": found.step.corps,
        "grade": found.step.grade,
        "echelon": found.step.echelon,
        "reliquat": _reliquat(found.left),
        "jours_theoriques": _days(found.theoretical),
        "jours_retenus": _days(found.retained),
        "indice_majore": found.held_index,
    }


def _reprise_services(inputs: Inputs) -> Result:
    """Into `corps_cible`, or `corps` when it is the only one told, on `date_event`."""
    found = prior_services(
        find_status(inputs.need("statut_anterieur"), inputs.get("categorie")),
        inputs.need("duree_services"),
        inputs.need("corps_cible", "corps"),
        inputs.need("date_event"),
        quotite=Decimal(1) if inputs.get("quotite") is None else inputs.get("quotite"),
    )
    return {
        "jours_retenus": found.retained.days,
        "echelon": found.placement.echelon,
        "reliquat": _reliquat(found.placement.left),
        "duree_totale_mois": found.total.days // DAYS_PER_MONTH,
    }


def _days(length: Duration360 | None) -> int | None:
    return None if length is None else length.days


def _reliquat(length: Duration360 | None) -> Result | None:
    return None if length is None else dict(zip(("ans", "mois", "jours"), length.parts, strict=True))


EVENTS: dict[str, Callable[[Inputs], Result]] = {
    "changement_corps": _changement_corps,
    "reprise_services": _reprise_services,
}
