"""French sentences of the refusals of `services.threads`: what, why, what next."""

from iprof.kernel.errors import DomainError

FILE_GONE = (
    "Un fichier déjà reçu n'est plus là : parti avec un autre message, ou effacé, car il n'est gardé que "
    "24 heures, et six au plus. Rien n'est envoyé. Joignez-le de nouveau s'il le faut, puis renvoyez."
)
OWNER = {
    "thread_file_gone": FILE_GONE,
    "thread_moved": "Une réponse est arrivée pendant que vous écriviez : votre message n'est pas parti. Lisez-la ci-dessus, puis "
    "envoyez de nouveau si besoin.",
    "thread_too_old": "Cet échange est clos depuis plus de {days} jours : il ne se rouvre plus. Ouvrez-en un nouveau, votre texte est "
    "gardé ci-dessous pour être copié.",
    "thread_too_many": "Vous avez déjà envoyé {limit} messages en vingt-quatre heures, le plus qu'une personne peut en envoyer. "
    "Réessayez demain ; si c'est urgent, téléphonez.",
    "thread_closed": "Cet échange est déjà clos. Pour le rouvrir, envoyez un nouveau message.",
}
STAFF = {
    "thread_file_gone": FILE_GONE,
    "thread_own": "C'est votre propre échange : un collègue doit s'en charger.",
    "thread_taken": "Un collègue suit déjà cet échange. Rechargez la page : son nom y figure.",
    "thread_moved": "Un message est arrivé depuis l'affichage de cette page : rien n'est envoyé. Lisez-le ci-dessous, puis répondez.",
    "thread_closed": "Cet échange est clos : seule la personne qui l'a ouvert peut le rouvrir.",
    "thread_answered": "Cet échange a déjà sa réponse : il n'y a plus rien à prendre en charge.",
    "thread_unanswered": "Personne n'a encore répondu : répondez avant de clore.",
    "thread_note_empty": "La note est vide. Écrivez ce que vos collègues doivent savoir.",
    "thread_colleague": "Cette personne ne suit pas cet agent. Choisissez un collègue de la liste.",
    "thread_template": "Ce modèle n'existe plus. Choisissez-en un autre.",
}


def refusal_status(error: DomainError) -> int:
    """Of the page that comes back: asked too often, or what it was written on has moved."""
    return 429 if error.code == "thread_too_many" else 409


def explain_owner(error: DomainError) -> str:
    return OWNER[error.code].format(**error.params)


def explain_staff(error: DomainError) -> str:
    return STAFF[error.code]
