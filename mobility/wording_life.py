"""French wording of what the life of a request refuses: what, why, what next."""

from iprof.kernel.errors import DomainError

WORDINGS = {
    "contest_closed": "Le barème ne peut pas être contesté aujourd'hui : la période de contestation n'est pas ouverte. Écrivez à votre gestionnaire si une erreur demeure.",
    "contest_overtaken": "Une version plus récente de votre barème existe. Relisez-la : contestez la ligne depuis cette version.",
    "contest_already_open": "Une contestation est déjà en cours sur cette ligne. Suivez-la : elle recevra une réponse.",
    "contest_not_owner": "Seule la personne concernée peut contester son barème.",
    "contest_own": "Vous ne pouvez pas répondre à votre propre contestation : confiez-la à un collègue.",
    "contest_answered": "Cette contestation a déjà reçu une réponse : elle ne peut plus changer.",
    "contest_no_reason": "Le motif est vide : sans lui, l'agent ne comprend pas la réponse. Écrivez-le.",
    "contest_no_points": "Les points retenus manquent. Indiquez-les, ou refusez la contestation.",
    "late_closed": "Une modification tardive n'est plus recevable, ou pas encore : elle se demande après la clôture de la saisie, jusqu'à la date de la campagne.",
    "late_event_unknown": "Ce motif n'est pas de ceux que les textes admettent. Choisissez-en un dans la liste.",
    "late_already_open": "Une modification tardive est déjà en cours d'examen. Suivez-la : elle recevra une réponse.",
    "late_no_proof": "Aucune pièce n'est jointe : le motif doit être prouvé. Joignez au moins un document.",
    "late_nothing": "Rien ne change : ni vos vœux, ni votre situation. Indiquez ce que vous demandez de changer.",
    "late_not_owner": "Seule la personne concernée peut demander une modification.",
    "late_own": "Vous ne pouvez pas répondre à votre propre demande : confiez-la à un collègue.",
    "late_answered": "Cette demande a déjà reçu une réponse : elle ne peut plus changer.",
    "late_no_reason": "Le motif est vide : sans lui, l'agent ne comprend pas la réponse. Écrivez-le.",
    "withdraw_closed": "Votre demande ne peut plus être retirée sur le portail : la date d'annulation de la campagne est passée ou n'est pas publiée. Écrivez à votre gestionnaire.",
    "withdraw_not_owner": "Seule la personne concernée peut retirer sa demande.",
    "request_transition": "Ce n'est pas possible dans l'état actuel de la demande. Rechargez la page pour voir où elle en est.",
}


def explain(error: DomainError) -> str:
    """The sentence of a code; one not foreseen is a fault of ours and stays visible as such."""
    return WORDINGS[error.code]
