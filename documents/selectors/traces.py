"""« Qui a consulté mon dossier »: which document was read, and how, in the words of its owner."""

from collections.abc import Mapping, Sequence

from documents.enums import ReadAs
from documents.models import Document
from security.models import AccessEvent


def read_in_words(events: Sequence[AccessEvent]) -> Mapping[int, str]:
    """« Pièce d'identité, « CNI_Recto », aperçu des pages ». Only of documents of the person concerned. One query."""
    keys = {event.pk: (event.subject_id, str(event.detail.get("document", ""))) for event in events}
    wanted = {document for _, document in keys.values() if document}
    rows: dict[tuple[int | None, str], Document] = {
        (row.owner_id, str(row.pk)): row for row in Document.objects.filter(pk__in=wanted)
    }
    return {event.pk: _words(rows[keys[event.pk]], event) for event in events if keys[event.pk] in rows}


def _words(document: Document, event: AccessEvent) -> str:
    named = f"«\N{NO-BREAK SPACE}{document}\N{NO-BREAK SPACE}»"
    said = [document.type.label, named] if document.type else [named]
    how = event.detail.get("read_as", "")
    return ", ".join([*said, ReadAs(how).label] if how in ReadAs.values else said)
