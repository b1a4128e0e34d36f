"""The recovery address, and the confirmation of it by the link sent there (S22, D08, D12)."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError

from iprof.kernel.errors import DomainError
from security import throttle, tokens
from security.domain.waiting import french_wait
from security.forms import RecoveryForm
from security.models import User
from security.selectors import recovery_of
from security.services import (
    add_recovery_address,
    confirm_recovery_address,
    postpone_recovery_address,
    remove_recovery_address,
)
from security.tasks import send_recovery_confirmation

SENTENCES = {
    "recovery_is_academic": "C'est une adresse académique : si vous perdez l'accès à cette boîte, elle ne vous aidera pas. "
    "Choisissez une adresse personnelle.",
    "recovery_already_yours": "Cette adresse est déjà votre adresse de secours, et elle est confirmée.",
    "recovery_taken": "Cette adresse est déjà celle d'un autre compte. Choisissez-en une qui n'est qu'à vous.",
}
TOO_MANY = (
    "L'adresse est enregistrée, mais plusieurs liens viennent de partir. Attendez {wait} avant d'en demander un autre."
)
NOT_SENT = "L'adresse est enregistrée, mais le lien n'a pas pu partir. Demandez-le à nouveau dans quelques minutes."


@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Asked after the first access, and at any time from « Mon compte »."""
    user = cast(User, request.user)
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            address = add_recovery_address(user=user, email=form.cleaned_data["email"])
        except DomainError as error:
            form.add_error("email", SENTENCES[error.code])
        else:
            _send(
                request,
                address.pk,
                f"Un lien de confirmation est parti à {address.email}. Ouvrez-le dans les 24 heures.",
            )
            return redirect("home:dashboard" if request.session.pop("first_access", False) else "security:account")
    context = {"form": form, "known": recovery_of(user), "first": request.session.get("first_access", False)}
    return render(request, "security/recovery.html", context, status=400 if form.errors else 200)


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """The link once more, for an address still to be confirmed."""
    known = recovery_of(cast(User, request.user))
    if known is None or known.verified:
        raise Http404
    _send(request, known.pk, f"Un nouveau lien est parti à {known.email}.")
    return redirect("security:account")


@require_POST
def later(request: HttpRequest) -> HttpResponse:
    postpone_recovery_address(user=cast(User, request.user))
    request.session.pop("first_access", None)
    return redirect("home:dashboard")


@require_POST
@reauthentication_required
def remove(request: HttpRequest) -> HttpResponse:
    remove_recovery_address(user=cast(User, request.user), request=request)
    messages.success(
        request, "Votre adresse de secours est retirée. Sans elle, un mot de passe perdu est plus long à retrouver."
    )
    return redirect("security:account")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the mail: GET shows a button, POST confirms, so that a mail scanner confirms nothing."""
    address = tokens.address_of(key)
    if address is None:
        return render(request, "security/recovery_confirm.html", {"address": None}, status=404)
    if request.method != "POST":
        return render(request, "security/recovery_confirm.html", {"address": address})
    try:
        confirm_recovery_address(address=address, request=request)
    except DomainError as error:
        return render(
            request, "security/recovery_confirm.html", {"address": None, "problem": SENTENCES[error.code]}, status=409
        )
    return render(request, "security/recovery_confirm.html", {"address": address, "done": True})


def _send(request: HttpRequest, address_pk: int, sentence: str) -> None:
    """Any mailbox may be named here: what the portal sends there is counted per account."""
    if wait := throttle.take_try(request, cast(User, request.user).username, throttle.RECOVERY_MAIL):
        messages.warning(request, TOO_MANY.format(wait=french_wait(wait)))
        return
    try:
        send_recovery_confirmation.delay(address_pk)
    except OperationalError:  # the broker is down; the address stays, to be confirmed
        messages.warning(request, NOT_SENT)
    else:
        messages.success(request, sentence)
