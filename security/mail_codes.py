"""The code sent to the academic mailbox: six digits, ten minutes, three tries, held by its digest in the session that
asked for it (norm D08)."""

import secrets
import smtplib
import time
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare

from iprof.web.crypto import lookup_digest
from security import throttle
from security.domain.waiting import french_wait
from security.models import User

SECONDS = 600
TRIES = 3
NOT_SENT = "Le code n'a pas pu partir. Demandez-en un autre dans quelques minutes."


SIGN_IN = "code de connexion"
LOSS = "code pour signaler un second facteur perdu"


def send_code(request: HttpRequest, user: User, state: dict[str, Any], *, purpose: str = SIGN_IN) -> None:
    """Sends a new code and keeps its digest in `state`; the one before opens nothing any more. The mail says its purpose.

    `state["problem"]` says why none was sent: too many asked for, or the mail server does not answer.
    """
    state.update(digest="", problem="", at=int(time.time()))
    if wait := throttle.take_try(request, user.username, throttle.MAIL_CODE):
        state["problem"] = (
            f"Plusieurs codes viennent de partir. Attendez {french_wait(wait)} avant d'en demander un autre."
        )
        return
    code = f"{secrets.randbelow(1_000_000):06d}"
    try:
        _mail(user, code, purpose)
    except (OSError, smtplib.SMTPException):
        state["problem"] = NOT_SENT
        return
    state["digest"] = _digest(user, code)


def is_right(user: User, state: dict[str, Any], code: str) -> bool:
    """Whether this is the code last sent for this sign-in, still valid."""
    fresh = time.time() - state.get("at", 0) <= SECONDS
    return constant_time_compare(_digest(user, code), state.get("digest", "")) and fresh


def _digest(user: User, code: str) -> str:
    return lookup_digest(f"{user.pk}\x00{code}", context="sign-in-code")


def _mail(user: User, code: str, purpose: str) -> None:
    context = {
        "user": user,
        "code": code,
        "purpose": purpose,
        "minutes": SECONDS // 60,
        "portal": settings.PORTAL_NAME,
        "academie": settings.ACADEMIE,
        "address": settings.BASE_URL,
        "support": settings.SUPPORT_CONTACT,
    }
    subject = f"{settings.PORTAL_NAME} : votre {purpose}"  # the code stays out of what a locked screen shows
    mail = EmailMultiAlternatives(subject, render_to_string("mail/sign_in_code.txt", context), to=[user.email])
    mail.attach_alternative(render_to_string("mail/sign_in_code.html", context), "text/html")
    mail.send()
