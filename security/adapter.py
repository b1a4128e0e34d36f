from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from security import throttle
from security.activation import open_activation
from security.domain.waiting import french_wait
from security.models import User
from security.services import find_waiting_account, journal_failed_sign_in
from security.sso.entry import ORIGIN, keep_origin

WRONG = "Identifiant ou mot de passe incorrect. Vérifiez les majuscules et l'identifiant de votre courrier de prise de fonction."


class PortalAccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {"username_password_mismatch": WRONG}

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        """The password, on the portal's own page (norm D12)."""
        return [{"id": "reauthenticate", "url": reverse("account_reauthenticate")}] if user.is_authenticated else []

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from the feed only."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Where a sign-in may go on: a path of this portal. allauth takes every allowed host, and fails on « //[ »."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_stages(self) -> list[str]:
        """The second step, then whether a sign-in from abroad is allowed: asked of a person already known."""
        return [
            "security.stages.MailCodeStage",
            "security.stages.FactorStage",
            "security.abroad.AbroadStage",
            "security.stages.TrustStage",
        ]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failed tries wait (norm D02): the same answer for every login, known or not."""
        if wait := throttle.take_try(request, credentials.get("username", "")):
            raise ValidationError(
                f"Trop d'essais. Attendez {french_wait(wait)} avant de recommencer. Pour ne pas attendre, suivez « Mot de passe "
                "perdu » : le lien reçu débloque la connexion, même sans changer de mot de passe.",
                code="too_many_tries",
            )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            throttle.give_back(request)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The NUMEN stands for the password until the first access: it leads to the forced choice (S20, T3)."""
        login, secret = credentials.get("username", ""), credentials.get("password", "")
        user = find_waiting_account(login=login, secret=secret)
        if user is None:
            journal_failed_sign_in(login=login, request=request)
            return
        throttle.give_back(request)
        open_activation(request, user)
        raise ImmediateHttpResponse(redirect("security:activation_password"))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        if origin := (kwargs.get("signal_kwargs") or {}).get(ORIGIN):
            keep_origin(request, origin)
        throttle.note_success(request, user.username)
        throttle.remember_browser(request, response, user.username)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened; allauth's own sentences (« Successfully signed in ») are not needed."""
