"""Opening a document: by its owner, or by whoever it was sent to, with a trace the owner sees (norm D21)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from documents import custody
from documents.enums import DocumentState, ReadAs
from documents.models import Document
from documents.policies import readable, submissions_for
from security.enums import AccessKind, Role
from security.journal import record
from security.models import AccessEvent, User

HELD = (DocumentState.KEPT, DocumentState.CONSENT, DocumentState.CHECKING)
ONE_SITTING = dt.timedelta(minutes=30)  # the pages of a document looked at one after the other are one reading
PRIVATE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


def content_for(
    pk: UUID,
    *,
    by: User,
    on: dt.date,
    request: HttpRequest | None = None,
    reason: str = "",
    read_as: ReadAs = ReadAs.ORIGINAL,
) -> tuple[Document, bytes]:
    """The document and its content. Its owner also reads one in quarantine: it is theirs. Raises Http404, and what
    `custody.read` raises. Writes a trace when somebody else reads; without a reason, that of the sending."""
    document = readable(by, on=on).filter(pk=pk, state__in=HELD).select_related("stored", "owner").first()
    if document is None or not hasattr(document, "stored"):
        raise Http404
    content = custody.read(document.stored)
    if document.owner_id != by.pk:
        _trace(document, by=by, reason=reason or _reason(document, by, on), request=request, read_as=read_as)
    return document, content


@transaction.atomic
def _trace(document: Document, *, by: User, reason: str, request: HttpRequest | None, read_as: ReadAs) -> None:
    """The line names the document by its id alone: its type may tell of a health. Whoever turns the pages leaves one."""
    if read_as is ReadAs.PREVIEW:
        Document.objects.select_for_update(no_key=True).get(pk=document.pk)  # pages are asked for all at once
        if _sitting(document, by):
            return
    record(
        AccessKind.DOCUMENT_READ,
        actor=by,
        subject=document.owner,
        reason=reason,
        request=request,
        document=str(document.pk),
        read_as=read_as.value,
    )


def _sitting(document: Document, by: User) -> bool:
    return AccessEvent.objects.filter(
        subject_id=document.owner_id,
        actor=by,
        kind=AccessKind.DOCUMENT_READ,
        at__gte=timezone.now() - ONE_SITTING,
        detail__document=str(document.pk),
        detail__read_as=ReadAs.PREVIEW.value,
    ).exists()


def _reason(document: Document, by: User, on: dt.date) -> str:
    """The sending that opens the document. That of the medical service names no procedure: it would tell of a health."""
    sending = submissions_for(by, on=on).filter(uses__document=document, uses__replaced_at__isnull=True).first()
    if sending is None or sending.law is None:
        return ""
    if sending.law.service == Role.MEDICAL:
        return "Pièce transmise au service médical"
    return f"Pièce transmise : {sending.label}"


def as_attachment(document: Document, content: bytes, *, name: str = "") -> HttpResponse:
    """Never shown inside a page, never guessed at (norm D18)."""
    disposition = content_disposition_header(True, name or document.file_name) or "attachment"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": disposition, **PRIVATE}
    )


def as_page(drawn: bytes) -> HttpResponse:
    """A page drawn by the portal, to be shown in one of its own."""
    return HttpResponse(drawn, content_type="image/png", headers=PRIVATE)
