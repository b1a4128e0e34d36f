"""Registering a service. Each act is journalled with its author; the secret is returned once and kept as a keyed hash."""

from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.http import HttpRequest

from security.enums import AccessKind
from security.idp.models import Service, ServiceSession
from security.journal import record
from security.models import User


@transaction.atomic
def register_service(*, service: Service, new: bool, by: User, request: HttpRequest | None = None) -> str:
    """Saves it; returns the secret of a new confidential one, else nothing. What it may no longer ask dies with its tokens."""
    secret = service.draw_secret() if new else ""
    service.save()
    if not new:
        _end_all(service)
    _note("Enregistrement" if new else "Modification", service, by, request)
    return secret if service.type == Client.Type.CONFIDENTIAL else ""


@transaction.atomic
def renew_secret(*, service: Service, by: User, request: HttpRequest | None = None) -> str:
    secret = service.draw_secret()
    service.save(update_fields=["secret"])
    _note("Nouveau secret", service, by, request)
    return secret


@transaction.atomic
def set_service_open(*, service: Service, opened: bool, by: User, request: HttpRequest | None = None) -> None:
    """Closed, it gets nothing more and its tokens die; what people granted stays, for the day it opens again."""
    service.data["client_metadata"]["closed"] = not opened
    service.save(update_fields=["data"])
    if not opened:
        _end_all(service)
    _note("Réouverture" if opened else "Fermeture", service, by, request)


def _end_all(service: Service) -> None:
    Token.objects.filter(client_id=service.pk).delete()
    ServiceSession.objects.filter(service=service).delete()


def _note(act: str, service: Service, by: User, request: HttpRequest | None) -> None:
    record(
        AccessKind.SERVICE_MANAGED,
        actor=by,
        reason=act,
        request=request,
        service=service.name,
        scopes=" ".join(service.get_scopes()),
        house=service.skip_consent,
    )
