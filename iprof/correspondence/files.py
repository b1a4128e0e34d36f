"""PDF files joined to a circular or to a message: read and refused before anything is written, kept sealed (norm D18).

What an expert checks by hand is checked here: a PDF under 3 000 000 bytes (requirement S86, decision T16), that opens,
without password, and that does nothing when opened. Refusals are sentences for the person who sent the file.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from iprof.correspondence.models import Attachment
from iprof.web.crypto import seal, unseal
from iprof.web.probe import look
from security.models import User

MAX_BYTES = 3_000_000  # strictly under, shown as « 3 Mo »
NAME_MAX = 150
CONTEXT = "attachment"
REFUSED = {
    "locked": "est protégé par un mot de passe. Enregistrez-le sans protection.",
    "active": "contient un programme, une action automatique ou un fichier caché. Imprimez-le en PDF, puis joignez le résultat.",
    "broken": "est abîmé : il ne s'ouvre pas. Refaites le PDF, puis joignez-le.",
    "empty": "ne contient aucune page. Refaites le PDF, puis joignez-le.",
    "heavy": "prend trop de mémoire ou de temps à ouvrir. Imprimez-le en PDF, puis joignez le résultat.",
}


class RefusedFile(Exception):
    """`str()` is the sentence: what is wrong with the file and what to do."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that passed: `content` as received, `name` safe to show and to download under."""

    name: str
    content: bytes
    pages: int


def check_pdf(upload: UploadedFile[Any]) -> CheckedFile:
    """Raises RefusedFile."""
    name = safe_name(upload.name or "")
    if upload.size is None or upload.size >= MAX_BYTES:
        raise RefusedFile(f"« {name} » pèse 3 Mo ou plus. Réduisez-le, ou partagez-le en plusieurs fichiers.")
    content = upload.read()
    if not content:
        raise RefusedFile(f"« {name} » est vide. Vérifiez le fichier sur votre appareil, puis joignez-le de nouveau.")
    if b"%PDF-" not in content[:1024]:
        raise RefusedFile(f"« {name} » n'est pas un PDF. Enregistrez le document au format PDF, puis joignez-le.")
    return CheckedFile(name, content, _pages(name, content))


def _pages(name: str, content: bytes) -> int:
    looked = look(content)
    if looked.refusal:
        raise RefusedFile(f"« {name} » {REFUSED[looked.refusal]}")
    return looked.pages


def safe_name(name: str) -> str:
    """The last part of the path, without what hides or reverses letters; ends in .pdf."""
    stem = plain_name(name).removesuffix(".pdf").removesuffix(".PDF").strip(" .") or "document"
    return f"{stem[: NAME_MAX - 4]}.pdf"


def plain_name(name: str) -> str:
    """The last part of the path, without what hides or reverses letters. May be empty."""
    return "".join(c for c in PurePosixPath(name.replace("\\", "/")).name if unicodedata.category(c)[0] != "C")


def keep(checked: CheckedFile, *, by: User) -> Attachment:
    """Writes it, sealed, in the caller's transaction: joined with what it is joined to, or not at all."""
    return Attachment.objects.create(
        name=checked.name,
        size=len(checked.content),
        pages=checked.pages,
        sha256=hashlib.sha256(checked.content).hexdigest(),
        sealed=seal(base64.b64encode(checked.content).decode(), context=CONTEXT),
        added_by=by,
    )


def content_of(attachment: Attachment) -> bytes:
    """As received. Raises UnreadableSecret."""
    return base64.b64decode(unseal(bytes(attachment.sealed), context=CONTEXT))


def download(attachment: Attachment) -> HttpResponse:
    """The file under its name, never shown in the page: norm D18. Whoever calls has checked who asks."""
    return HttpResponse(
        content_of(attachment),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, attachment.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
