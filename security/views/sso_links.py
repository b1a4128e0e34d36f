"""Linking an account to a provider: signed in, the password just given, on a page that says what it opens (D12)."""

import time
from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from iprof.kernel.errors import DomainError
from security.factors import has_factor
from security.models import FederatedLink
from security.people import signed_in
from security.services_sso import link_account, unlink_account
from security.sso.pending import Pending, drop, pending

SENTENCES = {
    "already_linked": "Votre compte est déjà relié à une autre identité de {name}. Retirez d'abord cette liaison.",
    "link_taken": "Cette identité de {name} est déjà reliée à un autre compte. Si elle est la vôtre, prévenez l'assistance.",
}


def _long_signed_in(request: HttpRequest) -> bool:
    """Whether what this session gave is older than what a confirmation is good for: then it is asked once more. The
    password, and the factor too for whoever has one."""
    given = {one["method"]: one["at"] for one in get_authentication_records(request, request.user)}
    needed = ("password", "mfa") if has_factor(signed_in(request)) else ("password",)
    return time.time() - min(given.get(name, 0) for name in needed) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


confirmed: Callable = reauthentication_required(app="allauth.mfa")  # type: ignore[type-arg]
just_entered: Callable = reauthentication_required(app="allauth.mfa", enabled=_long_signed_in)  # type: ignore[type-arg]


@just_entered
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """« Est-ce bien vous ? », then the link."""
    waiting = pending(request)
    if waiting is None:
        messages.info(request, "Aucune identité n'attend d'être reliée. Recommencez depuis « Mon compte ».")
        return redirect("security:account")
    if request.method == "POST":
        drop(request)
        return _link(request, waiting) if request.POST.get("action") == "link" else redirect("security:account")
    return render(request, "security/sso_link.html", {"waiting": waiting})


def _link(request: HttpRequest, waiting: Pending) -> HttpResponse:
    try:
        link_account(user=signed_in(request), identity=waiting.identity, provider=waiting.provider, request=request)
    except DomainError as problem:
        messages.error(request, SENTENCES[problem.code].format(name=waiting.provider.name))
        return redirect("security:account")
    messages.success(request, f"C'est fait : {waiting.provider.name} ouvre désormais votre compte.")
    return redirect(waiting.next_url or "security:account")


@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(FederatedLink, pk=pk, user=signed_in(request))
    return _unlink(request, pk)


@confirmed
def _unlink(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        unlink_account(user=signed_in(request), pk=pk, request=request)
    except FederatedLink.DoesNotExist:
        raise Http404 from None
    messages.success(request, "La liaison est retirée. Votre mot de passe ouvre toujours votre compte.")
    return redirect("security:account")
