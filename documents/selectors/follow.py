"""What became of one document: where it was sent, who else read it (norms D20, D21)."""

from django.db.models import QuerySet

from documents.models import Document, DocumentUse
from security.enums import AccessKind
from security.models import AccessEvent

READINGS = 20  # the latest; « Qui a consulté mon dossier » has them all


def uses_of(document: Document) -> QuerySet[DocumentUse]:
    """The latest first; one query."""
    return document.uses.select_related("submission").order_by("-joined_at", "-pk")


def reads_of(document: Document) -> QuerySet[AccessEvent]:
    """By other people, in the last three years: traces are kept no longer (security/data/retention.yaml). One query."""
    events = AccessEvent.objects.filter(
        subject=document.owner_id, kind=AccessKind.DOCUMENT_READ, detail__document=str(document.pk)
    )
    return events.exclude(actor=document.owner_id).order_by("-at")[:READINGS]
