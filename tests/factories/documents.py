"""Documents deposited through the service itself."""

from documents.models import Document
from documents.services.deposit import Details, deposit
from documents.services.examine import examine
from security.models import User
from tests.documents.papers import sent


def kept_document(owner: User, details: Details | None = None, **shape: int) -> Document:
    """One that passed every check."""
    document = deposit(owner=owner, upload=sent(**shape), details=details)
    examine(document.pk)
    document.refresh_from_db()
    return document
