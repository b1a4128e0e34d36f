"""« Mes documents »: what one has deposited, what was said of it, what one does with it. Always one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import custody
from documents.domain.procedures import procedures
from documents.enums import DocumentState
from documents.forms.deposit import DetailsForm
from documents.forms.look import LookForm
from documents.models import Document
from documents.selectors.expiry import in_red
from documents.selectors.follow import reads_of, uses_of
from documents.selectors.own import by_family, documents_of, looked_for, shown
from documents.selectors.retention import retention_of, with_life
from documents.services import own
from documents.services.reading import as_attachment, content_for
from documents.views.access import own_documents
from security.people import signed_in

GONE = "Le contenu de ce document est momentanément illisible. Réessayez dans quelques minutes ; s'il le reste, écrivez à l'assistance."


@require_safe
@own_documents
def home(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    rows = list(documents_of(user).exclude(state=DocumentState.DESTROYED))
    families = by_family(rows, on=today)
    form = LookForm(request.GET)
    valid, asked = form.is_valid(), form.cleaned_data
    context = {
        "families": looked_for(families, asked.get("etat", ""), asked.get("mots", "")),
        "any": bool(rows),
        "form": form,
        "expired": in_red(user, on=today),
    }
    return render(request, "documents/home.html", context, status=200 if valid else 400)


@sensitive_post_parameters("titre")
@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One document; the form tells what it is."""
    document = get_object_or_404(documents_of(signed_in(request)), pk=pk)
    if request.method != "POST":
        return detail_page(request, document, DetailsForm(initial=_told(document)))
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return detail_page(request, document, form, status=400)
    try:
        own.describe(document, form.details)
    except own.NotNow as error:
        form.add_error(None, str(error))
        return detail_page(request, document, form, status=409)
    messages.success(request, f"Le document est enregistré sous le titre « {form.details.title} ».")
    return back(request.POST.get("procedure", "")) or redirect(document)


def back(code: str) -> HttpResponse | None:
    """To the page of the procedure one came from, when there was one: a request of mobility has its own for its pieces."""
    law = procedures().get(code)
    if law is None:
        return None
    if not law.by_portal:
        return redirect(reverse("mobility:my_pieces", query={"procedure": code}))
    return redirect("documents:procedure", code=code)


def _told(document: Document) -> dict[str, object]:
    return {
        "type": document.kind,
        "titre": document.title,
        "date": document.dated_on,
        "fin": document.ends_on,
    }


def detail_page(request: HttpRequest, document: Document, form: DetailsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "one": shown(document, on=timezone.localdate()),
        "red": any(one.row.pk == document.pk for one in in_red(document.owner, on=timezone.localdate())),
        "form": form,
        "editable": _editable(document),
        "retention": retention_of(with_life(Document.objects.filter(pk=document.pk)).get()),
        "uses": uses_of(document),
        "reads": reads_of(document),
        "procedure": code if (code := request.POST.get("procedure", "")) in procedures() else "",
    }
    return render(request, "documents/detail.html", context, status=status)


def _editable(document: Document) -> bool:
    gone = document.state in (DocumentState.REFUSED, DocumentState.DESTROYED)
    return not gone and not getattr(document, "joined", False)


@require_safe
@own_documents
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The content as kept, for its owner; a service takes its copy elsewhere (`views.copies`)."""
    user = signed_in(request)
    get_object_or_404(documents_of(user), pk=pk)
    try:
        document, content = content_for(pk, by=user, on=timezone.localdate(), request=request)
    except (custody.LostContent, custody.UnreadableSecret, OSError):
        return render(request, "documents/unreadable.html", {"sentence": GONE}, status=503)
    return as_attachment(document, content)


@require_POST
@own_documents
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its owner agrees that the active content be removed."""
    document = get_object_or_404(documents_of(signed_in(request)), pk=pk)
    try:
        own.agree_to_cleaning(document)
    except own.NotNow as error:
        messages.error(request, str(error))
    except (custody.LostContent, custody.UnreadableSecret, OSError):
        messages.error(request, GONE)
    else:
        messages.success(request, "Le contenu actif est retiré. Les autres contrôles suivent.")
    return redirect(document)


@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked once more, then destroyed."""
    user = signed_in(request)
    document = get_object_or_404(documents_of(user).exclude(state=DocumentState.DESTROYED), pk=pk)
    one = shown(document, on=timezone.localdate())
    if request.method != "POST":
        return render(request, "documents/withdraw.html", {"one": one})
    try:
        own.withdraw(document, by=user, request=request)
    except own.NotNow as error:
        return render(request, "documents/withdraw.html", {"one": one, "refused": str(error)}, status=409)
    messages.success(request, f"« {document} » est détruit.")
    return redirect("documents:home")
