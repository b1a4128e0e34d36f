"""The few minutes between the proof of the NUMEN and the choice of a password, held in the session."""

import time

from django.http import HttpRequest

from security.models import User

KEY = "activation"
SECONDS = 15 * 60


def open_activation(request: HttpRequest, user: User) -> None:
    request.session.cycle_key()
    request.session[KEY] = {"user": user.pk, "digest": user.activation_digest, "at": int(time.time())}


def pending_activation(request: HttpRequest) -> tuple[User, str] | None:
    """(account, digest seen) while the step is open; None when it never was, is over or the account has opened."""
    held = request.session.get(KEY)
    if not held or time.time() - held["at"] > SECONDS:
        return None
    user = User.objects.filter(pk=held["user"], activated_at__isnull=True, is_active=True).first()
    return (user, held["digest"]) if user else None


def close_activation(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
