"""The copy of everything held about oneself: asked, waited for, downloaded by its owner only, who confirms first."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from documents.selectors.rights import current_export, offered_export
from documents.services.exports import DAYS, ask_export, download_export
from iprof.web.costly import costly
from iprof.web.crypto import UnreadableSecret
from iprof.web.personal_data import ASIDE, HELD
from security.confirmation import confirmed
from security.people import signed_in


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Where it stands. What is left out is told before it is asked for."""
    context = {
        "export": current_export(signed_in(request)),
        "offered": offered_export(signed_in(request), now=timezone.now()),
        "days": DAYS,
        "tables": len(HELD),
        "aside": sorted(set(ASIDE.values())),
    }
    return render(request, "documents/privacy/export.html", context)


@require_POST
@costly
def export_ask(request: HttpRequest) -> HttpResponse:
    return _ask(request)


@confirmed
def _ask(request: HttpRequest) -> HttpResponse:
    ask_export(owner=signed_in(request), request=request)
    messages.success(request, "La copie est demandée. Une alerte vous prévient quand elle est prête.")
    return redirect("privacy:export")


@require_POST
@costly
def export_download(request: HttpRequest) -> HttpResponse:
    if offered_export(signed_in(request), now=timezone.now()) is None:
        raise Http404
    return _download(request)


@confirmed
def _download(request: HttpRequest) -> HttpResponseBase:
    owner = signed_in(request)
    offered = offered_export(owner, now=timezone.now())
    if offered is None:
        raise Http404
    try:
        parts = download_export(export=offered, by=owner, request=request)
    except UnreadableSecret:
        messages.error(request, "Cette copie ne s'ouvre plus. Demandez-en une autre.")
        return redirect("privacy:export")
    name = f"mes-donnees-{timezone.localdate():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        parts,
        content_type="application/zip",
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
