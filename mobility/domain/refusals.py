"""The refusals of the rules in words: what, why, what to do. The codes are those of the case files."""

from mobility.domain.results import FAMILY, PIECE, REQUEST, Refusal

MESSAGES: dict[str, tuple[str, str]] = {
    "confirmation_absente": (REQUEST, "La confirmation n'a pas été déposée dans les délais : la demande est annulée. Confirmez-la avant la date de la campagne."),
    "trop_de_voeux": (REQUEST, "La demande compte {count} vœux, le maximum est {most} : retirez-en."),
    "voeu_en_double": (REQUEST, "« {place} » est demandé deux fois : un même lieu ne compte qu'une fois, retirez le second."),
    "hors_mouvement_inter": (REQUEST, "« {place} » ne fait pas partie de ce mouvement : sa procédure est à part. Retirez ce vœu et voyez les dispositifs spécifiques."),
    "academie_reunie": (REQUEST, "« {place} » n'est plus une académie : elle fait partie de l'académie « {merged} » depuis 2020. Demandez celle-ci."),
    "lieu_inconnu": (REQUEST, "« {place} » n'est pas un lieu de ce mouvement : choisissez-le dans la liste."),
    "listes_differentes": (REQUEST, "Une mutation simultanée suppose les mêmes vœux, dans le même ordre, chez les deux candidats : accordez vos listes."),
    "statuts_incompatibles": (REQUEST, "Une mutation simultanée réunit deux titulaires ou deux stagiaires ; un titulaire et un stagiaire seulement si ce dernier était titulaire d'un corps enseignant, d'éducation ou de psychologue. Faites deux demandes séparées."),
    "strategies_familiales_multiples": (FAMILY, "Une seule situation familiale est prise en compte : gardez le rapprochement de conjoints, l'autorité parentale conjointe ou la mutation simultanée. Aucun point familial n'est compté jusque-là."),
    "rc_voeu1_absent": (FAMILY, "Le premier vœu doit être {place}, où travaille le conjoint (ou l'autre parent) : aucun point familial n'est donné sinon. Placez ce vœu en tête."),
    "lieu_conjoint_inconnu": (FAMILY, "Le lieu d'activité du conjoint (ou de l'autre parent) n'est pas connu : indiquez son code postal."),
    "departement_frontalier_absent": (FAMILY, "Le conjoint travaille à l'étranger : indiquez le département français le plus proche de la frontière."),
    "lien_posterieur_au_31_08": (FAMILY, "L'union du {day} est postérieure au {limit} : elle ne compte pas pour cette session. Si un enfant est reconnu par les deux parents, choisissez ce lien."),
    "lien_sans_enfant": (FAMILY, "Sans mariage ni PACS, le rapprochement de conjoints suppose un enfant reconnu par les deux parents : indiquez sa date de naissance."),
    "pacs_dissous": (FAMILY, "Le PACS est dissous : il n'ouvre plus droit au rapprochement de conjoints. Avec un enfant, voyez l'autorité parentale conjointe."),
    "mariage_dissous": (FAMILY, "Le mariage est dissous : il n'ouvre plus droit au rapprochement de conjoints. Avec un enfant, voyez l'autorité parentale conjointe."),
    "pacs_sans_imposition_commune": (FAMILY, "Depuis la session 2025, le PACS compte avec une imposition commune : joignez l'avis d'imposition commun ou la déclaration du changement de situation."),
    "activite_trop_ancienne": (FAMILY, "La dernière activité du conjoint s'est terminée le {day} : elle doit être postérieure au {limit}. Les points familiaux ne sont pas comptés ; corrigez la date si elle est inexacte."),
    "pays_sans_frontiere_terrestre": (FAMILY, "« {place} » n'a pas de frontière terrestre avec la France : l'activité du conjoint n'y ouvre pas droit. Retirez cette situation, ou indiquez un autre lieu d'activité."),
    "teletravail_non_retenu": (FAMILY, "Le lieu de télétravail n'est pas une résidence professionnelle : indiquez le lieu d'exercice de l'employeur."),
    "residence_privee_non_retenue": (FAMILY, "Dans le premier degré, la résidence privée du conjoint ne compte pas : indiquez son lieu de travail."),
    "reserve_aux_titulaires": (REQUEST, "Le mouvement interdépartemental est réservé aux titulaires : un stagiaire n'y prend pas part."),
    "apc_sans_enfant": (FAMILY, "L'autorité parentale conjointe suppose un enfant de moins de 18 ans au {limit} : indiquez sa date de naissance."),
    "piece_de_plus_de_3_mois": (PIECE, "La pièce « {piece} » du {day} a plus de {months} mois au jour du dépôt : elle est sans effet. Demandez-en une nouvelle."),
    "piece_manquante": ("", "Il manque la pièce qui appuie « {label} » : ces points ne sont pas comptés tant qu'elle n'est pas jointe. Le reste de la demande n'est pas touché."),
    "reconnaissance_hors_delai": ("", "La naissance attendue le {day} doit être reconnue au plus tard le {limit} : l'enfant ne compte pas. Si elle l'a été, indiquez-en la date."),
    "rqth_non_notifiee": ("", "La reconnaissance de la qualité de travailleur handicapé n'est pas notifiée : la demande déposée ne suffit pas, joignez la notification."),
}  # fmt: skip


def refusal(code: str, scope: str = "", **params: object) -> Refusal:
    """The refusal of a code, its sentence filled; `scope` where the code has none of its own."""
    own, message = MESSAGES[code]
    return Refusal(code, scope or own, message.format(**params))
