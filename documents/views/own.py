"""« Mes documents »: what one has deposited, what was said of it, what one does with it. Always one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import custody
from documents.enums import DocumentState
from documents.forms.deposit import MOST, DepositForm, DetailsForm
from documents.models import Document
from documents.selectors.own import Shown, by_family, documents_of, shown
from documents.selectors.retention import retention_of, with_life
from documents.services import own
from documents.services.deposit import FullQuota, deposit
from documents.services.reading import as_attachment, content_for
from documents.views.access import own_documents
from security.people import signed_in

GONE = "Le contenu de ce document est momentanément illisible. Réessayez dans quelques minutes ; s'il le reste, écrivez à l'assistance."
FULL = "Votre espace est plein. Retirez des documents dont vous n'avez plus besoin, puis déposez celui-ci."
STORAGE_DOWN = (
    "Le stockage ne répond pas : rien n'a été gardé de ce fichier. Déposez-le de nouveau dans quelques minutes."
)


@require_safe
@own_documents
def home(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    rows = list(documents_of(user).exclude(state=DocumentState.DESTROYED))
    families = by_family(rows, on=today)
    expired = [one for family in families for one in family.documents if one.expired]
    return render(request, "documents/home.html", {"families": families, "expired": expired, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def deposit_files(request: HttpRequest) -> HttpResponse:
    """Each file is kept or refused by itself; the page says which, and why."""
    if request.method != "POST":
        return _deposit_page(request, DepositForm())
    form = DepositForm(request.POST, request.FILES)
    if not form.is_valid():
        return _deposit_page(request, form, status=400)
    results = [_deposited(request, upload) for upload in form.cleaned_data["fichiers"]]
    if len(results) == 1 and results[0][1] is not None and results[0][1].row.state != DocumentState.REFUSED:
        messages.success(request, "Le fichier est reçu. Dites maintenant ce qu'il est.")
        return redirect(results[0][1].row)
    refused = any(one is None or one.row.state == DocumentState.REFUSED for _, one, _ in results)
    return _deposit_page(request, DepositForm(), results=results, status=400 if refused else 200)


def _deposited(request: HttpRequest, upload: UploadedFile[Any]) -> tuple[str, Shown | None, str]:
    """(name, the document, or why nothing was kept)."""
    user, name = signed_in(request), upload.name or ""
    try:
        document = deposit(owner=user, upload=upload, request=request)
    except FullQuota:
        return name, None, FULL
    except OSError:
        return name, None, STORAGE_DOWN
    row = documents_of(user).get(pk=document.pk)
    return row.original_name, shown(row, on=timezone.localdate()), ""


def _deposit_page(
    request: HttpRequest,
    form: DepositForm,
    *,
    results: list[tuple[str, Shown | None, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "results": results or [], "most": MOST}
    return render(request, "documents/deposit.html", context, status=status)


@sensitive_post_parameters("titre")
@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One document; the form tells what it is."""
    document = get_object_or_404(documents_of(signed_in(request)), pk=pk)
    if request.method != "POST":
        return _detail_page(request, document, DetailsForm(initial=_told(document)))
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, document, form, status=400)
    try:
        own.describe(document, form.details)
    except own.NotNow as error:
        form.add_error(None, str(error))
        return _detail_page(request, document, form, status=409)
    messages.success(request, f"Le document est enregistré sous le titre « {form.details.title} ».")
    return redirect(document)


def _told(document: Document) -> dict[str, object]:
    return {
        "type": document.kind,
        "titre": document.title,
        "date": document.dated_on,
        "fin": document.ends_on,
    }


def _detail_page(request: HttpRequest, document: Document, form: DetailsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "one": shown(document, on=timezone.localdate()),
        "form": form,
        "editable": _editable(document),
        "retention": retention_of(with_life(Document.objects.filter(pk=document.pk)).get()),
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
