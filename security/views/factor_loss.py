"""« Je n'ai plus mon appareil »: asked in the middle of a sign-in, cancelled by the link of the mail (S25, D09, D17)."""

from contextlib import suppress
from typing import Any

from allauth.account.internal.stagekit import stash_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from iprof.kernel.errors import DomainError
from security import mail_codes, throttle, tokens
from security.enums import TriedWith
from security.factors import has_factor
from security.forms_loss import LossForm, LossHereForm
from security.mail_codes import TRIES
from security.models import User
from security.people import signed_in
from security.selectors_factors import open_loss_of
from security.services import journal_refusal
from security.services_loss import ask_loss, cancel
from security.stages import FactorStage, SecondStepStage
from security.tasks import tell_losses
from security.views.second_step import WRONG, refused, step_page, too_many

CODE = "loss"  # in the state of the stage: the code sent for this page, which opens nothing else
ASKED = (
    "Votre demande est enregistrée. Une personne de l'académie va vérifier que c'est bien vous ; un message vous dira la suite. "
    "Vos boîtes viennent d'en être prévenues."
)
NOT_PROVED = "La vérification a échoué. Vérifiez votre mot de passe et le code, ou demandez un autre code."


@step_page(FactorStage)
def factor_loss(request: HttpRequest, stage: SecondStepStage) -> HttpResponse:
    """The password is proved; the code proves the mailbox; then the request waits for a person."""
    user, held = stage.login.user, stage.state.setdefault(CODE, {})
    if request.POST.get("action") == "send":
        mail_codes.send_code(request, user, held, purpose=mail_codes.LOSS)
        stash_login(request, stage.login)
        return redirect("security:factor_loss")
    form = LossForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, user, held, form)
    if wait := throttle.take_try(request, user.username, throttle.SECOND_STEP):
        form.add_error("code", too_many(wait))
        return _page(request, user, held, form, status=429)
    if not mail_codes.is_right(user, held, form.cleaned_data["code"]):
        form.add_error("code", WRONG)
        return refused(request, stage, TriedWith.LOSS_CODE) or _page(request, user, held, form)
    if not _ask(request, user, form.cleaned_data["reason"]):
        return redirect("security:factor_loss")
    return stage.abort()


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def factor_loss_here(request: HttpRequest) -> HttpResponse:
    """The same for whoever is signed in, from a known network: the password is given once more, with the code."""
    user, held = signed_in(request), request.session.get(CODE, {})
    if not has_factor(user):
        return redirect("security:second_step")
    if request.POST.get("action") == "send":
        mail_codes.send_code(request, user, held, purpose=mail_codes.LOSS)
        request.session[CODE] = held | {"tries": 0}
        return redirect("security:factor_loss_here")
    form = LossHereForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, user, held, form, here=True)
    if wait := throttle.take_try(request, user.username, throttle.SECOND_STEP):
        form.add_error("code", too_many(wait))
        return _page(request, user, held, form, here=True, status=429)
    if not _proved(user, held, form):
        held["tries"] = held.get("tries", 0) + 1
        request.session[CODE] = held
        journal_refusal(subject=user, tried=TriedWith.LOSS_CODE, request=request)
        form.add_error(None, NOT_PROVED)
        return _page(request, user, held, form, here=True)
    if not _ask(request, user, form.cleaned_data["reason"]):
        return redirect("security:factor_loss_here")
    request.session.pop(CODE, None)
    throttle.note_success(request, user.username)
    return redirect("security:second_step")


def _proved(user: User, held: dict[str, Any], form: LossHereForm) -> bool:
    """Both together; a code is dead after three tries, here too."""
    known = user.check_password(form.cleaned_data["password"])
    return mail_codes.is_right(user, held, form.cleaned_data["code"]) and held.get("tries", 0) < TRIES and known


def _ask(request: HttpRequest, user: User, reason: str) -> bool:
    """False when it was asked from another browser meanwhile: the page shows it."""
    try:
        ask_loss(user=user, reason=reason, request=request)
    except DomainError:
        return False
    with suppress(OperationalError):  # the broker is down: the next round tells
        tell_losses.delay()
    messages.success(request, ASKED)
    return True


def _page(
    request: HttpRequest, user: User, held: dict[str, Any], form: LossForm, *, here: bool = False, status: int = 0
) -> HttpResponse:
    context = {"form": form, "email": user.email, "held": held, "pending": open_loss_of(user), "here": here}
    return render(request, "security/factor_loss.html", context, status=status or (400 if form.errors else 200))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def factor_loss_cancel(request: HttpRequest, key: str) -> HttpResponse:
    """GET shows a button, POST cancels, so that a mail scanner cancels nothing."""
    loss = tokens.loss_of(key)
    done = False
    if loss is not None and request.method == "POST":
        try:
            cancel(loss=loss, request=request)
            done = True
        except DomainError:
            loss = None
    return render(
        request, "security/factor_loss_cancel.html", {"loss": loss, "done": done}, status=200 if loss else 410
    )
