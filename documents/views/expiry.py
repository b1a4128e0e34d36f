"""« Je n'en ai plus besoin »: asked once more, then recorded; the red notice of an expired document goes with it (S70)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from documents.enums import DocumentState
from documents.selectors.own import documents_of, shown
from documents.services.expiry import set_aside
from documents.services.own import NotNow
from documents.views.access import own_documents
from security.people import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def unneeded(request: HttpRequest, pk: UUID) -> HttpResponse:
    document = get_object_or_404(documents_of(signed_in(request)).filter(state=DocumentState.KEPT), pk=pk)
    if request.method != "POST":
        return render(request, "documents/unneeded.html", {"one": shown(document, on=timezone.localdate())})
    try:
        set_aside(document)
    except NotNow as error:  # taken back meanwhile, in another window
        messages.error(request, str(error))
    else:
        messages.success(request, f"C'est noté : « {document} » ne vous est plus signalé. Il reste gardé.")
    return redirect("documents:home")
