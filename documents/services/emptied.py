"""What leaves with the content of a destroyed document, and what stays to prove it (RGPD art. 5.1.e, requirement S89)."""

from documents.enums import DocumentState, ReviewState, SubmissionState
from documents.models import Document, Review, Submission

EMPTIED = (
    "title",
    "original_name",
    "received_sha256",
    "content_mark",
    "dated_on",
    "ends_on",
    "unneeded_at",
    "kind",
    "review",
)


def empty(document: Document) -> None:
    """In the transaction of its destruction, the row saved as destroyed. Title, name, dates, marks and verdicts go; the
    identifier, the moments, the weight and the SHA-256 of the content kept stay: the certificate and the journal name
    them. The type stays with what a service received: it decides who reads what was said of it (norm D16)."""
    document.title = document.original_name = document.received_sha256 = document.content_mark = ""
    document.dated_on = document.ends_on = document.unneeded_at = None
    if not document.uses.exclude(submission__state=SubmissionState.WITHDRAWN).exists():
        document.kind, document.review = "", ReviewState.NONE
    elif document.review in (ReviewState.WAITING, ReviewState.SECOND):
        document.review = ReviewState.NONE
    document.save(update_fields=EMPTIED)
    document.verdicts.all().delete()
    _silence(document)


def _silence(document: Document) -> None:
    """The words written with a sending, once its last document is destroyed."""
    left = Document.objects.exclude(state=DocumentState.DESTROYED)
    theirs = Submission.objects.filter(uses__document=document).exclude(uses__document__in=left)
    keys = list(theirs.values_list("pk", flat=True))
    Submission.objects.filter(pk__in=keys).exclude(message="").update(message="")
    Review.objects.filter(use__submission__in=keys).exclude(comment="").update(comment="")
