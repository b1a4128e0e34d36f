"""What this app holds about a person (`iprof.web.personal_data`)."""

from collections.abc import Iterator
from functools import partial

from documents import custody
from documents.models import (
    DestructionCertificate,
    Document,
    DocumentUse,
    DocumentVerdict,
    Hold,
    PersonalExport,
    PrivacyRequest,
    Receipt,
    RetentionNotice,
    Review,
    StoredFile,
    Submission,
)
from iprof.web.personal_data import KEY, SECRET, STAFF, TECHNICAL, YOURSELF, File, hold, hold_files, set_aside
from security.models import User


def own_files(user: User) -> Iterator[File]:
    """Every content held, whatever its state."""
    rows = StoredFile.objects.filter(document__owner=user).select_related("document").order_by("document__deposited_at")
    for number, stored in enumerate(rows, start=1):
        yield File(f"{number:03}-{stored.document.file_name}", partial(custody.read, stored))


def register() -> None:
    hold(
        Document, "Documents", "owner",
        "kind title dated_on ends_on original_name state review pages size sha256 received_size received_sha256 received_files"
        " deposited_at examined_at destroyed_at content_mark replaces unneeded_at",
        {"id": KEY, "owner": YOURSELF, "examining_until attempts": TECHNICAL}, shown={"kind": lambda row: row.type.label if row.type else row.kind}, newest="-deposited_at",
    )  # fmt: skip
    hold(
        StoredFile, "Contenus chiffrés", "document__owner",
        "document stored_size stored_sha256 written_at verified_at damaged_at",
        {"id name": KEY, "sealed_key": SECRET},
    )  # fmt: skip
    hold(
        DocumentVerdict, "Contrôles des documents", "document__owner", "document check_name outcome word figures at",
        {"id": KEY},
    )  # fmt: skip
    hold(
        Submission, "Envois de pièces", "owner", "procedure message state attempt sent_at first_complete closed_at",
        {"id public_id subject": KEY, "owner": YOURSELF},
    )  # fmt: skip
    hold(
        DocumentUse, "Pièces envoyées", "submission__owner", "submission document piece attempt joined_at replaced_at review",
        {"id": KEY, "eyes": "règle du service, la même pour toutes les pièces du même type"},
    )  # fmt: skip
    hold(
        Review, "Vérifications des pièces", "use__submission__owner", "use accepted reason comment at",
        {"id": KEY, "by": STAFF},
    )  # fmt: skip
    hold(
        Receipt, "Accusés de réception", "owner", "kind code payload payload_digest pdf_digest issued_at",
        {"id public_id subject": KEY, "owner": YOURSELF, "pdf": SECRET},
    )  # fmt: skip
    _hold_rights()
    set_aside("preuve de destruction, sans nom : la vôtre se demande au délégué", DestructionCertificate)
    hold_files("documents", own_files)


def _hold_rights() -> None:
    private = "motif communiqué par le délégué, à la demande : il peut toucher des tiers"
    hold(
        Hold, "Suspensions de destruction de vos documents", "owner|document__owner", "document placed_at lifted_at",
        {"id": KEY, "owner": YOURSELF, "placed_by lifted_by": STAFF,
         "reason lift_reason": private},
    )  # fmt: skip
    hold(RetentionNotice, "Avis de destruction", "document__owner", "document kept_until warned_on told", {"id": KEY})
    hold(
        PrivacyRequest, "Demandes sur vos données", "owner",
        "kind message documents state received_at due_on extended_at extension_reason answer ground answered_at closed_at",
        {"id public_id": KEY, "owner": YOURSELF, "extended_by answered_by": STAFF},
    )  # fmt: skip
    hold(
        PersonalExport, "Copies de vos données", "owner", "state asked_at ready_at expires_at downloaded_at",
        {"id public_id": KEY, "owner": YOURSELF, "done total attempts making_until": TECHNICAL,
         "sealed": "cette copie même"},
    )  # fmt: skip
