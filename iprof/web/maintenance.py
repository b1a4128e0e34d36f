"""The portal closed for works: a page that says why and until when, and gives back what was being sent (K2, E24)."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone

from iprof.web.middleware import MACHINES
from iprof.web.service_state import current_maintenance
from status.maintenance import Maintenance

log = logging.getLogger(__name__)
PASS = "security.pass_maintenance"  # noqa: S105  (the name of a permission)
OPEN_PATHS = ("/sante/", "/connexion/", "/robots.txt", "/.well-known/")  # staff must be able to come in
LEAST_SECONDS = 60
# What must never be written in a page: it is typed again.
SECRETS = frozenset(
    {"csrfmiddlewaretoken", "password", "password1", "password2", "current", "secret", "code", "credential"}
)
SECRET_PATHS = ("/premiere-connexion/", "/mot-de-passe-perdu/", "/compte/mot-de-passe/", "/acces/")
LONG = 20  # characters: a text somebody wrote, shown so that it can be copied


class MaintenanceMiddleware:
    """After who is signed in is known, before anything reads the session: the database may be stopped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        works = current_maintenance()
        if works is None or request.path.startswith(OPEN_PATHS) or _passes(request):
            return self.get_response(request)
        return _closed(request, works)


def _passes(request: HttpRequest) -> bool:
    """Whoever holds the permission looks at the portal before the others; nobody while the database is stopped."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    try:
        return request.user.has_perm(PASS)
    except DatabaseError:
        log.warning("maintenance: the database does not answer, nobody passes")
        return False


def _closed(request: HttpRequest, works: Maintenance) -> HttpResponse:
    seconds = max(LEAST_SECONDS, int((works.until - timezone.now()).total_seconds()))
    if request.path.startswith(MACHINES):
        response: HttpResponse = JsonResponse({"error": "maintenance"}, status=503)
    else:
        context = {
            "works": works,
            "until": works.until if works.until > timezone.now() else None,
            "kept": _kept(request),
            "files": bool(request.FILES) if request.method == "POST" else False,
            "address": request.get_full_path(),
            "status_url": settings.STATUS_URL,
            "portal_name": settings.PORTAL_NAME,
        }
        if request.method == "POST":
            context["csrf_token"] = get_token(request)
        response = HttpResponse(render_to_string("maintenance.html", context), status=503)
    response["Retry-After"] = str(seconds)
    return response


def _kept(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(name, value, whether it is a text to show) of each field sent, secrets aside."""
    if request.method != "POST" or request.path.startswith(SECRET_PATHS):
        return []
    return [
        (name, value, len(value) >= LONG or "\n" in value)
        for name, values in request.POST.lists()
        for value in values
        if name not in SECRETS
    ]
