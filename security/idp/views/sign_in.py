"""The page a service sends people to, and the one by which it signs them out. Addresses come from the services' own
registration: a request that names another one is answered here, never there."""

from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from security.idp.asked import Asked, BadRequest, Refused, ask_again, check, code_for, missing, read
from security.idp.services import grant_service, open_service
from security.models import User
from security.services_refusals import note_refusal

UNKNOWN = "Service inconnu, ou adresse de retour non enregistrée"
SILENT = {"login": "login_required", "factor": "interaction_required", "consent": "consent_required"}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """GET leads to what is missing, then to the service with a code; POST carries the person's answer on the page."""
    user = request.user if request.user.is_authenticated else None
    try:
        asked = read(request)
        try:
            check(request, asked, user)
            return _go_on(request, asked, user)
        except Refused as refusal:
            return _answer(request, asked, asked.answer(error=refusal.code))
    except BadRequest:
        note_refusal(
            actor=user, subject=None, reason=UNKNOWN, request=request, page="idp:authorize", method="GET", status=400
        )
        return render(request, "idp/bad_request.html", status=400)


def _go_on(request: HttpRequest, asked: Asked, user: User | None) -> HttpResponse:
    step = missing(request, asked, user)
    if "none" in asked.prompts and step:
        raise Refused(SILENT[step])
    match step:
        case "login":
            return _sign_in(request, asked, user)
        case "factor":
            return redirect("security:second_step")
        case "consent" if request.method != "POST" or request.POST.get("pour") != cast(User, user).username:
            return _consent(request, asked)
        case "consent" if request.POST.get("action") != "accorder":
            raise Refused("access_denied")
    if request.method == "HEAD":
        return HttpResponse()  # nothing is granted by looking
    return _open(request, asked, cast(User, user), agreed=step == "consent")


def _sign_in(request: HttpRequest, asked: Asked, user: User | None) -> HttpResponse:
    """By the portal's own sign-in, second step included; whoever is there already gives the password once more."""
    if asked.wants_fresh:
        ask_again(request)
    if user is None:
        return redirect_to_login(request.get_full_path())
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")


def _consent(request: HttpRequest, asked: Asked) -> HttpResponse:
    page = render(request, "idp/consent.html", {"asked": asked, "hours": settings.SESSION_COOKIE_AGE // 3600})
    return allow_form_to(page, asked.origin)


def _open(request: HttpRequest, asked: Asked, user: User, *, agreed: bool) -> HttpResponse:
    grant = grant_service(user=user, service=asked.service, scopes=asked.scopes, asked=agreed, request=request)
    session = open_service(grant=grant, user=user, request=request)
    return _answer(request, asked, code_for(request, asked, user, session))


def _answer(request: HttpRequest, asked: Asked, address: str) -> HttpResponse:
    """To the service: at once, or by a page that goes on by itself when a form of the portal led here. Browsers hold the
    redirects that follow a form against its `form-action`, and the sign-in page names no service."""
    if request.method != "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin":
        page = render(request, "idp/go_on.html", {"asked": asked, "address": address})
        page.headers["Refresh"] = f"0; url={address}"
        return page
    return _leave(address)


class _Leave(HttpResponseRedirect):
    allowed_schemes = ["https", "http"]


def _leave(address: str) -> HttpResponse:
    return _Leave(address)


def allow_form_to(page: HttpResponse, origin: str) -> HttpResponse:
    """Browsers hold the redirect that follows a form against `form-action`."""
    page._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]
    return page
