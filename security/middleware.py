"""Limits of a session (norm D11) and the password that must be changed before anything else."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from iprof.web.kept_form import has_text, kept_page
from security.second_step import must_enrol

BEGAN, SEEN = "session_began", "session_seen"
TOUCH_SECONDS = 60  # the session row is written at most once a minute
ENDED = "Elle était restée inactive, ou ouverte trop longtemps. Ce que vous envoyiez n'a pas été enregistré."
HINT = "Reconnectez-vous dans la nouvelle fenêtre, revenez à celle-ci, puis renvoyez."
OPEN_WHILE_FORCED = {
    "security:password_change",
    "account_reauthenticate",
    "account_logout",
    "home:display",
    "home:help",
    "home:health",
}


def begin_session(request: HttpRequest) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


class SessionLimitsMiddleware:
    """Ends a session idle for 30 minutes or open for 8 hours, and says so on the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if SEEN not in session:
            return self.get_response(request)
        now = int(time.time())
        idle = now - session[SEEN] > settings.SESSION_IDLE_SECONDS
        if idle or now - session[BEGAN] > settings.SESSION_COOKIE_AGE:
            logout(request)
            if request.method in {"GET", "HEAD"}:
                query = {"next": request.get_full_path(), "fin": "inactivite" if idle else "duree"}
                return redirect(f"{reverse('account_login')}?{urlencode(query)}")
            if has_text(request):
                return kept_page(
                    request, title="Votre connexion a pris fin", status=403, lines=[ENDED], hint=HINT,
                    sign_in=reverse("account_login"),
                )  # fmt: skip
        elif now - session[SEEN] > TOUCH_SECONDS:
            session[SEEN] = now
        return self.get_response(request)


class ForcedPasswordMiddleware:
    """An account marked « doit changer de mot de passe » opens that page only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if hasattr(request, "impersonation"):
            return None  # a choice for the agent alone
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_WHILE_FORCED:
            return None
        return redirect("security:password_change")


class StaffFactorMiddleware:
    """The administration leads staff without a second factor to enrol one; every other page stays open (decision T5)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name != "admin" or not request.user.is_authenticated:
            return None
        return redirect("security:second_step") if must_enrol(request, request.user) else None
