"""Sessions of services: each hangs on a session of the portal and ends with it, tokens included (norm D11)."""

import datetime as dt
import uuid

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from iprof.web.crypto import lookup_digest
from security.idp.claims import subject_of
from security.idp.models import Service, ServiceSession
from security.models import OpenSession, User
from security.sessions import HELD, note_session


def session_for(request: HttpRequest, user: User, service: Service) -> ServiceSession:
    """The one of this browser and this service, begun if need be."""
    held = _open_session(request, user)
    found, _ = ServiceSession.objects.update_or_create(
        open_session=held, service=service, defaults={"user": user, "bound": _bound(user)}
    )
    return found


def _open_session(request: HttpRequest, user: User) -> OpenSession:
    rows = OpenSession.objects.filter(user=user, public_id=request.session.get(HELD, uuid.UUID(int=0)))
    held = rows.first()
    if held is None:  # begun before the list of sessions existed
        note_session(request, user)
        held = OpenSession.objects.get(user=user, public_id=request.session[HELD])
    return held


def _bound(user: User) -> str:
    return lookup_digest(user.get_session_auth_hash(), context="idp.bound")


def is_live(row: Token) -> bool:
    """Whether the session a token names is still there, within its absolute limit, for the same account and password."""
    user = row.user
    if user is None or not user.is_active or row.data is None:
        return False
    limit = timezone.now() - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    sessions = ServiceSession.objects.filter(open_session__began_at__gt=limit)
    found = sessions.filter(sid=row.data["sid"], user=user, service_id=row.client_id).first()
    return found is not None and constant_time_compare(found.bound, _bound(user))


def end_service_sessions(user: User, service: Service | None = None) -> None:
    """Every one of a person, or those of one service. What follows an end is in `security.idp.receivers`."""
    rows = ServiceSession.objects.filter(user=user)
    (rows if service is None else rows.filter(service=service)).delete()


def after_end(session: ServiceSession) -> None:
    """Its tokens die in the same transaction; the service is told once it is committed, by the worker."""
    from security.idp.tasks import tell_session_ended  # noqa: PLC0415  (tasks sign, and read this module's models)

    Token.objects.filter(user_id=session.user_id, client_id=session.service_id, data__sid=str(session.sid)).delete()
    service = Service.objects.filter(pk=session.service_id).first()
    if service is not None and service.logout_uri:
        told = (service.pk, subject_of(service.pk, session.user_id), str(session.sid))
        transaction.on_commit(lambda: tell_session_ended.delay(*told), robust=True)
