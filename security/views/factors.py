"""« Authentification renforcée » of « Mon compte »: the switch, the factors, the trusted browsers (S29, D11, D12)."""

import base64

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from iprof.kernel.errors import DomainError
from iprof.web.crypto import UnreadableSecret
from security.confirmation import confirmed
from security.factors import MAIN
from security.forms_factors import TotpForm
from security.models import TrustedBrowser
from security.people import signed_in
from security.selectors_factors import second_step_of
from security.services_factors import add_totp, new_recovery_codes, remove_factor, set_reinforced
from security.trust import forget_browsers

PENDING = "totp_pending"  # the secret being enrolled, sealed, in the session
SENTENCES = {
    "totp_already_there": "Une application est déjà enregistrée. Retirez-la avant d'en enregistrer une autre.",
    "no_factor": "Enregistrez d'abord une application ou une clé : les codes de secours la remplacent le jour où elle manque.",
}


@require_safe
def second_step(request: HttpRequest) -> HttpResponse:
    return render(request, "security/second_step.html", {"step": second_step_of(signed_in(request))})


@require_POST
@confirmed
def switch(request: HttpRequest) -> HttpResponse:
    on = request.POST.get("action") == "on"
    set_reinforced(user=signed_in(request), on=on, request=request)
    messages.success(request, f"L'authentification renforcée est {'activée' if on else 'désactivée'}.")
    return redirect("security:second_step")


@confirmed
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def totp_add(request: HttpRequest) -> HttpResponse:
    """The secret is shown until a code proves that the application holds it."""
    user, secret = signed_in(request), _pending_secret(request)
    form = TotpForm(request.POST if request.method == "POST" else None, secret=secret)
    if request.method == "POST" and form.is_valid():
        try:
            add_totp(user=user, secret=secret, counter=form.counter, request=request)
        except DomainError as error:
            messages.error(request, SENTENCES[error.code])
        else:
            messages.success(request, "Votre application est enregistrée. Vos autres connexions sont fermées.")
        request.session.pop(PENDING, None)
        return redirect("security:second_step")
    drawing = get_adapter().build_totp_svg(get_adapter().build_totp_url(user, secret)).encode()
    context = {
        "form": form,
        "drawing": f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}",
        "groups": [secret[i : i + 4] for i in range(0, len(secret), 4)],
    }
    return render(request, "security/totp_add.html", context, status=400 if form.errors else 200)


@confirmed
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New codes are made and shown by POST, once; no page ever shows them again."""
    user = signed_in(request)
    codes: list[str] = []
    if request.method == "POST":
        try:
            codes = new_recovery_codes(user=user, request=request)
        except DomainError as error:
            messages.error(request, SENTENCES[error.code])
            return redirect("security:second_step")
    return render(request, "security/recovery_codes.html", {"codes": codes, "step": second_step_of(user)})


@require_POST
def factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Authenticator, pk=pk, user=signed_in(request), type__in=MAIN)
    return _remove(request, pk)


@confirmed
def _remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        remove_factor(user=signed_in(request), pk=pk, request=request)
    except Authenticator.DoesNotExist:
        raise Http404 from None
    messages.success(request, "Ce facteur est retiré. Vos autres connexions sont fermées.")
    return redirect("security:second_step")


@require_POST
def browser_forget(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(TrustedBrowser, pk=pk, user=signed_in(request))
    forget_browsers(user=signed_in(request), pk=pk, request=request)
    messages.success(request, "Ce navigateur n'est plus de confiance.")
    return redirect("security:second_step")


def _pending_secret(request: HttpRequest) -> str:
    adapter = get_adapter()
    held = request.session.get(PENDING, "")
    try:
        return str(adapter.decrypt(held))
    except UnreadableSecret:
        secret: str = generate_totp_secret()
        request.session[PENDING] = adapter.encrypt(secret)
        return secret
