"""What one has sent to a service, and what the service said of each piece (requirements S14, S54, S55)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from documents.domain.procedures import Piece
from documents.domain.reviews import may_take_back, review_law
from documents.enums import ReviewState, SubmissionState
from documents.models import DocumentUse, Review, Submission
from documents.selectors.procedures import SERVICE_NAMES
from security.models import User

TONES = {
    SubmissionState.SENT: "info",
    SubmissionState.INCOMPLETE: "warning",
    SubmissionState.COMPLETE: "success",
    SubmissionState.WITHDRAWN: "new",
}
REVIEWS = {
    ReviewState.WAITING: ("À vérifier par le service", "info"),
    ReviewState.SECOND: ("À vérifier par le service", "info"),  # how many people look is the service's matter
    ReviewState.ACCEPTED: ("Acceptée", "success"),
    ReviewState.REFUSED: ("Refusée", "error"),
}


@dataclass(frozen=True, slots=True)
class SentPiece:
    """A document sent for a piece. `refusal`: the sentence of the service, empty unless it asks for another; `comment`: what
    it adds; `besides`: it is not at fault, another is asked for, with which it may be sent again."""

    use: DocumentUse
    label: str
    state: str
    tone: str
    refusal: str
    comment: str
    besides: bool
    replaced: bool


@dataclass(frozen=True, slots=True)
class Sending:
    row: Submission
    tone: str
    pieces: tuple[SentPiece, ...]
    former: tuple[SentPiece, ...]

    @property
    def service(self) -> str:
        return SERVICE_NAMES[self.row.law.service] if self.row.law else "le service"

    @property
    def may_take_back(self) -> bool:
        decided = any(one.use.reviews.all() for one in self.pieces + self.former)
        return may_take_back(self.row.state, decided=decided)

    @property
    def asked_again(self) -> tuple[Piece, ...]:
        """The pieces of which the service refuses what was sent, or whose document is destroyed."""
        law = self.row.law
        codes = {one.use.piece: None for one in self.pieces if one.refusal} | {piece.code: None for piece in self.gone}
        return tuple(law.pieces[code] for code in codes if code in law.pieces) if law else ()

    @property
    def gone(self) -> tuple[Piece, ...]:
        """To complete: the pieces left without a document since theirs was destroyed at one's request."""
        law, live = self.row.law, {one.use.piece for one in self.pieces}
        if law is None or self.row.state != SubmissionState.INCOMPLETE:
            return ()
        codes = {one.use.piece: None for one in self.former if one.use.piece not in live}
        return tuple(law.pieces[code] for code in codes if code in law.pieces)


def submissions_of(owner: User) -> QuerySet[Submission]:
    """With their pieces and what was said of them. Three queries."""
    reviews = Prefetch("reviews", Review.objects.order_by("at", "pk"))
    uses = Prefetch("uses", DocumentUse.objects.select_related("document").prefetch_related(reviews).order_by("pk"))
    return Submission.objects.filter(owner=owner).prefetch_related(uses)


def sending(row: Submission) -> Sending:
    """`row` comes from `submissions_of`."""
    pieces = [_piece(row, use) for use in row.uses.all()]
    return Sending(
        row,
        TONES[SubmissionState(row.state)],
        tuple(one for one in pieces if not one.replaced),
        tuple(one for one in pieces if one.replaced),
    )


def sendings(rows: Iterable[Submission]) -> tuple[Sending, ...]:
    return tuple(sending(row) for row in rows)


def _piece(row: Submission, use: DocumentUse) -> SentPiece:
    """A refusal is told once the service has answered on the whole: it may still change its mind before."""
    law = row.law.pieces.get(use.piece) if row.law else None
    stands = ReviewState(use.review)
    if stands is ReviewState.REFUSED and row.state == SubmissionState.SENT and use.replaced_at is None:
        stands = ReviewState.WAITING
    refusal = list(use.reviews.all())[-1] if stands is ReviewState.REFUSED else None
    word, tone = REVIEWS[stands]
    return SentPiece(
        use=use,
        label=law.label if law else use.piece,
        state="Remplacée" if use.replaced_at else word,
        tone="new" if use.replaced_at else tone,
        refusal=_sentence(refusal) if refusal else "",
        comment=refusal.comment if refusal else "",
        besides=_asks_another(refusal) if refusal else False,
        replaced=use.replaced_at is not None,
    )


def _asks_another(review: Review) -> bool:
    reason = review_law().reasons.get(review.reason)
    return reason is not None and reason.asks


def _sentence(review: Review) -> str:
    reason = review_law().reasons.get(review.reason)
    return reason.sentence if reason else "Le service n'accepte pas ce document."
