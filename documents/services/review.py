"""What the service that received pieces says of them (requirement S54, norm D17).

Decisions are rows that never change; where each piece and the submission stand follows from them. The submission is
locked first, as when its agent completes it: who decides on what has changed since is told, and nothing is written.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.domain.reviews import (
    Progress,
    Said,
    Standing,
    accepts_again,
    decided,
    progress,
    reasons_for,
    standing,
)
from documents.enums import DocumentState, SubmissionState
from documents.models import Document, DocumentUse, Review, Submission
from documents.policies import submissions_for, uses_for
from iprof.correspondence.services.alerts import send_alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.journal import record
from security.models import User

COMMENT_MAX = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """On one piece (`use`: key of its DocumentUse). `reason` is empty when accepted. `seen`: how many decisions of this
    piece were on the page of who decides."""

    use: int
    accepted: bool
    seen: int
    reason: str = ""
    comment: str = ""


@transaction.atomic
def review(
    *,
    submission: Submission,
    by: User,
    decisions: Sequence[Decision],
    attempt: int,
    request: HttpRequest | None = None,
) -> Submission:
    """Writes the decisions of one person, all or none; the agent is told once every piece is decided.

    `attempt` is the one that was on the page. DomainError: review_nothing, review_gone (taken back, out of reach),
    review_completed (the agent sent again meanwhile), review_replaced, review_changed (a colleague decided meanwhile),
    review_twice (accepted already, or by the same person), review_reason, review_comment; `use` tells which piece.
    """
    on = timezone.localdate()
    locked = submissions_for(by, on=on).select_for_update(of=("self",)).filter(pk=submission.pk).first()
    if locked is None:
        raise DomainError("review_gone")
    if locked.attempt != attempt:
        raise DomainError("review_completed")
    if not decisions:
        raise DomainError("review_nothing")
    uses = _within_reach(locked, decisions, by, on)
    said = _said(uses)
    for decision in decisions:
        _check(decision, uses[decision.use], said[decision.use], by, locked)
    for decision in decisions:
        _write(decision, uses[decision.use], said[decision.use], by, request)
    return move_on(locked)


def _said(uses: Iterable[int]) -> dict[int, list[Said]]:
    """The decisions on pieces, in order."""
    found: dict[int, list[Said]] = defaultdict(list)
    for use, person, accepted in (
        Review.objects.filter(use__in=uses).order_by("pk").values_list("use", "by", "accepted")
    ):
        found[use].append(Said(person, accepted))
    return found


def _within_reach(
    submission: Submission, decisions: Sequence[Decision], by: User, on: dt.date
) -> Mapping[int, DocumentUse]:
    """The pieces decided on, their documents locked: one that is not there any more stops everything."""
    keys = [decision.use for decision in decisions]
    uses = {use.pk: use for use in uses_for(by, on=on).filter(submission=submission, pk__in=keys)}
    for key in keys:
        if key not in uses:
            known = submission.uses.filter(pk=key, replaced_at__isnull=False).exists()
            raise DomainError("review_replaced" if known else "review_gone", use=key)
    documents = Document.objects.select_for_update().filter(pk__in=[use.document_id for use in uses.values()])
    states = {row.pk: row for row in documents.order_by("pk")}
    for use in uses.values():
        use.document = states[use.document_id]
        if use.document.state != DocumentState.KEPT:
            raise DomainError("review_destroyed", use=use.pk)
    return uses


def _check(decision: Decision, use: DocumentUse, said: Sequence[Said], by: User, submission: Submission) -> None:
    if len(said) != decision.seen:
        raise DomainError("review_changed", use=use.pk)
    if decision.accepted:
        if accepts_again(said, by=by.pk, eyes=use.eyes):
            raise DomainError("review_twice", use=use.pk)
        return
    reason = next((one for one in reasons_for(submission.procedure) if one.code == decision.reason), None)
    if reason is None:
        raise DomainError("review_reason", use=use.pk)
    if reason.comment and not decision.comment.strip():
        raise DomainError("review_comment", use=use.pk)


def _write(decision: Decision, use: DocumentUse, said: Sequence[Said], by: User, request: HttpRequest | None) -> None:
    """One row, where the piece stands now, a line of the journal."""
    Review.objects.create(
        use=use,
        accepted=decision.accepted,
        reason="" if decision.accepted else decision.reason,
        comment=decision.comment.strip()[:COMMENT_MAX],
        by=by,
    )
    use.review = standing([*said, Said(by.pk, decision.accepted)], eyes=use.eyes).value
    use.save(update_fields=["review"])
    use.document.review = use.review
    use.document.save(update_fields=["review"])
    undone = {"undoes": "oui"} if said and said[-1].accepted != decision.accepted else {}
    record(
        AccessKind.DOCUMENT_REVIEWED,
        actor=by,
        subject=use.document.owner,
        request=request,
        document=str(use.document_id),
        decision=use.get_review_display(),
        **undone,
    )


def move_on(submission: Submission) -> Submission:
    """Where the submission, locked by the caller, stands from all its pieces, those of other services included."""
    uses = list(submission.uses.values_list("piece", "review", "replaced_at"))
    live = {piece for piece, _, replaced_at in uses if replaced_at is None}
    standings = [Standing(review) for _, review, replaced_at in uses if replaced_at is None]
    known = submission.law.pieces if submission.law else {}
    missing = any(piece not in live and piece in known for piece, _, _ in uses)
    found = progress(standings, now=Progress(submission.state), missing=missing)
    submission.state = SubmissionState(found.value)
    submission.closed_at = timezone.now() if found is Progress.COMPLETE else None
    if found is not Progress.SENT and not missing:
        submission.first_complete = found is Progress.COMPLETE and submission.attempt == 1
    submission.save(update_fields=["state", "closed_at", "first_complete"])
    if missing or decided(standings):
        _tell(submission)
    return submission


def _tell(submission: Submission) -> None:
    """Once a round of decisions, without a word of what was sent (requirement S71)."""
    last = Review.objects.filter(use__submission=submission).order_by("-pk").values_list("pk", flat=True).first()
    if submission.state == SubmissionState.COMPLETE:
        subject, body = (
            "Vos pièces sont acceptées",
            "Un de vos envois de pièces est complet : rien d'autre ne vous est demandé.",
        )
    else:
        subject = "Des pièces sont à remplacer ou à compléter"
        body = "Un de vos envois de pièces est à compléter. Le portail dit quelles pièces, pourquoi, et que faire."
    send_alert(
        user=submission.owner,
        kind="demande.pieces",
        subject=subject,
        body=body,
        link=submission.get_absolute_url(),
        cause=f"pieces:{submission.public_id}:{last}",
    )
