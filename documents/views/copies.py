"""The pages of a document, and its copy for a service. Reading somebody else's leaves a trace (ADR 0007)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents import custody
from documents.services import copies
from documents.services.reading import as_attachment, as_page
from documents.views.access import any_reader
from security.people import signed_in

GONE = "Le contenu de ce document est momentanément illisible. Réessayez dans quelques minutes ; s'il le reste, signalez-le à l'assistance."


@require_safe
@any_reader
def preview(request: HttpRequest, pk: UUID, page: int) -> HttpResponse:
    """PNG of a page counted from 1."""

    def drawn() -> HttpResponse:
        return as_page(copies.preview(pk, page=page, by=signed_in(request), on=timezone.localdate(), request=request))

    return _or_told(request, drawn)


@require_safe
@any_reader
def staff_copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    def copied() -> HttpResponse:
        document, content, name = copies.copy_for(pk, by=signed_in(request), on=timezone.localdate(), request=request)
        return as_attachment(document, content, name=name)

    return _or_told(request, copied)


def _or_told(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return answer()
    except copies.Undrawable as error:
        return render(request, "documents/unreadable.html", {"sentence": str(error)}, status=422)
    except (custody.LostContent, custody.UnreadableSecret, OSError):
        return render(request, "documents/unreadable.html", {"sentence": GONE}, status=503)
