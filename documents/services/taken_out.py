"""Taking out of the sendings under way the documents an early deletion is about to destroy (RGPD art. 17, requirement S90)."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from documents.enums import ReviewState, SubmissionState
from documents.models import Document, DocumentUse, Submission
from documents.selectors.retention import OPEN
from documents.services.review import move_on
from security.enums import AccessKind
from security.journal import record
from security.models import User

UNDECIDED = (ReviewState.WAITING, ReviewState.SECOND)


def hold_sendings(owner: User) -> None:
    """Locks the sendings under way of a person, and the making of another one, before their documents: the order of
    `submit`, `complete` and `review`."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    list(Submission.objects.select_for_update().filter(owner=owner, state__in=OPEN).order_by("pk").values_list("pk"))


@transaction.atomic
def take_out(documents: Sequence[Document], *, by: User, request: HttpRequest | None = None) -> None:
    """Each use a service has not decided on ends, its sending moves on: to complete when a piece has no document any
    more, taken back when nothing is left. What was decided stays as it was. `hold_sendings` comes first."""
    uses = DocumentUse.objects.filter(document__in=documents, replaced_at__isnull=True, submission__state__in=OPEN)
    keys = list(uses.filter(review__in=UNDECIDED).values_list("pk", flat=True))
    submissions = list(Submission.objects.filter(uses__in=keys).select_related("owner").distinct().order_by("pk"))
    DocumentUse.objects.filter(pk__in=keys).update(replaced_at=timezone.now())
    for submission in submissions:
        if _live(submission).exists():
            move_on(submission)
        else:
            _close(submission, by, request)


def _live(submission: Submission) -> QuerySet[DocumentUse]:
    return submission.uses.filter(replaced_at__isnull=True)


def _close(submission: Submission, by: User, request: HttpRequest | None) -> None:
    submission.state, submission.closed_at = SubmissionState.WITHDRAWN, timezone.now()
    submission.save(update_fields=["state", "closed_at"])
    record(
        AccessKind.DOCUMENT_SENT,
        actor=by,
        subject=submission.owner,
        reason="envoi retiré : ses pièces sont détruites à la demande de l'agent",
        request=request,
        submission=str(submission.public_id),
    )
