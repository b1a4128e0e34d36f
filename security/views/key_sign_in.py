"""Signing in with a passkey alone: no login is typed, the key says whose it is and asked its owner for a code or fingerprint.

The script of the page asks GET for the challenge; POST checks the answer. Refusals all read alike (norms D04, D08).
"""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from security import throttle
from security.domain.waiting import french_wait
from security.enums import TriedWith
from security.forms import SignInForm
from security.forms_factors import CredentialForm
from security.keys import KeyUse, check_key, key_options, owner_of
from security.models import User
from security.services import journal_refusal
from security.services_second_step import pass_step
from security.sessions import claim_session
from security.sso.pending import pending
from security.sso.providers import providers
from security.stages import PASSKEY

REFUSED = "Cette clé n'a pas ouvert de compte. Recommencez, ou connectez-vous avec votre mot de passe."


@never_cache
@login_not_required
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def key_sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home:dashboard")
    if request.method != "POST":
        return JsonResponse(key_options())
    network = throttle.network_of(request)
    if wait := throttle.remaining_wait(request, network, throttle.PASSKEY):
        return _sign_in_page(request, f"Trop d'essais. Attendez {french_wait(wait)} avant de recommencer.", status=429)
    form = CredentialForm(request.POST)
    user = owner_of(form.cleaned_data["credential"]) if form.is_valid() else None
    use = check_key(request, user, form.cleaned_data["credential"], alone=True) if user else None
    if user and use:
        return _enter(request, user, use)
    throttle.note_failure(request, network, throttle.PASSKEY)
    journal_refusal(subject=user, tried=TriedWith.PASSKEY, request=request)
    return _sign_in_page(request, REFUSED, status=400)


def _enter(request: HttpRequest, user: User, use: KeyUse) -> HttpResponse:
    """On with the other steps of a sign-in; those this key stands for are not asked. An answer sent twice at once serves one."""
    if not claim_session(request):
        return redirect("account_login")
    record_authentication(request, user, "mfa", id=use.key.pk, type=use.key.type, passwordless=True)
    pass_step(user=user, kind=use.key.type, alone=True, request=request)
    login = Login(user=user, redirect_url=get_next_redirect_url(request), state={PASSKEY: True})
    response: HttpResponse = perform_login(request, login)
    return response


def _sign_in_page(request: HttpRequest, problem: str, *, status: int) -> HttpResponse:
    context = {
        "form": SignInForm(request=request),
        "key_problem": problem,
        "providers": providers(),
        "pending": pending(request),
        "redirect_field_name": "next",
        "redirect_field_value": get_next_redirect_url(request),
    }
    return render(request, "account/login.html", context, status=status)
