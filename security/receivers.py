"""Sessions begin and end: journalled, and dated so that the limits of norm D11 can be held."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from security.enums import AccessKind
from security.journal import record
from security.middleware import begin_session
from security.models import User
from security.services import journal_sign_out
from security.sessions import forget_session, note_session


@receiver(user_logged_in, dispatch_uid="security.signed_in")
def signed_in(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is not None:
        begin_session(request)
        note_session(request, user)
    record(AccessKind.SIGNED_IN, actor=user, subject=user, request=request)


@receiver(user_logged_out, dispatch_uid="security.signed_out")
def signed_out(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if request is not None:
        forget_session(request)
    journal_sign_out(user=user, request=request)
