"""A few sendings of the fictional académie: papers that say they are examples, deposited, sent and reviewed by the
product's own services."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import format_html
from weasyprint import HTML

from documents.domain.procedures import procedures
from documents.domain.types import document_type
from documents.enums import DocumentState
from documents.models import Document, Submission
from documents.services.deposit import Details, deposit
from documents.services.examine import examine
from documents.services.review import Decision, review
from documents.services.submit import submit
from iprof.web.formats import french_date
from iprof.web.printing import NothingOutside
from security.models import User


@dataclass(frozen=True, slots=True)
class Example:
    """One sending. `pieces`: (piece, type, days since the paper was written)."""

    procedure: str
    pieces: tuple[tuple[str, str, int], ...]
    message: str = ""
    refused: str = ""  # reason, for a sending that the service has sent back


EXAMPLES = (
    Example("changement_adresse", (("domicile", "justificatif_domicile", 12),), "Exemple : je viens de déménager."),
    Example("formation", (("attestation", "attestation_stage", 40), ("attestation", "diplome", 900))),
    Example("certificat_medical", (("certificat", "certificat_medical", 3),)),
    Example("situation_familiale", (("union_enfants", "pacs", 20),), refused="pages-manquantes"),
)


def send_demo_pieces(*, owners: Sequence[User], manager: User, on: dt.date) -> int:
    """One example each for as many people, once: 0 as soon as a sending exists. `manager` sends one of them back."""
    if Submission.objects.exists():
        return 0
    for owner, example in zip(owners, EXAMPLES, strict=False):
        _send(owner, example, manager, on)
    return min(len(owners), len(EXAMPLES))


def _send(owner: User, example: Example, manager: User, on: dt.date) -> None:
    chosen: dict[str, list[Document]] = {}
    for piece, kind, age in example.pieces:
        document = _paper(owner, kind, on - dt.timedelta(age))
        if document.state == DocumentState.KEPT:
            chosen.setdefault(piece, []).append(document)
    if not chosen:
        return
    row = submit(owner=owner, procedure=procedures()[example.procedure], chosen=chosen, message=example.message)
    if example.refused:
        decisions = [Decision(use.pk, False, 0, example.refused) for use in row.uses.all()]
        review(submission=row, by=manager, decisions=decisions, attempt=1)


def _paper(owner: User, kind: str, day: dt.date) -> Document:
    """Printed, deposited and examined as if it had come from a form."""
    found = document_type(kind)
    label, name = (found.label, found.name) if found else (kind, kind)
    html = format_html(
        '<html lang="fr"><head><title>Exemple : {}</title></head><body><h1>Exemple : {}</h1><p>Document fictif de '
        "l'académie fictive, sans valeur, fabriqué par le portail pour montrer ses écrans.</p><p>Concerne : {}</p>"
        "<p>Fait le {}</p></body></html>",
        label,
        label,
        owner.get_full_name(),
        french_date(day),
    )
    content = HTML(string=html, url_fetcher=NothingOutside()).write_pdf()
    upload = SimpleUploadedFile(f"{name}_Exemple.pdf", content, "application/pdf")
    document = deposit(owner=owner, upload=upload, details=Details(kind, f"{name}_Exemple", day))
    if document.state == DocumentState.CHECKING:
        examine(document.pk)
        document.refresh_from_db()
    return document
