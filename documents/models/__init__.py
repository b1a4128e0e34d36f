from documents.models.documents import Document, DocumentVerdict, StoredFile
from documents.models.receipts import Receipt
from documents.models.retention import DestructionCertificate, Hold, RetentionNotice
from documents.models.rights import EXPORT_CONTEXT, PersonalExport, PrivacyRequest
from documents.models.submissions import DocumentUse, Review, Submission

__all__ = [
    "EXPORT_CONTEXT",
    "DestructionCertificate",
    "Document",
    "DocumentUse",
    "DocumentVerdict",
    "Hold",
    "PersonalExport",
    "PrivacyRequest",
    "Receipt",
    "RetentionNotice",
    "Review",
    "StoredFile",
    "Submission",
]
