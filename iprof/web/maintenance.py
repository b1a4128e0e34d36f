"""The portal closed for works: a page that says why and until when, and gives back what was being sent (K2, E24)."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from iprof.web.formats import french_moment
from iprof.web.kept_form import kept_page
from iprof.web.middleware import MACHINES
from iprof.web.service_state import current_maintenance
from status.maintenance import Maintenance

log = logging.getLogger(__name__)
PASS = "security.pass_maintenance"  # noqa: S105  (the name of a permission)
# Staff must be able to come in, by a password or a provider, and whoever is in to leave, from here or from the provider.
OPEN_PATHS = ("/sante/", "/connexion/", "/deconnexion/", "/acces/", "/robots.txt", "/.well-known/")
LEAST_SECONDS = 60
HINT = (
    "Laissez cette page ouverte, puis renvoyez quand le portail est rouvert. Tant qu'il est fermé, le bouton ramène ici avec "
    "votre texte."
)


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
        response = kept_page(
            request,
            title="Le portail est en maintenance",
            status=503,
            lead=works.reason,
            lines=[_end(works)],
            hint=HINT,
        )
    response["Retry-After"] = str(seconds)
    return response


def _end(works: Maintenance) -> str:
    known = works.until > timezone.now()
    said = (
        f"Fin prévue le {french_moment(timezone.localtime(works.until))}."
        if known
        else "L'heure de fin n'est pas encore connue."
    )
    return f"{said} Rien de ce que vous aviez enregistré n'est perdu."
