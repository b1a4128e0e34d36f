"""French wording of the codes the career rules and services raise: what, why, what next."""

import datetime as dt

from career.enums import FactKind
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_date

FACT_NAMES: dict[str, str] = {  # one fact; the labels of FactKind name the whole kind
    FactKind.STEP: "Échelon",
    FactKind.ASSIGNMENT: "Affectation",
    FactKind.EVALUATION: "Évaluation",
    FactKind.DIPLOMA: "Diplôme",
    FactKind.TRAINING: "Formation",
    FactKind.SERVICE: "Service",
    FactKind.ARRETE: "Arrêté",
    FactKind.FAMILY: "Situation familiale",
    FactKind.IDENTITY: "Identité et coordonnées",
}

WORDINGS = {
    "corps_unknown": "Le corps transmis ({corps}) n'est pas connu du portail. Signalez-le : rien n'est calculé en attendant.",
    "corps_without_grid": "Aucune grille nationale ne s'applique : votre rémunération et son évolution sont fixées par votre contrat.",
    "grade_unknown": "Le grade transmis ({grade}) n'existe pas dans ce corps. Signalez-le : rien n'est calculé en attendant.",
    "echelon_unknown": "L'échelon transmis n'existe pas dans ce grade à cette date. Signalez-le : rien n'est calculé en attendant.",
    "chevron_unknown": "Le chevron transmis n'existe pas à cet échelon. Signalez-le : rien n'est calculé en attendant.",
    "index_unpublished": "Les textes dont dispose le portail ne donnent pas l'indice de cet échelon.",
    "duration_unpublished": "Les textes dont dispose le portail ne donnent pas la durée de cet échelon.",
    "not_in_force_yet": "Les textes dont dispose le portail commencent le {first_day} : rien n'est calculé avant cette date.",
    "no_longer_in_force": "Le texte ne s'applique plus depuis le {closed_on} : aucune valeur n'est publiée pour la suite.",
    "no_step": "Aucun échelon n'a encore été transmis pour votre dossier.",
    "correction_already_open": "Une demande est déjà en cours sur ce point. Suivez-la dans « Mes demandes » : elle recevra une réponse.",
    "correction_settled": "Cette demande a déjà reçu une réponse : elle ne peut plus changer.",
    "correction_not_owner": "Seule la personne concernée peut signaler une erreur dans son dossier.",
    "correction_own": "Vous ne pouvez pas traiter votre propre demande : confiez-la à un collègue.",
    "correction_answer_empty": "La réponse est vide. Écrivez ce qui a été décidé et pourquoi.",
}
FALLBACK = "Cette valeur ne peut pas être calculée avec les données transmises."


def explain_error(error: DomainError) -> str:
    """The sentence of a domain error; dates are written in French."""
    params = {name: french_date(value) if isinstance(value, dt.date) else value for name, value in error.params.items()}
    return WORDINGS.get(error.code, FALLBACK).format(**params)
