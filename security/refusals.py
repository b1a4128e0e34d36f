"""Every refused access reaches the journal: 403 for anybody, 404 on the address of an object for whoever is signed in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from security.models import User
from security.people import real_user
from security.services_refusals import note_refusal

OBJECTS = frozenset({"pk", "public_id", "object_id", "message_id"})  # what names an object in an address
BY_STATUS = {403: "Rôle ou habilitation insuffisants", 404: "Objet inexistant, ou hors de portée de cette personne"}
CSRF = "Formulaire sans jeton valable"
STAND_IN = "Fermé à la place d'un agent"


def refuse(request: HttpRequest, why: str) -> None:
    """Says why, for the line to come: the status alone would not."""
    request.refusal = why  # type: ignore[attr-defined]


class RefusedAccessMiddleware:
    """Costs nothing to a page that answers; two statements to one refused, whatever their number within a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in BY_STATUS and request.resolver_match is not None:
            self._note(request, response.status_code)
        return response

    @staticmethod
    def _note(request: Any, status: int) -> None:
        match, someone = request.resolver_match, request.user.is_authenticated
        if status == 404 and not (someone and OBJECTS & match.kwargs.keys()):
            return
        visit = getattr(request, "impersonation", None)
        actor: User | None = real_user(request) if someone else None
        note_refusal(
            actor=actor,
            subject=visit.subject if visit else None,
            reason=getattr(request, "refusal", BY_STATUS[status]),
            request=request,
            page=match.view_name or "",
            method=request.method,
            status=status,
        )
