"""Documents deposited, and pieces sent, through the services themselves."""

import datetime as dt

from django.utils import timezone

from documents.domain.procedures import procedures
from documents.models import Document, DocumentUse, Submission
from documents.services.deposit import Details, deposit
from documents.services.examine import examine
from documents.services.review import Decision, review
from documents.services.submit import submit
from security.models import User
from tests.documents.papers import sent


def kept_document(owner: User, details: Details | None = None, **shape: int) -> Document:
    """One that passed every check."""
    document = deposit(owner=owner, upload=sent(**shape), details=details)
    examine(document.pk)
    document.refresh_from_db()
    return document


def proof_of_address(owner: User, *, days_old: int = 10, **shape: int) -> Document:
    dated = timezone.localdate() - dt.timedelta(days_old)
    return kept_document(owner, Details("justificatif_domicile", "JustifDomicile", dated), **shape)


def sent_address(owner: User, document: Document | None = None) -> Submission:
    """A change of address sent to the gestionnaire."""
    piece = document or proof_of_address(owner)
    return submit(owner=owner, procedure=procedures()["changement_adresse"], chosen={"domicile": [piece]})


def refused_by_service(submission: Submission, by: User, reason: str = "illisible") -> DocumentUse:
    """Its only piece is refused: another is asked for. `by` reaches the agent."""
    use = submission.uses.get(replaced_at__isnull=True)
    said = Decision(use=use.pk, accepted=False, seen=use.reviews.count(), reason=reason)
    review(submission=submission, by=by, decisions=[said], attempt=submission.attempt)
    return use


def sent_document(owner: User, *, procedure: str = "changement_adresse", kind: str = "", **shape: int) -> Submission:
    """One sent for a procedure as its first piece, of the first type that answers it or of `kind`."""
    law = procedures()[procedure]
    piece = next(iter(law.pieces.values()))
    details = Details(kind or piece.types[0], "Pièce fictive", dt.date(2026, 11, 1), dt.date(2027, 11, 1))
    document = kept_document(owner, details, **shape)
    if document.kind not in piece.types:  # as the service may receive one by another piece
        submission = Submission.objects.create(owner=owner, procedure=procedure)
        submission.uses.create(document=document, piece=piece.code)
        return submission
    return submit(owner=owner, procedure=law, chosen={piece.code: [document]})
