"""Writing a correspondence: each change takes back its simulation and its approval."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from iprof.correspondence.enums import CircularState
from iprof.correspondence.files import CheckedFile, keep
from iprof.correspondence.models import Attachment, Circular, CircularFile
from iprof.correspondence.models.circular_parts import FILES_MAX
from iprof.correspondence.models.circulars import SENT
from iprof.correspondence.rich_text import clean, plain
from iprof.correspondence.search import vector_of
from iprof.kernel.errors import DomainError
from security.models import User

CONTENT = ("kind", "title", "reference", "body", "result", "deadline", "expects_act", "audience")
SIGNED = ("simulated_by", "simulated_at", "approved_by", "approved_at")


@transaction.atomic
def save_circular(
    *, circular: Circular, by: User, added: Sequence[CheckedFile] = (), removed: Iterable[int] = ()
) -> Circular:
    """Writes a correspondence, whose simulation and approval no longer count. `removed`: positions of files.

    Raises DomainError("circular_sent" | "circular_too_many_files").
    """
    locked = lock_circular(circular) if circular.pk else Circular(created_by=by)
    if locked.state in SENT:
        raise DomainError("circular_sent")
    back_to_draft(locked)
    for name in CONTENT:
        setattr(locked, name, getattr(circular, name))
    locked.html = clean(locked.body)
    locked.edited_by, locked.edited_at = by, timezone.now()
    locked.save()
    _join(locked, by, added, set(removed))
    _index(locked)
    circular.pk, circular.public_id, circular.state = locked.pk, locked.public_id, locked.state
    return locked


def lock_circular(circular: Circular) -> Circular:
    """Read again, for this transaction alone."""
    return Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk)


def back_to_draft(circular: Circular) -> None:
    """Takes back the simulation, its recipients and the approval."""
    if circular.state == CircularState.DRAFT:
        return
    circular.state, circular.recipient_count = CircularState.DRAFT, None
    circular.simulated_by = circular.simulated_at = circular.approved_by = circular.approved_at = None
    circular.save(update_fields=["state", "recipient_count", *SIGNED])
    circular.recipients.all().delete()


def _join(circular: Circular, by: User, added: Sequence[CheckedFile], removed: set[int]) -> None:
    gone = circular.files.filter(position__in=removed)
    attachments = list(gone.values_list("attachment", flat=True))
    gone.delete()
    Attachment.objects.filter(pk__in=attachments).delete()
    kept = list(circular.files.order_by("position"))
    if len(kept) + len(added) > FILES_MAX:
        raise DomainError("circular_too_many_files")
    for position, row in enumerate(kept, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    for position, checked in enumerate(added, start=len(kept) + 1):
        CircularFile.objects.create(circular=circular, attachment=keep(checked, by=by), position=position)


def _index(circular: Circular) -> None:
    heading = f"{circular.title} {circular.reference}"
    Circular.objects.filter(pk=circular.pk).update(search=vector_of(A=heading, B=plain(circular.html)))
