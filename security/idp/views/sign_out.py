"""Sign-out asked by a service (OpenID Connect RP-Initiated Logout 1.0): the person says whether the portal ends too."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from allauth.idp.oidc.models import Token
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from security.idp import keys
from security.idp.claims import subject_of
from security.idp.clients import find_service
from security.idp.models import Service
from security.idp.sessions import end_service_sessions
from security.idp.views.sign_in import _leave, allow_form_to
from security.people import signed_in


@dataclass(frozen=True, slots=True)
class Leaving:
    """`back` is one of the service's own addresses, with its state, or empty."""

    service: Service | None
    subject: str
    back: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.back)
        return f"{parts.scheme}://{parts.netloc}"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """GET asks; POST does. Nothing ends by an address alone: a page of anybody could hold it."""
    leaving = _read(request)
    if not request.user.is_authenticated:
        return _leave(leaving.back) if leaving.back else redirect_to_login(reverse("home:dashboard"))
    if request.method != "POST":
        page = render(request, "idp/sign_out.html", {"leaving": leaving})
        return allow_form_to(page, leaving.origin) if leaving.back else page
    return _end(request, leaving)


def _end(request: HttpRequest, leaving: Leaving) -> HttpResponse:
    user = signed_in(request)
    if leaving.service is not None:
        Token.objects.filter(user=user, client_id=leaving.service.pk).delete()
        end_service_sessions(user, leaving.service)
    if request.POST.get("action") == "rester":
        return _leave(leaving.back) if leaving.back else redirect("home:dashboard")
    logout(request)
    response = _leave(leaving.back) if leaving.back else redirect("account_login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _read(request: HttpRequest) -> Leaving:
    """A hint made for another service or another person than the one here counts for nothing."""
    query = request.GET
    told = keys.read_hint(query.get("id_token_hint", "")) or {}
    service = find_service(query.get("client_id") or told.get("aud"))
    if told and service is not None and told["aud"] != service.pk:
        service, told = None, {}
    wanted = query.get("post_logout_redirect_uri", "")
    back = wanted if service is not None and wanted in service.get_post_logout_redirect_uris() else ""
    if back and query.get("state"):
        back += f"{'&' if '?' in back else '?'}{urlencode({'state': query['state']})}"
    if request.user.is_authenticated and service is not None and told:
        same = told["sub"] == subject_of(service.pk, signed_in(request).pk)
        service = service if same else None
    return Leaving(service, str(told.get("sub", "")), back)
