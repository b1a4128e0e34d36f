"""The French wording of what the rules refuse, shared by the screens and the rule cases."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from career.domain.pay import french_date, ordinal
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Input, Node


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a figure is not given: a stable code and a sentence for the reader."""

    code: str
    message: str


# code of the domain error: (code of the refusal, sentence filled with the parameters of the error)
WORDING: Mapping[str, tuple[str, str]] = {
    "not_in_force_yet": (
        "pas_encore_en_vigueur",
        "Aucune règle connue ne s'applique le {on}. La première date connue est le {first_day}.",
    ),
    "no_longer_in_force": (
        "plus_en_vigueur",
        "La règle n'est plus en vigueur le {on} : elle a pris fin le {closed_on}.",
    ),
    "corps_without_grid": (
        "grille_absente",
        "Ce corps n'a pas de grille nationale : ni indice ni échelon ne peuvent être calculés. "
        "La rémunération est fixée par le contrat et réexaminée au moins tous les trois ans.",
    ),
    "index_unpublished": (
        "indice_non_publie",
        "Indice majoré non publié pour le {echelon} échelon dans les textes consultés.",
    ),
    "duration_unpublished": (
        "duree_non_publiee",
        "Durée non publiée pour le {echelon} échelon dans les textes consultés.",
    ),
    "corps_unknown": ("corps_inconnu", "Le corps « {corps} » n'est pas au registre. Vérifiez le code du corps."),
    "grade_unknown": ("grade_inexistant", "Le grade « {grade} » n'existe pas dans ce corps. Vérifiez le grade."),
    "echelon_unknown": (
        "echelon_inexistant",
        "Le {echelon} échelon n'existe pas dans ce grade à cette date. Vérifiez l'échelon.",
    ),
    "chevron_unknown": ("chevron_inexistant", "Ce chevron n'existe pas dans cet échelon. Vérifiez le chevron."),
    "kept_unverified": (
        "anciennete_non_verifiee",
        "L'ancienneté conservée à cette promotion n'a pas pu être vérifiée : la suite n'est pas calculée.",
    ),
    "no_step_follows": ("dernier_echelon", "Aucun avancement automatique ne suit cette situation."),
    "no_bareme": ("bareme_absent", "Ce corps n'a pas de barème d'accès à la hors-classe dans les textes consultés."),
    "bareme_grade": ("bareme_hors_grade", "Le barème de la hors-classe ne concerne que la classe normale."),
    "bareme_out_of_range": (
        "hors_plage_appel",
        "Le barème ne donne pas de points pour {years} dans le {echelon} échelon : "
        "il commence à deux ans dans le 9e échelon.",
    ),
    "entered_later": ("entree_posterieure", "L'entrée dans l'échelon est postérieure à la date d'observation ({on})."),
    "same_corps": ("meme_corps", "Le corps d'accueil est le corps d'origine : il n'y a pas de changement de corps."),
    "coefficient_unpublished": (
        "coefficient_non_publie",
        "Corps « {corps} » : aucun coefficient caractéristique (décret n° 51-1423, article 9) dans les textes consultés.",
    ),
    "biadmissible_unpublished": (
        "biadmissible_sans_coefficient",
        "Corps « {corps} » : aucun coefficient de biadmissible à l'agrégation dans les textes consultés.",
    ),
    "annexe_hors_classe": (
        "annexe_hors_classe_absente",
        "L'ancienneté d'un agent de la hors-classe est fixée par l'annexe I du décret n° 51-1423, absente des textes "
        "consultés : aucun classement n'est donné. Demandez-le à votre service de gestion.",
    ),
    "annexe_classe_exceptionnelle": (
        "annexe_classe_exceptionnelle_contredite",
        "L'ancienneté d'un agent de la classe exceptionnelle est fixée par l'annexe I du décret n° 51-1423, dont les "
        "lectures publiées se contredisent : aucun classement n'est donné. Demandez-le à votre service de gestion.",
    ),
    "chaires_only_from": (
        "acces_aux_chaires_superieures",
        "Le classement dans le corps des chaires supérieures n'est connu que pour un professeur agrégé.",
    ),
    "index_above_grid": (
        "indice_superieur_a_la_grille",
        "L'indice détenu ({held}) dépasse tous ceux du corps d'accueil : aucun échelon n'est donné.",
    ),
    "entered_after_appointment": (
        "entree_apres_nomination",
        "L'entrée dans l'échelon ({entered}) est postérieure à la nomination ({on}). Vérifiez les deux dates.",
    ),
    "seniority_beyond_echelon": (
        "anciennete_superieure_a_l_echelon",
        "L'ancienneté dans le {echelon} échelon dépasse sa durée ({months} mois) : l'avancement l'a fait quitter. "
        "Vérifiez l'échelon et sa date.",
    ),
    "status_unknown": (
        "statut_anterieur_inconnu",
        "Le statut antérieur « {status} » n'a pas de règle de reprise connue. Statuts connus : {known}.",
    ),
    "services_by_index": (
        "classement_par_indice",
        "Un fonctionnaire de catégorie A non enseignant est classé à l'indice égal ou immédiatement supérieur à celui "
        "qu'il détenait : la durée des services ne suffit pas, aucun échelon n'est donné.",
    ),
    "services_unpublished": (
        "reprise_non_publiee",
        "Corps « {corps} » : aucune fraction de reprise des services dans les textes consultés.",
    ),
    "services_overlap": (
        "periodes_qui_se_chevauchent",
        "Deux périodes de services se chevauchent à partir du {first} : un jour ne compte qu'une fois.",
    ),
    "service_after_appointment": (
        "services_posterieurs",
        "Une période de services finit le {last}, le jour de la nomination ({on}) ou après. Corrigez sa fin.",
    ),
    "quotite_impossible": (
        "quotite_impossible",
        "Une quotité s'écrit de 0 (exclu) à 1, ou en pourcentage jusqu'à 100 : « {quotite} » ne convient pas.",
    ),
    "entered_after_event": (
        "entree_apres_evenement",
        "L'entrée dans l'échelon ou le chevron est postérieure à l'événement ({on}). Vérifiez les deux dates.",
    ),
    "promotion_corps": ("promotion_absente", "Ce corps n'a pas de promotion vers ce grade dans les textes consultés."),
    "promotion_grade": (
        "promotion_hors_grade",
        "Cette promotion part du grade « {grade} ». Vérifiez le grade de départ.",
    ),
    "promotion_too_early": (
        "conditions_non_remplies",
        "Cette promotion demande {condition} du grade d'origine. Vérifiez l'échelon et les dates.",
    ),
    "no_higher_index": (
        "reclassement_impossible",
        "Aucun échelon du nouveau grade n'a un indice au moins égal à {points} points.",
    ),
    "condition_unpublished": (
        "condition_non_publiee",
        "Une condition de cette promotion n'est pas publiée pour ce corps dans les textes consultés.",
    ),
    "rate_unpublished": (
        "taux_non_publie",
        "Le taux de promotion de la campagne {year} n'est pas publié dans les textes consultés.",
    ),
    "grade_elsewhere": (
        "grade_d_un_autre_corps",
        "Le grade « {grade} » n'existe pas dans le corps choisi ({corps}). Choisissez parmi : {known}.",
    ),
    "entered_in_future": (
        "entree_dans_le_futur",
        "Le {since} n'est pas encore passé : la situation doit déjà exister. Saisissez au plus tard le {on}.",
    ),
    "entered_before_grid": (
        "entree_avant_la_grille",
        "La grille de ce grade commence le {first_day} : aucune situation n'est connue avant. Si l'échelon était déjà "
        "atteint, saisissez le {first_day}.",
    ),
    "echelon_beyond": (
        "echelon_hors_grade",
        "Le grade « {grade} » compte {count} échelons au {on} : le {echelon} n'existe pas. Saisissez un nombre de 1 à {count}.",
    ),
    "appreciation_too_early": (
        "appreciation_sans_rendez_vous",
        "Aucune appréciation ne peut encore avoir été donnée : le {number}e rendez-vous de carrière, au {echelon} échelon, "
        "est dû du {first} au {last}. Choisissez « Non transmise », ou changez la situation.",
    ),
    "appreciation_without_bareme": (
        "appreciation_sans_bareme",
        "L'appréciation ne sert qu'à l'accès à la hors-classe, depuis la classe normale. Choisissez « Non transmise », ou "
        "changez le grade.",
    ),
    "linearisation_out_of_scope": (
        "linearisation_sans_objet",
        "La linéarisation d'août 2023 n'est connue que pour la classe exceptionnelle des certifiés et corps "
        "assimilés, dans la situation tenue à cette date.",
    ),
    "value_impossible": (
        "valeur_impossible",
        "La valeur « {value} » de « {key} » est impossible. Écrivez {known}.",
    ),
    "missing_input": ("donnee_manquante", "Il manque « {key} » pour calculer ce résultat. Ajoutez cette donnée."),
    "part_time_pay": (
        "quotite_non_calculee",
        "La rémunération à {quotite} n'est pas calculée : le texte donne la part payée de 50 % à moins de 80 %, à 80 % et à 90 %.",
    ),
    "family_part_time": (
        "sft_quotite_non_calculee",
        "Le supplément familial à {quotite} n'est pas calculé : les textes consultés ne donnent pas sa réduction à temps partiel.",
    ),
    "direction_unpublished": (
        "reclassement_direction_non_publie",
        "Reclassement dans le corps des personnels de direction non publié pour cette situation ({place}) dans les textes consultés.",
    ),
    "first_hour_partial": (
        "premiere_heure_incomplete",
        "Les textes consultés ne disent pas comment est majorée une première heure supplémentaire incomplète ({hours}).",
    ),
    "overseas_unpublished": (
        "majoration_non_publiee",
        "Majoration de traitement non publiée pour ce lieu ({place}) dans les textes consultés.",
    ),
    "prime_unpublished": (
        "prime_non_publiee",
        "Prime d'attractivité non publiée pour ce corps dans les textes consultés.",
    ),
    "indemnity_unpublished": (
        "indemnite_non_publiee",
        "Montant non publié dans les textes consultés : {label}.",
    ),
    "overtime_unpublished": (
        "heures_supplementaires_non_publiees",
        "Taux des heures supplémentaires non publié pour ce corps dans les textes consultés.",
    ),
    "cohort_unpublished": (
        "generation_non_publiee",
        "Âge d'ouverture des droits non publié pour une naissance le {born_on} dans les textes consultés.",
    ),
    "active_age_unpublished": (
        "age_actif_non_publie",
        "Âge d'ouverture des droits en catégorie active non publié pour une naissance le {born_on} dans les textes consultés.",
    ),
    "category_unknown": (
        "categorie_inconnue",
        "La catégorie « {category} » n'est pas une catégorie de retraite. Écrivez « sedentaire » ou « active ».",
    ),
}


def unknown_node(label: str, error: DomainError, unit: str = "", inputs: tuple[Input, ...] = ()) -> Node:
    """A node without value whose sentence says why. Raises as `refusal_of`."""
    refusal = refusal_of(error)
    return Node(label, None, unit, f"career.unknown.{refusal.code}", "", inputs=inputs, sentence=refusal.message)


def refusal_of(error: DomainError) -> Refusal:
    """The refusal a domain error stands for. An error without wording is a defect: KeyError.

    >>> refusal_of(DomainError("missing_input", key="echelon")).code
    'donnee_manquante'
    """
    code, sentence = WORDING[error.code]
    return Refusal(code, sentence.format_map({name: _worded(name, value) for name, value in error.params.items()}))


def _worded(name: str, value: object) -> str:
    if isinstance(value, dt.date):
        return french_date(value)
    if name == "echelon" and isinstance(value, int):
        return ordinal(value)
    if name == "years" and isinstance(value, int):
        return f"{value} ans" if value > 1 else "un an" if value else "moins d'un an"
    return str(value)
