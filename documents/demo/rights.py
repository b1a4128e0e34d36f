"""Two requests on personal data in the fictional académie, made by the product's own services."""

from documents.enums_privacy import PrivacyKind
from documents.models import PrivacyRequest
from documents.selectors.rights import open_to_deletion
from documents.services.rights import open_request
from security.models import User


def ask_demo_rights(*, owner: User) -> int:
    """Once: 0 as soon as a request exists. The early deletion, of one of their documents, when they have some."""
    if PrivacyRequest.objects.exists():
        return 0
    open_request(
        owner=owner, kind=PrivacyKind.ACCESS, message="Exemple : qui a consulté mon dossier cette année, et pourquoi ?"
    )
    documents = list(open_to_deletion(owner)[:1])
    if documents:
        message = "Exemple : ce document ne me concerne plus."
        open_request(owner=owner, kind=PrivacyKind.DELETION, message=message, documents=documents)
    return 1 + len(documents)
