"""The door of delivery reports, for the mail service: signed calls, no session. Contract: docs/contracts/bounces.md."""

import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from iprof.correspondence.outbox.bounces import note_bounce
from iprof.web.signature import BadSignature, verify

TYPE = "message/rfc822"
SENTENCES = {
    "signature_absente": "Les en-têtes webhook-id, webhook-timestamp et webhook-signature sont obligatoires.",
    "signature_fausse": "La signature ne correspond pas au contenu. Vérifiez le secret et les octets signés.",
    "horodatage_perime": "L'horodatage s'écarte trop de l'heure du portail. Réglez l'horloge et signez de nouveau.",
}


@csrf_exempt
@login_not_required
def returned(request: HttpRequest) -> HttpResponse:
    """One report as it was received; 202 says what was made of it. The same one again changes nothing."""
    if request.method != "POST":
        answer = _problem(405, "methode", "Envoyez le message par POST.")
        answer["Allow"] = "POST"
        return answer
    if request.content_type != TYPE:
        return _problem(415, "type_contenu", f"Envoyez le message tel que reçu : Content-Type {TYPE}.")
    if not settings.BOUNCE_WEBHOOK_SECRETS:
        return _problem(503, "porte_fermee", "Aucun secret n'est réglé sur ce portail pour cette porte.")
    try:
        body = request.body
        verify(headers=request.headers, body=body, secrets=settings.BOUNCE_WEBHOOK_SECRETS, now=time.time())
    except RequestDataTooBig:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return _problem(
            413, "envoi_trop_lourd", f"Un message fait au plus {most} octets. Retirez-en les pièces jointes."
        )
    except UnreadablePostError:
        return _problem(400, "envoi_coupe", "Le message n'est pas arrivé en entier. Renvoyez-le.")
    except BadSignature as error:
        return _problem(401, error.code, SENTENCES[error.code])
    return JsonResponse({"outcome": note_bounce(body).value}, status=202)


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    """RFC 9457."""
    told = {
        "type": f"urn:iprof:retours:{code}",
        "title": "Message refusé",
        "status": status,
        "detail": detail,
        "code": code,
    }
    return JsonResponse(told, status=status, content_type="application/problem+json")
