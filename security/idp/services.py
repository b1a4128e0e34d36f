"""Granting, opening and withdrawing a service. Each act is journalled; the first grant is told to the owner."""

from collections.abc import Iterable

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from security.enums import AccessKind, AccountChange
from security.idp.models import Service, ServiceGrant, ServiceSession
from security.idp.sessions import end_service_sessions, session_for
from security.journal import record
from security.models import User
from security.signals import account_changed


@transaction.atomic
def grant_service(
    *, user: User, service: Service, scopes: Iterable[str], asked: bool, request: HttpRequest
) -> ServiceGrant:
    """Keeps what the person lets this service receive. `asked`: they were shown the page; else it is of the house."""
    User.objects.select_for_update().get(pk=user.pk)
    grant, created = ServiceGrant.objects.get_or_create(
        user=user, service=service, defaults={"scopes": sorted(scopes), "asked": asked}
    )
    wider = sorted({*grant.scopes, *scopes})
    if created or wider != grant.scopes or asked > grant.asked:
        grant.scopes, grant.asked = wider, asked
        grant.save(update_fields=["scopes", "asked"])
        record(
            AccessKind.SERVICE_GRANTED,
            actor=user,
            subject=user,
            request=request,
            service=service.name,
            scopes=" ".join(wider),
            asked=asked,
        )
    if created:
        account_changed.send(User, user=user, kind=AccountChange.SERVICE_GRANTED)
    return grant


@transaction.atomic
def open_service(*, grant: ServiceGrant, user: User, request: HttpRequest) -> ServiceSession:
    """The session its tokens will hang on. Told in the journal at each sign-in."""
    grant.signed_in_at = timezone.now()
    grant.save(update_fields=["signed_in_at"])
    record(AccessKind.SERVICE_SIGNED_IN, actor=user, subject=user, request=request, service=grant.service.name)
    return session_for(request, user, grant.service)


@transaction.atomic
def withdraw_service(*, grant: ServiceGrant, request: HttpRequest | None = None) -> None:
    """Every code and token of the pair dies at once; the service is told that the sessions have ended."""
    user, service = grant.user, grant.service
    Token.objects.filter(user=user, client_id=service.pk).delete()
    end_service_sessions(user, service)
    grant.delete()
    record(AccessKind.SERVICE_WITHDRAWN, actor=user, subject=user, request=request, service=service.name)
