"""Depositing: several files from « Mes documents », or the one document that a procedure or a replacement asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from documents.domain.procedures import Procedure, procedures
from documents.domain.types import DocumentType, document_type
from documents.enums import DocumentState
from documents.forms.deposit import MOST, DepositForm, DetailsForm, KnownDetailsForm
from documents.models import Document
from documents.selectors.own import Shown, documents_of, shown
from documents.services.deposit import Details, FullQuota, deposit, deposit_photos
from documents.views.access import own_documents
from documents.views.own import back, detail_page
from iprof.web.costly import minutes_to_wait
from security.models import User
from security.people import signed_in

FULL = "Votre espace est plein. Retirez des documents dont vous n'avez plus besoin, puis déposez celui-ci."
STORAGE_DOWN = (
    "Le stockage ne répond pas : rien n'a été gardé de ce fichier. Déposez-le de nouveau dans quelques minutes."
)

LATE = "Pas lu : l'envoi prenait trop de temps. Déposez-le de nouveau, seul."
SECONDS = 12.0  # spent on the files of one form; a web worker is stopped at 30, and the last file begun may take 11
FILES_PER_WINDOW = 600  # of one person, in ten minutes: one a second, more than anybody chooses by hand


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a type, for a procedure, in the place of an older document. Unknown words ask nothing."""

    kind: DocumentType | None
    procedure: Procedure | None
    replaces: Document | None


@dataclass(frozen=True, slots=True)
class Result:
    """A file sent: the document it became, or why nothing was kept of it."""

    name: str
    one: Shown | None
    problem: str = ""

    @property
    def refused(self) -> bool:
        return self.one is None or self.one.row.state == DocumentState.REFUSED


@sensitive_post_parameters("titre")
@require_http_methods(["GET", "HEAD", "POST"])
@own_documents
def deposit_files(request: HttpRequest) -> HttpResponse:
    """Each file is kept or refused by itself; the page says which, and why."""
    if request.method != "POST":
        asked = _asked(signed_in(request), request.GET)
        return _page(request, asked, DepositForm(alone=asked.kind is not None), _blank(asked))
    asked = _asked(signed_in(request), request.POST)
    form = DepositForm(request.POST, request.FILES, alone=asked.kind is not None)
    details = KnownDetailsForm(request.POST) if asked.kind else None
    if not form.is_valid():
        return _page(request, asked, form, details, status=400)
    if wait := _minutes_to_wait(request, form):
        form.add_error("fichiers", _too_many(wait))
        return _page(request, asked, form, details, status=429)
    results = _results(request, form, asked, details)
    return _answer(request, asked, details, results)


def _minutes_to_wait(request: HttpRequest, form: DepositForm) -> int:
    count = len(form.cleaned_data["fichiers"])
    return minutes_to_wait(f"deposit:{signed_in(request).pk}", most=FILES_PER_WINDOW, amount=count)


def _too_many(wait: int) -> str:
    return (
        f"Vous avez envoyé plus de {FILES_PER_WINDOW} fichiers en dix minutes : rien n'est gardé de ceux-ci. "
        f"Déposez-les de nouveau dans {wait} minute{'s' if wait > 1 else ''}."
    )


def _asked(user: User, words: QueryDict) -> Asked:
    try:
        old = documents_of(user).filter(state=DocumentState.KEPT, pk=UUID(words.get("remplace", ""))).first()
    except ValueError:
        old = None
    kind = document_type(words.get("type", "")) or (old.type if old else None)
    return Asked(kind, procedures().get(words.get("procedure", "")), old)


def _blank(asked: Asked) -> DetailsForm | None:
    return KnownDetailsForm(initial={"type": asked.kind.code}) if asked.kind else None


def _results(request: HttpRequest, form: DepositForm, asked: Asked, details: DetailsForm | None) -> list[Result]:
    """A file is kept before its details are looked at: no mistake of typing loses it."""
    user, uploads = signed_in(request), form.cleaned_data["fichiers"]
    known = Details(kind=asked.kind.code) if asked.kind else Details()
    told = details.details if details is not None and details.is_valid() else known
    kept: dict[str, Any] = {"owner": user, "details": told, "replaces": asked.replaces, "request": request}
    if form.joined:
        name = f"{uploads[0].name} et {len(uploads) - 1} autre{'s' if len(uploads) > 2 else ''}"
        tried = [_tried(name, partial(deposit_photos, uploads=uploads, **kept))]
    else:
        tried = list(_each(uploads, kept))
    rows = documents_of(user).in_bulk([document.pk for _, document, _ in tried if document])
    return [_result(name, rows[document.pk] if document else None, problem) for name, document, problem in tried]


def _each(uploads: Sequence[UploadedFile[Any]], kept: dict[str, Any]) -> Iterator[tuple[str, Document | None, str]]:
    """One after the other, as long as there is time: a form that outlasts its web worker tells nothing of any file."""
    began = time.monotonic()
    for upload in uploads:
        name = upload.name or ""
        if time.monotonic() - began > SECONDS:
            yield name, None, LATE
        else:
            yield _tried(name, partial(deposit, upload=upload, **kept))


def _tried(name: str, keep: Callable[[], Document]) -> tuple[str, Document | None, str]:
    """(name sent, document, or why nothing was kept)."""
    try:
        return name, keep(), ""
    except FullQuota:
        return name, None, FULL
    except OSError:
        return name, None, STORAGE_DOWN


def _result(name: str, row: Document | None, problem: str) -> Result:
    """`row` comes from `documents_of`."""
    if row is None:
        return Result(name, None, problem)
    return Result(row.original_name, shown(row, on=timezone.localdate()))


def _answer(request: HttpRequest, asked: Asked, details: DetailsForm | None, results: list[Result]) -> HttpResponse:
    """One file kept leads on; several, or a refusal, are told on this page."""
    only = results[0].one if len(results) == 1 else None
    if only is None or results[0].refused:
        refused = any(result.refused for result in results)
        form = DepositForm(alone=asked.kind is not None)
        return _page(request, asked, form, details, results=results, status=400 if refused else 200)
    if details is not None and not details.is_valid():
        messages.info(request, "Le fichier est gardé. Corrigez ce qui suit : vous n'avez pas à le déposer de nouveau.")
        return detail_page(request, only.row, details, status=400)
    if details is None:
        messages.success(request, "Le fichier est reçu. Dites maintenant ce qu'il est.")
        return redirect(only.row)
    messages.success(request, f"« {only.row} » est reçu.")
    return back(asked.procedure.code if asked.procedure else "") or redirect(only.row)


def _page(
    request: HttpRequest,
    asked: Asked,
    form: DepositForm,
    details: DetailsForm | None,
    *,
    results: list[Result] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"asked": asked, "form": form, "details": details, "results": results or [], "most": MOST}
    return render(request, "documents/deposit.html", context, status=status)
