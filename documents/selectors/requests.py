"""What was sent for the requests of another app: where each piece stands, without its title nor its content."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from documents.domain.validity import Worth
from documents.enums import ReviewState, SubmissionState
from documents.models import DocumentUse


@dataclass(frozen=True, slots=True)
class PieceSent:
    """`piece` is a code of the procedure. `expired`: worth nothing the day it was sent. `medical`: its name is for the
    medical service alone. `subject` names the request as the app that sent it said."""

    subject: str
    submission: int
    piece: str
    label: str
    review: ReviewState
    expired: bool
    medical: bool


def pieces_sent(*, owners: Collection[int], subject: str) -> list[PieceSent]:
    """The pieces of sendings that stand, whose subject begins so, the last sent last. One query."""
    rows = (
        DocumentUse.objects.filter(submission__owner__in=owners, submission__subject__startswith=subject)
        .filter(replaced_at__isnull=True)
        .exclude(submission__state=SubmissionState.WITHDRAWN)
        .select_related("submission", "document")
        .order_by("submission__sent_at", "pk")
    )
    return [_piece(use) for use in rows]


def _piece(use: DocumentUse) -> PieceSent:
    law = use.submission.law
    known = law.pieces.get(use.piece) if law else None
    worth = use.document.validity_on(timezone.localdate(use.joined_at))
    return PieceSent(
        subject=use.submission.subject,
        submission=use.submission_id,
        piece=use.piece,
        label=known.label if known else use.piece,
        review=ReviewState(use.review),
        expired=worth is not None and worth.worth is Worth.EXPIRED,
        medical=use.document.medical,
    )
