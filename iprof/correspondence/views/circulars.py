"""« Correspondances »: what the administration wrote to the agent. Reading a page writes nothing: a receipt is a POST."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from iprof.correspondence.files import download
from iprof.correspondence.forms.circulars import ListForm
from iprof.correspondence.rich_text import shown as in_page
from iprof.correspondence.selectors.circulars import (
    files_of,
    received_counts,
    received_file,
    received_list,
    received_one,
    shown,
)
from iprof.correspondence.services.circular_marks import archive_circular, mark_circular_done, mark_circular_read
from security.enums import AccessKind
from security.journal import record
from security.people import signed_in

PER_PAGE = 20


@require_safe
def circular_list(request: HttpRequest) -> HttpResponse:
    """One's own, newest first. A filter that does not exist says so and leaves the other at work."""
    user, form = signed_in(request), ListForm(request.GET)
    valid = form.is_valid()
    view, words = form.cleaned_data.get("vue", ""), form.cleaned_data.get("mots", "")
    page = Paginator(received_list(user, view=view, words=words), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [shown(row, on=timezone.localdate()) for row in page],
        "counts": received_counts(user),
        "filtered": bool(view or words),
    }
    return render(request, "correspondence/circular_list.html", context, status=200 if valid else 400)


@require_safe
def circular_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = received_one(signed_in(request), public_id)
    if row is None:
        raise Http404
    context = {
        "row": shown(row, on=timezone.localdate()),
        "circular": row.circular,
        "body": in_page(row.circular.html),
        "files": files_of(row.circular_id),
    }
    return render(request, "correspondence/circular_detail.html", context)


@require_safe
def circular_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A joined file, to its recipients only. The download leaves a trace."""
    user = signed_in(request)
    found = received_file(user, public_id, file_id)
    if found is None:
        raise Http404
    record(AccessKind.CIRCULAR_FILE, actor=user, request=request, circular=found.circular_id, position=found.position)
    return download(found.attachment)


@require_POST
def circular_read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The receipt; from the list (`ouvrir`) the page opens, on the page itself it says so."""
    circular = mark_circular_read(by=signed_in(request), public_id=public_id)
    if circular is None:
        raise Http404
    if not request.POST.get("ouvrir"):
        messages.success(request, "La correspondance est marquée comme lue.")
    return redirect(circular)


@require_POST
def circular_done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    done = mark_circular_done(by=signed_in(request), public_id=public_id)
    if done is None:
        raise Http404
    if done:
        messages.success(request, "C'est noté : vous avez fait le nécessaire. Les rappels cessent.")
    else:
        messages.error(request, "Cette correspondance ne demande rien, ou elle est rappelée : il n'y a rien à faire.")
    return redirect("correspondence:circular_detail", public_id=public_id)


@require_POST
def circular_archive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`action`: « ranger », or « ressortir »."""
    away = request.POST.get("action") != "ressortir"
    if not archive_circular(by=signed_in(request), public_id=public_id, away=away):
        raise Http404
    messages.success(request, "Rangée dans vos archives." if away else "Ressortie de vos archives.")
    return redirect("correspondence:circular_list")
