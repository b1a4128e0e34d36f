from documents.models.documents import Document, DocumentVerdict, StoredFile
from documents.models.submissions import DocumentUse, Review, Submission

__all__ = ["Document", "DocumentUse", "DocumentVerdict", "Review", "StoredFile", "Submission"]
