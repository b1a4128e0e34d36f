"""Sending documents to a service for a procedure, and completing what it sent back (requirements S14, S54, S55)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.domain.procedures import Procedure
from documents.domain.reviews import eyes_for, may_take_back
from documents.domain.validity import Worth
from documents.enums import DocumentState, ReceiptKind, ReviewState, SubmissionState
from documents.models import Document, DocumentUse, Review, Submission
from documents.services.receipts import ReceiptText, Section, issue_receipt
from iprof.correspondence.services.alerts import send_alert
from security.enums import AccessKind
from security.journal import record
from security.models import User


class NotTakenBack(Exception):
    """The sending can no more be taken back; `str()` is the sentence."""


Chosen = Mapping[str, Sequence[Document]]  # by piece
WORTHLESS = {
    Worth.EXPIRED: "« {title} » est périmé depuis le {day:%d/%m/%Y} : joignez un document plus récent.",
    Worth.FUTURE: "« {title} » porte une date à venir : corrigez sa date, puis envoyez.",
    Worth.UNDATED: "« {title} » : une date manque. Indiquez-la sur sa page, puis envoyez.",
}


class Incomplete(Exception):
    """`problems`: sentences by piece; « » for the whole. Nothing is sent."""

    def __init__(self, problems: Mapping[str, Sequence[str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def problems_of(procedure: Procedure, chosen: Chosen, *, needed: frozenset[str], on: dt.date) -> dict[str, list[str]]:
    """What stands in the way of sending, by piece: missing, of another type, not kept yet, worthless that day."""
    found = {piece: [f"{procedure.pieces[piece].label} : il manque."] for piece in needed if not chosen.get(piece)}
    for piece, documents in chosen.items():
        if sentences := _of_piece(procedure, piece, documents, on):
            found[piece] = sentences
    return found


def obstacles(
    procedure: Procedure, chosen: Chosen, *, needed: frozenset[str] | None = None, on: dt.date
) -> dict[str, list[str]]:
    """All that stands in the way of a first sending that day."""
    always = frozenset(code for code, piece in procedure.pieces.items() if piece.always)
    problems = problems_of(procedure, chosen, needed=always | (needed or frozenset()), on=on)
    if not problems and not any(chosen.values()):
        problems[""] = ["Aucune pièce n'est jointe : choisissez au moins un document."]
    return problems


def _of_piece(procedure: Procedure, piece: str, documents: Sequence[Document], on: dt.date) -> list[str]:
    if piece not in procedure.pieces:
        return ["Cette pièce n'est pas demandée par la procédure."] if documents else []
    law, found = procedure.pieces[piece], []
    if len(documents) > 1 and not law.several:
        found.append("Un seul document est attendu ici : retirez les autres.")
    for document in documents:
        found += _of_document(document, law.types, on)
    return found


def _of_document(document: Document, types: Sequence[str], on: dt.date) -> list[str]:
    if document.state != DocumentState.KEPT:
        return [f"« {document} » : {document.get_state_display().lower()}. Attendez la fin des contrôles."]
    if document.damaged:
        return [f"« {document} » : son contenu n'est plus lisible. Déposez-le de nouveau, puis choisissez le nouveau."]
    if document.kind not in types:
        return [f"« {document} » n'est pas du type attendu ici."]
    validity = document.validity_on(on)
    if validity is None or validity.worth not in WORTHLESS:
        return []
    return [WORTHLESS[validity.worth].format(title=document, day=validity.last_day)]


@transaction.atomic
def submit(
    *,
    owner: User,
    procedure: Procedure,
    chosen: Chosen,
    subject: str = "",
    needed: frozenset[str] | None = None,
    message: str = "",
    key: UUID | None = None,
    request: HttpRequest | None = None,
) -> Submission:
    """Sends the pieces. `needed` are the pieces the situation asks for besides those always asked. Raises Incomplete.

    `key` names the sending: asked twice, it is sent once.
    """
    _one_at_a_time(owner)
    standing = Submission.objects.filter(owner=owner).exclude(state=SubmissionState.WITHDRAWN)
    if key and (sent := standing.filter(public_id=key).first()):
        return sent
    locked = _locked(owner, chosen)
    if problems := obstacles(procedure, locked, needed=needed, on=timezone.localdate()):
        raise Incomplete(problems)
    free = key if key and not Submission.objects.filter(public_id=key).exists() else uuid4()
    submission = Submission.objects.create(
        public_id=free, owner=owner, procedure=procedure.code, subject=subject, message=message
    )
    _join(submission, locked)
    _prove(submission)
    _tell(submission)
    record(AccessKind.DOCUMENT_SENT, actor=owner, subject=owner, request=request, submission=str(submission.public_id))
    return submission


@transaction.atomic
def complete(
    submission: Submission, *, chosen: Chosen, message: str = "", request: HttpRequest | None = None
) -> Submission:
    """Sends again what the service asked for: the documents of `chosen` replace those refused for their pieces; those
    accepted stay. Raises Incomplete."""
    _one_at_a_time(submission.owner)
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    documents = _locked(locked.owner, chosen)
    if locked.state != SubmissionState.INCOMPLETE or locked.law is None:
        raise Incomplete({"": ["Cet envoi n'est pas à compléter."]})
    problems = problems_of(locked.law, documents, needed=frozenset(), on=timezone.localdate())
    if not problems and not any(documents.values()):
        problems[""] = ["Aucune pièce n'est jointe : choisissez au moins un document."]
    if problems:
        raise Incomplete(problems)
    locked.state, locked.attempt = SubmissionState.SENT, locked.attempt + 1
    locked.message = message or locked.message
    locked.save(update_fields=["state", "attempt", "message"])
    pieces = [piece for piece, files in documents.items() if files]
    alive = locked.uses.filter(piece__in=pieces, replaced_at__isnull=True)
    alive.filter(review=ReviewState.REFUSED).update(replaced_at=timezone.now())
    kept = set(locked.uses.filter(replaced_at__isnull=True).values_list("piece", "document"))
    _join(locked, {piece: [one for one in files if (piece, one.pk) not in kept] for piece, files in documents.items()})
    _prove(locked)
    _tell(locked)
    record(
        AccessKind.DOCUMENT_SENT,
        actor=locked.owner,
        subject=locked.owner,
        request=request,
        submission=str(locked.public_id),
        attempt=locked.attempt,
    )
    return locked


@transaction.atomic
def take_back(submission: Submission, *, request: HttpRequest | None = None) -> None:
    """The service sees it no more. Raises NotTakenBack while it is deciding on the pieces, or once it is complete."""
    _one_at_a_time(submission.owner)
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    if locked.state == SubmissionState.WITHDRAWN:
        return
    if not may_take_back(locked.state, decided=Review.objects.filter(use__submission=locked).exists()):
        raise NotTakenBack("Le service a déjà examiné cet envoi : il ne peut plus être retiré. Écrivez-lui si besoin.")
    locked.state, locked.closed_at = SubmissionState.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "closed_at"])
    elsewhere = DocumentUse.objects.exclude(submission=locked).exclude(submission__state=SubmissionState.WITHDRAWN)
    free = Document.objects.filter(uses__submission=locked).exclude(pk__in=elsewhere.values("document"))
    free.update(review=ReviewState.NONE)
    record(
        AccessKind.DOCUMENT_SENT,
        actor=locked.owner,
        subject=locked.owner,
        reason="envoi retiré",
        request=request,
        submission=str(locked.public_id),
    )


def _one_at_a_time(owner: User) -> None:
    """What a person sends, completes and takes back follows one another."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)


def _prove(submission: Submission) -> None:
    """What was received, by the words of the law file and the digest of each file: no title, it outlives the documents."""
    law = submission.law
    uses = submission.uses.filter(replaced_at__isnull=True).select_related("document").order_by("pk")
    pieces = tuple(
        (
            law.pieces[use.piece].label if law and use.piece in law.pieces else use.piece,
            f"SHA-256 {use.document.sha256}",
        )
        for use in uses
    )
    text = ReceiptText(
        "Récépissé de pièces transmises",
        (
            ("Procédure", submission.label),
            ("Numéro de l'envoi", str(submission.public_id)),
            ("Envoi", "premier" if submission.attempt == 1 else f"complété ({submission.attempt}e essai)"),
        ),
        (Section("Pièces reçues", pieces),),
        ("Ce récépissé dit ce qui a été reçu, pas ce que le service en décidera.",),
    )
    issue_receipt(
        kind=ReceiptKind.PIECES, owner=submission.owner, subject=proof_subject(submission), text=text, at=timezone.now()
    )


def proof_subject(submission: Submission) -> str:
    """What names the receipt of the latest attempt of a sending."""
    return f"envoi:{submission.public_id}:{submission.attempt}"


def _tell(submission: Submission) -> None:
    """A mail says that it is sent and where to read it, not what is in it (S71)."""
    send_alert(
        user=submission.owner,
        kind="demande.envoi",
        subject="Vos pièces sont transmises",
        body="Le récépissé de votre envoi est sur le portail.",
        link=submission.get_absolute_url(),
        cause=f"piece:{submission.public_id}:{submission.attempt}",
    )


def _locked(owner: User, chosen: Chosen) -> dict[str, list[Document]]:
    """The documents as they are now, each once, of this owner only: another's is as if it did not exist."""
    wanted = {document.pk for documents in chosen.values() for document in documents}
    rows = {
        row.pk: row
        for row in Document.objects.select_for_update(of=("self",))
        .select_related("stored")
        .filter(pk__in=wanted, owner=owner)
        .order_by("pk")  # as everything that locks documents
    }
    return {piece: [rows[one.pk] for one in documents if one.pk in rows] for piece, documents in chosen.items()}


def _join(submission: Submission, chosen: Chosen) -> None:
    uses = [
        DocumentUse(
            submission=submission,
            document=document,
            piece=piece,
            attempt=submission.attempt,
            eyes=eyes_for(document.kind),
        )
        for piece, documents in chosen.items()
        for document in documents
    ]
    DocumentUse.objects.bulk_create(uses)
    waiting = {use.document_id for use in uses}
    Document.objects.filter(pk__in=waiting).exclude(review=ReviewState.ACCEPTED).update(review=ReviewState.WAITING)
