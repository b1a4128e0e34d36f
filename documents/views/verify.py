"""Checking a receipt, by anyone: its nature, its day, and whether a file is the one given. Nothing of the person."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from documents.models import Receipt
from documents.selectors.receipts import receipt_by_code, receipts_of
from documents.services.receipts import receipt_bytes
from documents.views.access import own_documents
from security.people import signed_in

MOST = 2_000_000
UNKNOWN = "Aucun accusé de réception ne porte ce code : relisez-le, il compte quatre groupes de quatre signes."


class VerifyForm(forms.Form):
    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        help_text="Seize signes, tels qu'ils sont écrits sur le document : les tirets et les minuscules ne comptent pas.",
        error_messages={"required": "Saisissez le code écrit sur le document."},
    )
    file = forms.FileField(
        label="Fichier PDF à comparer",
        required=False,
        help_text="Il est comparé octet par octet au document délivré, puis oublié. 2 Mo au plus.",
        error_messages={"empty": "Ce fichier est vide : choisissez le PDF reçu."},
    )

    def clean_file(self) -> UploadedFile[Any] | None:
        found: UploadedFile[Any] | None = self.cleaned_data["file"]
        if found and (found.size or 0) > MOST:
            raise forms.ValidationError("Ce fichier dépasse 2 Mo : ce n'est pas un accusé de réception du portail.")
        return found


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The code comes with the address of the QR, or is typed; a file by POST. Nothing is written."""
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
    else:
        form = VerifyForm(request.GET if "code" in request.GET else None)
    receipt = receipt_by_code(form.cleaned_data["code"]) if form.is_bound and form.is_valid() else None
    if form.is_bound and form.is_valid() and receipt is None:
        form.add_error("code", UNKNOWN)
    context: dict[str, Any] = {"form": form, "receipt": receipt, "same": None}
    if receipt and form.cleaned_data.get("file"):
        context["same"] = _digest(form.cleaned_data["file"]) == _given(receipt)
    return render(request, "documents/verify.html", context, status=400 if form.errors else 200)


@require_safe
@own_documents
def receipt_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own receipt, as it was given."""
    receipt = get_object_or_404(receipts_of(signed_in(request)).select_related("owner"), public_id=public_id)
    response = HttpResponse(receipt_bytes(receipt), content_type="application/pdf")
    day = timezone.localtime(receipt.issued_at).date()
    response["Content-Disposition"] = f'attachment; filename="AccuseReception_{receipt.kind}_{day:%Y-%m-%d}.pdf"'
    return response


def _digest(file: UploadedFile[Any]) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()


def _given(receipt: Receipt) -> str:
    return receipt.pdf_digest or hashlib.sha256(receipt_bytes(receipt)).hexdigest()
