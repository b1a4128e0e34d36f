"""The pages of a sign-in after the password: code of the mail, factor, trust in the browser (S29, D04, D08)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from security import mail_codes, throttle
from security.domain.waiting import french_wait
from security.enums import TriedWith
from security.factors import KEY, RECOVERY, accept_code
from security.forms_factors import CredentialForm, FactorCodeForm, MailCodeForm
from security.keys import check_key, key_options
from security.mail_codes import SECONDS, TRIES
from security.models import User
from security.services_second_step import pass_step, refuse_step
from security.sessions import claim_session
from security.stages import FactorStage, MailCodeStage, SecondStepStage, TrustStage
from security.trust import trust_browser

WRONG = "Ce n'est pas le bon code, ou il ne vaut plus. Vérifiez-le ou demandez-en un autre."
REFUSED = "La vérification a échoué. Recommencez."
STOPPED = "Trois essais ont échoué : recommencez la connexion."
View = Callable[[HttpRequest, SecondStepStage], HttpResponse]


def step_page(stage: type[SecondStepStage]) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """Opens the page to whoever has just passed what comes before, in this browser; « Annuler » ends the sign-in."""

    def decorate(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @login_stage_required(stage=stage.key, redirect_urlname="account_login")
        @sensitive_post_parameters()
        @sensitive_variables()
        @require_http_methods(["GET", "HEAD", "POST"])
        def page(request: HttpRequest) -> HttpResponse:
            held: SecondStepStage = request._login_stage  # type: ignore[attr-defined]
            if request.POST.get("action") == "cancel" or not held.is_bound():
                return held.abort()
            return view(request, held)

        return page

    return decorate


@step_page(MailCodeStage)
def mail_code(request: HttpRequest, stage: SecondStepStage) -> HttpResponse:
    user, state = stage.login.user, stage.state
    if request.POST.get("action") == "resend":
        mail_codes.send_code(request, user, state)
        stash_login(request, stage.login)
        if not state["problem"]:
            messages.info(request, "Un nouveau code est parti. Le précédent ne vaut plus.")
        return redirect("security:sign_in_code")
    form = MailCodeForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "email": user.email, "problem": state.get("problem"), "minutes": SECONDS // 60}
    if request.method != "POST" or not form.is_valid():
        return render(request, "security/sign_in_code.html", context, status=400 if form.errors else 200)
    if wait := throttle.take_try(request, user.username, throttle.SECOND_STEP):
        return _wait(request, "security/sign_in_code.html", context, form, wait)
    if mail_codes.is_right(user, state, form.cleaned_data["code"]):
        return _passed(request, stage, "mail")
    form.add_error("code", WRONG)
    return refused(request, stage, TriedWith.MAIL_CODE) or render(
        request, "security/sign_in_code.html", context, status=400
    )


@step_page(FactorStage)
def factor(request: HttpRequest, stage: SecondStepStage) -> HttpResponse:
    user = stage.login.user
    with_key = "credential" in request.POST
    typed = None if with_key or request.method != "POST" else request.POST
    form = FactorCodeForm(typed)
    key_form = CredentialForm(request.POST if with_key else None)
    posted: Form = key_form if with_key else form
    if request.method != "POST" or not posted.is_valid():
        return _factor_page(request, user, form, key_form, status=400 if posted.errors else 200)
    if wait := throttle.take_try(request, user.username, throttle.SECOND_STEP):
        posted.add_error(None, too_many(wait))
        return _factor_page(request, user, form, key_form, status=429)
    found = (
        _key(request, user, key_form.cleaned_data["credential"])
        if with_key
        else accept_code(user, form.cleaned_data["code"])
    )
    if found:
        return _passed(request, stage, found)
    posted.add_error(None if with_key else "code", REFUSED)
    tried = TriedWith.KEY if with_key else TriedWith.FACTOR_CODE
    return refused(request, stage, tried) or _factor_page(request, user, form, key_form, status=400)


@step_page(TrustStage)
def trust(request: HttpRequest, stage: SecondStepStage) -> HttpResponse:
    if request.method != "POST":
        return render(request, "security/sign_in_trust.html", {"days": settings.TRUSTED_BROWSER_DAYS})
    if not claim_session(request):
        return redirect("account_login")
    user = stage.login.user
    response = stage.exit()
    if request.POST.get("action") == "trust":
        trust_browser(request, response, user)
    return response


def _key(request: HttpRequest, user: User, credential: dict[str, Any]) -> str | None:
    return KEY if check_key(request, user, credential) else None


def _factor_page(request: HttpRequest, user: User, form: Form, key_form: Form, *, status: int) -> HttpResponse:
    types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {"form": form, "key_form": key_form, "has_code": types - {KEY}, "has_recovery": RECOVERY in types}
    if KEY in types:
        context["options"] = key_options(user)
    return render(request, "security/sign_in_factor.html", context, status=status)


def _passed(request: HttpRequest, stage: SecondStepStage, kind: str) -> HttpResponse:
    """A code or an assertion serves one session once, whatever comes in parallel."""
    if not claim_session(request):
        return redirect("account_login")
    pass_step(user=stage.login.user, kind=kind, request=request)
    record_authentication(request, stage.login.user, method="mfa", type=kind)
    return stage.exit()


def refused(request: HttpRequest, stage: SecondStepStage, tried: TriedWith) -> HttpResponse | None:
    """Journals the try; after the third the sign-in starts again from the password."""
    refuse_step(user=stage.login.user, tried=tried, request=request)
    stage.state["tries"] = stage.state.get("tries", 0) + 1
    if stage.state["tries"] >= TRIES:
        messages.error(request, STOPPED)
        return stage.abort()
    stash_login(request, stage.login)
    return None


def too_many(wait: dt.timedelta) -> str:
    return f"Trop d'essais. Attendez {french_wait(wait)} avant de recommencer."


def _wait(request: HttpRequest, template: str, context: dict[str, Any], form: Form, wait: dt.timedelta) -> HttpResponse:
    form.add_error("code", too_many(wait))
    return render(request, template, context, status=429)
