"""« Mon profil »: the security of the account, its open sessions, and who read the file."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from security.models import OpenSession
from security.people import signed_in
from security.selectors import reads_by_others, with_visits
from security.selectors_dashboard import dashboard_of
from security.sessions import end_other_sessions, end_session

PER_PAGE = 25


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Last password change, failed tries, sessions, recovery address and audit (requirements S32 to S37)."""
    found = dashboard_of(signed_in(request), request, on=timezone.localdate())
    return render(request, "security/profile.html", {"found": found})


@require_safe
def file_reads(request: HttpRequest) -> HttpResponse:
    """Who read my file, when and why (norm D20)."""
    page = Paginator(reads_by_others(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_visits(page.object_list)
    return render(request, "security/file_reads.html", {"page": page})


@require_POST
def session_end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another browser of mine; the one in use is left by signing out."""
    session = get_object_or_404(OpenSession, public_id=public_id, user=signed_in(request))
    if session.session_key == request.session.session_key:
        messages.warning(
            request, "C'est la connexion que vous utilisez. Pour la fermer, choisissez « Se déconnecter »."
        )
    else:
        end_session(session=session, request=request)
        messages.success(request, f"La connexion « {session.browser} » est fermée.")
    return redirect("security:profile")


@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    ended = end_other_sessions(user=signed_in(request), request=request)
    if ended:
        messages.success(request, "Vos autres connexions sont fermées.")
    else:
        messages.info(request, "Aucune autre connexion n'était ouverte.")
    return redirect("security:profile")
