"""Sessions begin and end: journalled, and dated so that the limits of norm D11 can be held."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django_structlog.signals import bind_extra_request_finished_metadata, bind_extra_request_metadata
from structlog.contextvars import bind_contextvars

from security.enums import AccessKind
from security.impersonation import HELD
from security.journal import record
from security.middleware import begin_session
from security.models import User
from security.services import journal_sign_out
from security.services_impersonation import end_of_staff
from security.sessions import forget_session, note_session


@receiver(user_logged_in, dispatch_uid="security.signed_in")
def signed_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is not None:
        begin_session(request)
        note_session(request, user)
    record(AccessKind.SIGNED_IN, actor=user, subject=user, request=request)


@receiver(user_logged_out, dispatch_uid="security.signed_out")
def signed_out(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if request is not None and user is not None and HELD in request.session:
        end_of_staff(user, request)
    if request is not None:
        forget_session(request)
    journal_sign_out(user=user, request=request)


@receiver([bind_extra_request_metadata, bind_extra_request_finished_metadata], dispatch_uid="security.real_author")
def name_the_real_author(request: HttpRequest, **kwargs: Any) -> None:
    """The lines of the logs too name who acts, and beside them in whose place."""
    if visit := getattr(request, "impersonation", None):
        bind_contextvars(user_id=visit.staff_id, impersonated_id=visit.subject_id)
