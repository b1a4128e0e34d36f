"""What follows each step of a request: one line of the journal, one alert to its owner, whoever acted (S57, S71, D20).

The mail and the push are the outbox's business. They say that something happened and where to read it, never what.
"""

from django.http import HttpRequest

from iprof.correspondence.services.alerts import send_alert
from mobility.domain.states import BY_ACT, Act, Actor
from mobility.models import RequestEvent
from security.enums import AccessKind
from security.journal import record

KIND = "demande.mobilite"
READ_HERE = "Le détail est sur le portail, à la page de votre demande."
SUBJECTS = {
    Act.CONFIRM: "Votre demande de mutation est confirmée",
    Act.AMEND: "Votre demande de mutation est reprise : elle est à confirmer de nouveau",
    Act.EXPIRE: "Votre demande de mutation n'est pas confirmée",
    Act.REOPEN: "Votre demande de mutation est reprise : elle est à confirmer de nouveau",
    Act.CONTROL: "Le barème de votre demande de mutation est contrôlé",
    Act.RETURN: "Le service vous demande une précision sur votre demande de mutation",
    Act.CONTEST: "Votre contestation est enregistrée",
    Act.CORRECT: "Une réponse est donnée à votre contestation",
    Act.STUDY: "Votre demande de mutation est en cours d'étude",
    Act.LATE_CHANGE: "Votre demande de mutation est modifiée",
    Act.PUBLISH: "Le résultat de votre demande de mutation est publié",
    Act.RECALL: "Le résultat publié de votre demande de mutation est rappelé",
    Act.WITHDRAW: "Votre demande de mutation est retirée",
}


def tell(event: RequestEvent, *, http: HttpRequest | None = None) -> None:
    """In the transaction of the step."""
    request, act = event.request, Act(event.act)
    record(
        kind_of(act),
        actor=event.by,
        subject=request.owner,
        request=http,
        demande=str(request.public_id),
        acte=act.value,
        etat=event.became,
    )
    send_alert(
        user=request.owner,
        kind=KIND,
        subject=SUBJECTS[act],
        body=READ_HERE,
        link=request.get_absolute_url(),
        cause=f"mobilite:{request.public_id}:{event.pk}",
    )


def kind_of(act: Act) -> AccessKind:
    """The line of the journal an act leaves."""
    if act is Act.CONFIRM:
        return AccessKind.MOBILITY_SENT
    return AccessKind.MOBILITY_DECIDED if BY_ACT[act].actor is Actor.STAFF else AccessKind.MOBILITY_CHANGED
