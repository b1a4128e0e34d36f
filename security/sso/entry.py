"""From an identity to a session, by the stages every sign-in goes through; and from the session back to its origin."""

import time
from dataclasses import asdict
from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from security.domain.sso import Identity
from security.models import User
from security.services_sso import note_federated

ORIGIN, LEFT = "sso", "sso_left"  # in the session: where it came from; where the one before came from
SECONDS = 600


def enter(request: HttpRequest, user: User, identity: Identity, provider: str, next_url: str) -> HttpResponse:
    """Signs `user` in, second step and leave from abroad included. Somebody else's session ends first."""
    origin = {"provider": provider, **asdict(identity)}
    if request.user.is_authenticated and request.user.pk == user.pk:
        keep_origin(request, origin)
        return redirect(next_url or "home:dashboard")
    if request.user.is_authenticated:
        logout(request)
    clear_login(request)
    return perform_login(request, Login(user=user, redirect_url=next_url or None, signal_kwargs={ORIGIN: origin}))


def vouched(login: Login) -> bool:
    """The provider proved a second factor; staff take the portal's own all the same (decision T5)."""
    origin = (login.signal_kwargs or {}).get(ORIGIN)
    return bool(origin and origin["strong"] and not login.user.is_staff)


def keep_origin(request: HttpRequest, origin: dict[str, Any]) -> None:
    """The session has begun, or goes on: its provider may end it, and its owner end the provider's."""
    values = dict(origin)
    provider = values.pop("provider")
    note_federated(identity=Identity(**values), request=request)
    request.session[ORIGIN] = {"provider": provider, "hint": origin["hint"]}


def leave(request: HttpRequest, origin: dict[str, str]) -> None:
    """The session is over: where it came from is remembered a moment, to offer the end of that one too."""
    request.session[LEFT] = {**origin, "at": time.time()}


def left(request: HttpRequest) -> dict[str, str] | None:
    """The provider of the session that has just ended in this browser, and the hint its logout asks for."""
    kept = request.session.get(LEFT)
    return kept if kept and time.time() - kept["at"] < SECONDS else None
