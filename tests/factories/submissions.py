"""Pieces sent to a service, by the service itself; their documents are rows without content unless it matters."""

import datetime as dt

from django.utils import timezone

from documents.domain.procedures import procedures
from documents.enums import DocumentState
from documents.models import Document, Submission
from documents.services.review import Decision, review
from documents.services.submit import submit
from security.models import User

BOTH = {"enfants": "livret_famille", "handicap": "rqth"}  # one for each service


def row_of(owner: User, kind: str = "justificatif_domicile", **fields: object) -> Document:
    """One that passed every check, its content aside."""
    facts = {
        "title": f"Piece {kind}",
        "dated_on": timezone.localdate() - dt.timedelta(10),
        "ends_on": timezone.localdate() + dt.timedelta(365) if kind in ("rqth", "handicap_enfant") else None,
        "original_name": "piece.pdf",
        "state": DocumentState.KEPT,
        "pages": 1,
        "size": 40_000,
        "sha256": "0" * 64,
        "received_size": 40_000,
        "received_sha256": "0" * 64,
        "examined_at": timezone.now(),
    }
    return Document.objects.create(owner=owner, kind=kind, **{**facts, **fields})


def sent_pieces(
    owner: User, procedure: str = "changement_adresse", pieces: dict[str, str] | None = None, **kept: Document
) -> Submission:
    """`pieces`: type of the document by piece; `kept`: documents by piece that exist already."""
    law = procedures()[procedure]
    if pieces is None and not kept:
        pieces = {code: piece.types[0] for code, piece in law.pieces.items() if piece.always}
    chosen = {piece: [row_of(owner, kind)] for piece, kind in (pieces or {}).items()}
    return submit(owner=owner, procedure=law, chosen={**chosen, **{piece: [one] for piece, one in kept.items()}})


def decide(submission: Submission, by: User, **decisions: str) -> Submission:
    """By piece: « accepter », or the code of a reason."""
    submission.refresh_from_db()
    return review(
        submission=submission,
        by=by,
        attempt=submission.attempt,
        decisions=[
            Decision(
                use.pk,
                decisions[use.piece] == "accepter",
                use.reviews.count(),
                "" if decisions[use.piece] == "accepter" else decisions[use.piece],
                "Joignez l'acte complet." if decisions[use.piece].startswith("autre") else "",
            )
            for use in submission.uses.filter(replaced_at__isnull=True, piece__in=decisions).order_by("pk")
        ],
    )
