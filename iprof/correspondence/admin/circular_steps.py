"""The steps of a correspondence, each under its permission, and the sentences of their refusals."""

from typing import Any

from django.core.exceptions import PermissionDenied

from iprof.correspondence.models import Circular
from iprof.correspondence.models.circular_parts import FILES_MAX
from iprof.correspondence.models.circulars import ALONE_UP_TO
from iprof.correspondence.services.circulars import (
    RECALL_MAX,
    approve_circular,
    recall_circular,
    release_circular,
    simulate_circular,
)
from iprof.kernel.errors import DomainError
from iprof.kernel.money import format_number
from security.models import User

SENTENCES = {
    "circular_sent": "Cette correspondance est déjà diffusée : elle ne change plus. Rappelez-la si elle est fausse.",
    "circular_nobody": "Cette audience ne compte personne de votre périmètre. Modifiez les destinataires, puis simulez de nouveau.",
    "circular_deadline_past": "L'échéance est passée. Modifiez-la, puis simulez de nouveau.",
    "circular_too_many_files": f"{FILES_MAX} pièces au plus. Retirez-en, ou rassemblez-les en un seul PDF.",
    "circular_not_simulated": "Cette correspondance n'est pas simulée, ou elle a changé depuis. Simulez-la d'abord.",
    "circular_unknown": "Ces codes ne désignent personne de votre périmètre : {codes} ({more} de plus). Corrigez les destinataires.",
    "circular_moved": "Cette correspondance a été modifiée ou simulée de nouveau depuis que vous avez ouvert cette page. Relisez-la : "
    "rien n'est fait.",
    "circular_own": "Vous avez écrit ou simulé cette correspondance : une autre personne doit la valider.",
    "circular_needs_two": f"Plus de {ALONE_UP_TO} destinataires, ou un résultat : une seconde personne doit valider avant la diffusion.",
    "circular_out_of_reach": "Certains destinataires sont hors de votre habilitation. Demandez à une personne habilitée pour tous.",
    "circular_audience_changed": "L'audience a changé depuis la simulation : {people} alors, {now} maintenant ({gained} en plus, {lost} en moins). "
    "Rien n'est parti. Simulez de nouveau, et relisez.",
    "circular_not_sent": "Cette correspondance n'est pas diffusée : il n'y a rien à rappeler. Modifiez plutôt le brouillon.",
    "circular_recalled": "Cette correspondance est déjà rappelée.",
    "recall_without_reason": "Écrivez le motif du rappel : les destinataires le liront.",
    "recall_too_long": f"Le motif dépasse {RECALL_MAX} caractères. Raccourcissez-le.",
}
TYPED_WRONG = frozenset(
    {"circular_nobody", "circular_unknown", "circular_deadline_past", "recall_without_reason", "recall_too_long"}
)
PERMISSIONS = {
    "simuler": "correspondence.change_circular",
    "valider": "correspondence.release_circular",
    "diffuser": "correspondence.release_circular",
    "rappeler": "correspondence.recall_circular",
}


def explain(error: DomainError) -> str:
    """The sentence of a refusal, its numbers as they are read."""
    shown = {name: format_number(value) if isinstance(value, int) else value for name, value in error.params.items()}
    people = _people(int(str(error.params.get("before", 0))))
    return SENTENCES[error.code].format(people=people, **shown)


def _people(count: int) -> str:
    return f"{format_number(count)} personne{'s' if count > 1 else ''}"


def take_step(circular: Circular, by: User, posted: Any) -> str:
    """What was done, in a sentence; `vue` says which dry run was on the page. Raises DomainError, and PermissionDenied for a step that is not theirs."""
    act, seen = posted.get("acte", ""), posted.get("vue", "")
    if act not in PERMISSIONS or not by.has_perm(PERMISSIONS[act]):
        raise PermissionDenied
    match act:
        case "simuler":
            done = simulate_circular(circular=circular, by=by)
            return f"Simulation faite : l'audience compte {_people(done.recipient_count or 0)}. Rien n'est parti."
        case "valider":
            approve_circular(circular=circular, by=by, seen=seen)
            return "La correspondance est validée : elle peut être diffusée."
        case "diffuser":
            done = release_circular(circular=circular, by=by, seen=seen)
            return f"La correspondance est diffusée à {_people(done.recipient_count or 0)}. Les courriels partent."
    reason = posted.get("motif", "").replace("\x00", "")
    withdrawn, told = recall_circular(circular=circular, by=by, reason=reason)
    return (
        f"La correspondance est rappelée : courriels retirés avant envoi, {format_number(withdrawn)} ; "
        f"personnes prévenues du rappel, {format_number(told)}."
    )
