"""French wording of the codes the career rules and services raise: what, why, what next."""

import datetime as dt

from career.domain.refusals import WORDING, refusal_of
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
    "scenario_name_taken": "Vous avez déjà un scénario de ce nom. Donnez-lui un autre nom.",
    "scenario_too_many": "Vous avez déjà {most} scénarios enregistrés. Supprimez-en un pour en garder un autre.",
    "correction_already_open": "Une demande est déjà en cours sur ce point. Suivez-la dans « Mes demandes » : elle recevra une réponse.",
    "correction_settled": "Cette demande a déjà reçu une réponse : elle ne peut plus changer.",
    "correction_not_owner": "Seule la personne concernée peut signaler une erreur dans son dossier.",
    "correction_own": "Vous ne pouvez pas traiter votre propre demande : confiez-la à un collègue.",
    "cv_moment_unreadable": "Cette date n'est pas comprise. Écrivez le mois et l'année (09/2012), ou l'année seule (2012).",
    "cv_title_missing": "L'intitulé est vide : sans lui, l'entrée ne dit rien. Remplissez-le.",
    "cv_text_missing": "Le texte est vide. Écrivez votre présentation.",
    "cv_level_missing": "Le niveau n'est pas choisi : sans lui, la langue ne dit rien. Choisissez-en un dans la liste.",
    "cv_start_missing": "La date de début est vide : une expérience se situe dans le temps. Indiquez un mois ou une année.",
    "cv_start_in_the_future": "Cette date n'est pas encore venue : le CV dit ce qui est fait. Corrigez-la, ou attendez pour l'ajouter.",
    "cv_end_in_the_future": "Cette date n'est pas encore venue. Laissez la fin vide tant que cela se poursuit.",
    "cv_end_without_start": "La fin est donnée sans le début. Indiquez aussi quand cela a commencé.",
    "cv_end_before_start": "La fin précède le début. Corrigez l'une des deux dates.",
    "cv_section_unknown": "Cette rubrique n'existe pas. Revenez à votre CV et choisissez-en une.",
    "cv_section_full": "Cette rubrique est pleine : rien n'est ajouté. Supprimez ou modifiez une entrée existante.",
    "cv_fact_unknown": "Cet élément n'est plus dans votre dossier : il n'y a rien à afficher ni à masquer.",
    "cv_entry_gone": "Cette entrée n'existe plus dans votre CV.",
    "cv_entry_changed": "Cette entrée a été modifiée dans une autre fenêtre depuis que vous l'avez ouverte. Comparez avant d'enregistrer.",
    "correction_answer_empty": "La réponse est vide. Écrivez ce qui a été décidé et pourquoi.",
    "appraisal_already_open": "Cette demande est déjà déposée. Suivez-la dans « Rendez-vous de carrière » : elle recevra une réponse.",
    "appraisal_settled": "Cette demande a déjà reçu une réponse : elle ne peut plus changer.",
    "appraisal_not_owner": "Seule la personne concernée peut déposer cette demande.",
    "appraisal_own": "Vous ne pouvez pas traiter votre propre demande : confiez-la à un collègue.",
    "appraisal_left": "Vous n'êtes plus affecté dans l'académie : adressez-vous à votre nouvelle académie.",
    "appraisal_answer_empty": "La réponse est vide. Écrivez ce qui a été décidé et pourquoi.",
    "appraisal_kept": "Des observations ne se refusent pas : elles sont jointes au compte rendu.",
    "appraisal_not_yet": "Cette date est à venir. Indiquez le jour où vous avez reçu la notification, au plus tard le {on}.",
    "appraisal_before_held": "Cette date précède le rendez-vous du {held_on}. Indiquez le jour où vous avez reçu la notification.",
    "appraisal_too_late": "Le délai est passé : {rule} Adressez-vous à votre gestionnaire.",
}
FALLBACK = "Cette valeur ne peut pas être calculée avec les données transmises."


def explain_error(error: DomainError) -> str:
    """The sentence of a domain error for the person concerned, or that of the rule; dates are written in French."""
    sentence = WORDINGS.get(error.code)
    if sentence is None:
        return refusal_of(error).message if error.code in WORDING else FALLBACK
    params = {name: french_date(value) if isinstance(value, dt.date) else value for name, value in error.params.items()}
    return sentence.format(**params)
