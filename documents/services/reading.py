"""Opening a document: by its owner, or by whoever it was sent to, with a trace the owner sees (norm D21)."""

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from documents import custody
from documents.enums import DocumentState
from documents.models import Document
from documents.policies import readable
from security.enums import AccessKind
from security.journal import record
from security.models import User

HELD = (DocumentState.KEPT, DocumentState.CONSENT, DocumentState.CHECKING)


def content_for(
    pk: UUID, *, by: User, on: dt.date, request: HttpRequest | None = None, reason: str = ""
) -> tuple[Document, bytes]:
    """The document and its content. Its owner also reads one in quarantine: it is theirs. Raises Http404, and what
    `custody.read` raises. Writes a trace when somebody else reads."""
    document = readable(by, on=on).filter(pk=pk, state__in=HELD).select_related("stored", "owner").first()
    if document is None or not hasattr(document, "stored"):
        raise Http404
    content = custody.read(document.stored)
    if document.owner_id != by.pk:
        record(
            AccessKind.DOCUMENT_READ,
            actor=by,
            subject=document.owner,
            reason=reason,
            request=request,
            document=str(document.pk),
            type=document.kind,
        )
    return document, content


def as_attachment(document: Document, content: bytes) -> HttpResponse:
    """Never shown inside a page, never guessed at (norm D18)."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, document.file_name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )
