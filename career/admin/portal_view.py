"""The page that asks why, then shows the portal in the place of an agent (ADR 0015)."""

import datetime as dt
from collections.abc import Callable
from typing import cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from career.models import Agent
from iprof.kernel.errors import DomainError
from security.enums import ImpersonationMotive
from security.impersonation import enter
from security.middleware import BEGAN
from security.models import User
from security.services_impersonation import LONGEST_REASON, SHORTEST_REASON, begin_impersonation

SENTENCES = {
    "impersonation_own": "C'est votre propre dossier : ouvrez « Mon espace ».",
    "impersonation_staff": "Cette personne a des droits d'administration : personne ne voit le portail à sa place.",
    "impersonation_closed": "Ce compte est fermé, ou attend sa première connexion : il n'y a rien à voir à sa place.",
    "impersonation_motive": "Choisissez un motif : l'agent le lira.",
    "impersonation_reason": f"Dites pourquoi en {SHORTEST_REASON} à {LONGEST_REASON} caractères : l'agent le lira.",
    "impersonation_nested": "Vous voyez déjà le portail à la place de quelqu'un : terminez d'abord.",
}
Page = Callable[..., HttpResponse]


def see_portal(request: HttpRequest, agent: Agent, page: Page) -> HttpResponse:
    """GET asks motive and reason; POST begins and leads to the home page. The password is asked once more, first.

    The caller has checked permission and perimeter. `page` renders a template in the frame of the administration.
    """
    view = reauthentication_required(app="allauth.mfa")(_asked)
    response: HttpResponse = view(request, agent, page)
    return response


def _asked(request: HttpRequest, agent: Agent, page: Page) -> HttpResponse:
    if agent.user is None:
        raise PermissionDenied
    motive, reason = request.POST.get("motif", ""), request.POST.get("precision", "").replace("\x00", "")
    problem = ""
    if request.method == "POST":
        try:
            return _begin(request, agent, motive, reason)
        except DomainError as error:
            problem = SENTENCES[error.code]
    return page(
        template="admin/career/agent/portal.html",
        status=400 if problem else 200,
        title="Voir le portail à la place de l'agent",
        agent=agent,
        motives=ImpersonationMotive.choices,
        motive=motive,
        reason=reason[: LONGEST_REASON * 2],
        problem=problem,
        minutes=settings.IMPERSONATION_SECONDS // 60,
    )


def _begin(request: HttpRequest, agent: Agent, motive: str, reason: str) -> HttpResponse:
    visit = begin_impersonation(
        staff=cast(User, request.user),
        subject=cast(User, agent.user),
        motive=motive,
        reason=reason,
        not_after=session_limit(request),
        request=request,
    )
    enter(request, visit, back=reverse("admin:career_agent_change", args=[agent.pk]))
    return redirect("home:dashboard")


def session_limit(request: HttpRequest) -> dt.datetime:
    """When the session of staff ends, whatever is done with it (norm D11)."""
    began = int(request.session[BEGAN])
    return dt.datetime.fromtimestamp(began + settings.SESSION_COOKIE_AGE, dt.UTC)
