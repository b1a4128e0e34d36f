"""« Mon compte », staying connected, and the password once more before a sensitive change."""

import time
from typing import cast

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password, resume_request
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from security import throttle
from security.domain.waiting import french_wait
from security.enums import TriedWith
from security.forms import ReauthenticateForm
from security.middleware import SEEN
from security.models import User
from security.selectors import account_events, recovery_of
from security.selectors_factors import second_step_of
from security.selectors_sso import links_of
from security.services import journal_failed_sign_in
from security.sessions import follow_session


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Login, addresses, password, last events of the account."""
    user = cast(User, request.user)
    context = {"known": recovery_of(user), "events": account_events(user)[:10], "step": second_step_of(user)}
    context["links"] = links_of(user)
    return render(request, "security/account.html", context)


@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """« Rester connecté » of the warning before the idle limit (norm E24)."""
    request.session[SEEN] = int(time.time())
    return HttpResponse(status=204)


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """The password once more; the request that asked for it then goes on, nothing typed is lost."""
    user = cast(User, request.user)
    form = ReauthenticateForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and (wait := throttle.take_try(request, user.username)):
            form = ReauthenticateForm()
            return render(
                request,
                "security/reauthenticate.html",
                {"form": form, "problem": f"Trop d'essais. Attendez {french_wait(wait)} avant de recommencer."},
                status=429,
            )
        if form.is_valid():
            if user.check_password(form.cleaned_data["password"]):
                throttle.give_back(request)
                reauthenticate_by_password(request)
                request.session.cycle_key()
                follow_session(request)
                return resume_request(request) or redirect("security:account")
            journal_failed_sign_in(login=user.username, request=request, factor=TriedWith.CONFIRMATION)
            form.add_error("password", "Ce n'est pas votre mot de passe. Vérifiez les majuscules.")
    return render(request, "security/reauthenticate.html", {"form": form}, status=status)
