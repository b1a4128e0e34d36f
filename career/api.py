"""The push door of the SIAE feed, for machines: signed calls, no session. Contract: docs/contracts/siae.md."""

import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from career.feed.openapi import document
from career.feed.push import AlreadyReceived, NothingReadable, problem, receive, told
from iprof.web.signature import TOLERANCE_SECONDS, BadSignature, verify

TYPES = ("application/json", "application/x-ndjson", "application/ndjson")
SENTENCES = {
    "signature_absente": "Les en-têtes webhook-id, webhook-timestamp et webhook-signature sont obligatoires.",
    "signature_fausse": "La signature ne correspond pas au contenu. Vérifiez le secret et les octets signés.",
    "horodatage_perime": f"L'horodatage s'écarte de plus de {TOLERANCE_SECONDS // 60} minutes de l'heure du portail. "
    "Réglez l'horloge et signez de nouveau.",
}


@csrf_exempt
@login_not_required
def events(request: HttpRequest) -> HttpResponse:
    """Receives one event or NDJSON and answers 202 with a verdict a line; nothing is kept of a call refused as a whole."""
    if request.method != "POST":
        answer = _problem(405, "methode", "Méthode refusée", "Envoyez les messages par POST.")
        answer["Allow"] = "POST"
        return answer
    if request.content_type not in TYPES:
        return _problem(
            415,
            "type_contenu",
            "Type de contenu refusé",
            f"Envoyez du JSON : Content-Type parmi {', '.join(TYPES)}.",
        )
    try:
        body = request.body
    except RequestDataTooBig:
        return _problem(
            413,
            "envoi_trop_lourd",
            "Envoi trop lourd",
            f"Un envoi fait au plus {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} octets. Coupez-le, ou déposez un fichier.",
        )
    except UnreadablePostError:
        return _problem(
            400, "envoi_coupe", "Envoi coupé", "Le corps de l'envoi n'est pas arrivé en entier. Renvoyez-le."
        )
    if not settings.SIAE_WEBHOOK_SECRETS:
        return _problem(
            503, "porte_fermee", "Porte fermée", "Aucun secret n'est réglé sur ce portail pour cette porte."
        )
    try:
        delivery = verify(headers=request.headers, body=body, secrets=settings.SIAE_WEBHOOK_SECRETS, now=time.time())
        return JsonResponse(told(receive(delivery_id=delivery, body=body)), status=202)
    except BadSignature as error:
        return _problem(401, error.code, "Envoi non authentifié", SENTENCES[error.code])
    except AlreadyReceived:
        return _problem(
            409,
            "envoi_deja_recu",
            "Envoi déjà reçu",
            "Un envoi portant ce webhook-id a déjà été traité : rien n'a été écrit. "
            "Pour renvoyer des messages, signez un nouvel envoi : ceux déjà reçus seront reconnus.",
        )
    except NothingReadable:
        return _problem(
            400,
            "rien_de_lisible",
            "Rien de lisible",
            "Le corps ne contient aucun objet JSON. Envoyez un message, ou un message par ligne.",
        )


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """The description of the door, built from the contract that decodes the messages."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def _problem(status: int, code: str, title: str, detail: str) -> JsonResponse:
    body = problem(code, detail, status=status, title=title)
    return JsonResponse(body, status=status, content_type="application/problem+json")
