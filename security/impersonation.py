"""The portal seen in the place of an agent, for the time of a request (ADR 0015).

The session stays the staff's own: it only names a visit. Each request reads the visit again, so that its end, the
closing of an account or the withdrawal of a right count at once. Pages are open by name, reading only: a page nobody
listed here is refused.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from security.enums import ImpersonationEnd
from security.models import Impersonation, User
from security.policies import scope_of
from security.refusals import STAND_IN, refuse
from security.services_impersonation import end_impersonation, see_page
from security.sessions import follow_session
from security.stand_in import standing_in

HELD = "impersonation"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
EXITS = ("security:impersonation_end", "account_logout")  # by POST, as oneself
OPEN = frozenset(
    {
        "home:dashboard", "home:help", "home:check_address", "home:sitemap", "home:accessibility", "home:legal_notice",
        "home:personal_data", "home:display", "home:service_state", "home:health", "home:security_txt", "home:manifest", "home:robots",
        "correspondence:bulletin_list", "correspondence:bulletin_detail",
        "correspondence:news_list", "correspondence:news_detail", "correspondence:help_article",
        "correspondence:service_worker",
        "career:history", "career:cv", "career:cv_preview", "career:cv_entry_create", "career:cv_entry_change",
        "career:projection", "career:promotion", "career:scenario_detail", "career:perspectives", "career:comparison",
        "career:training_list", "career:hours", "career:appraisal_list", "career:appraisal_create", "career:correction_list",
        "career:correction_create",
    }
)  # fmt: skip


def enter(request: HttpRequest, visit: Impersonation, *, back: str) -> None:
    """This session looks in the place of the agent from now on; `back` is the page it returns to."""
    request.session[HELD] = {"visit": str(visit.public_id), "back": back}
    _turn(request)


def leave(request: HttpRequest) -> str:
    """This session is the staff's own again; returns the page to go back to."""
    held = request.session.pop(HELD, None) or {}
    _turn(request)
    return str(held.get("back") or reverse("home:dashboard"))


def _turn(request: HttpRequest) -> None:
    """A new key and a new token: neither an old cookie nor a form of the other side serves."""
    request.session.cycle_key()
    follow_session(request)
    rotate_token(request)


class ImpersonationMiddleware:
    """Costs a look into the session to whoever is oneself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        held = request.session.get(HELD)
        if held is None:
            return self.get_response(request)
        visit = visit_of(request)
        if visit is None or not _goes_on(visit, request):
            return _over(request)
        if request.method == "POST" and request.path_info in {reverse(name) for name in EXITS}:
            return self.get_response(request)
        return self._as_the_agent(request, visit)

    def _as_the_agent(self, request: Any, visit: Impersonation) -> HttpResponse:
        request.real_user, request.user, request.impersonation = visit.staff, visit.subject, visit
        with standing_in(visit):
            response = self.get_response(request)
        if response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html"):
            see_page(visit=visit, page=_name(request), request=request)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not hasattr(request, "impersonation"):
            return None
        writes = request.method not in READS
        if not writes and _name(request) in OPEN:
            return None
        refuse(request, STAND_IN)
        return render(request, "security/impersonation_refused.html", {"writes": writes}, status=403)


def visit_of(request: HttpRequest) -> Impersonation | None:
    """The visit this session names, if it has not ended and is of the person signed in. One query."""
    held, user = request.session.get(HELD), request.user
    if held is None or not user.is_authenticated:
        return None
    visits = Impersonation.objects.select_related("staff", "subject")
    return visits.filter(public_id=held["visit"], staff_id=user.pk, ended_at__isnull=True).first()


def may_impersonate(staff: User) -> bool:
    """Permission and dated habilitation, as of now."""
    return staff.has_perm("security.impersonate_user") and scope_of(staff, on=timezone.localdate()).sees_portals


def _goes_on(visit: Impersonation, request: HttpRequest) -> bool:
    """Ends what must end."""
    late = timezone.now() >= visit.ends_at
    if not late and visit.subject.is_active and not visit.subject.is_staff and may_impersonate(visit.staff):
        return True
    cause = ImpersonationEnd.EXPIRED if late else ImpersonationEnd.WITHDRAWN
    end_impersonation(visit=visit, cause=cause, request=request)
    return False


def _over(request: HttpRequest) -> HttpResponse:
    """Whatever was asked is not done: it was meant in the place of the agent."""
    messages.warning(
        request, "La consultation à la place de l'agent a pris fin. Ce que vous demandiez n'a pas été fait."
    )
    return redirect(leave(request))


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
