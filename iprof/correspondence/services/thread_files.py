"""Files joined to a message: kept aside while their form is not accepted, joined with the message, or forgotten."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from iprof.correspondence.files import CheckedFile, keep
from iprof.correspondence.models import Attachment, Message, MessageFile
from iprof.kernel.errors import DomainError
from security.models import User

MOST = 3  # files of one message
DRAFTS = 6  # kept aside for one person: those of two forms
KEPT_HOURS = 24


def drafts_of(by: User, ids: Iterable[UUID] | None = None) -> QuerySet[MessageFile]:
    """The files kept aside for a person, oldest first; `ids` are those a form still holds."""
    rows = MessageFile.objects.filter(owner_id=by.pk, message=None).select_related("attachment")
    rows = rows if ids is None else rows.filter(public_id__in=list(ids))
    return rows.defer("attachment__sealed").order_by("pk")


@transaction.atomic
def keep_drafts(*, by: User, files: Sequence[CheckedFile]) -> list[MessageFile]:
    """Keeps accepted files of a form that is sent back: a browser does not send them again by itself."""
    kept = [MessageFile.objects.create(owner=by, attachment=keep(file, by=by)) for file in files]
    _delete(drafts_of(by).reverse()[DRAFTS:])
    return kept


def join(message: Message, *, files: Sequence[CheckedFile], drafts: Sequence[MessageFile]) -> None:
    """In the transaction of the message. Raises DomainError("thread_file_gone") for a draft that is gone, joined to
    another message meanwhile, or of someone else."""
    if drafts_of(message.author, [draft.public_id for draft in drafts]).update(message=message) < len(drafts):
        raise DomainError("thread_file_gone")
    for file in files:
        MessageFile.objects.create(owner=message.author, attachment=keep(file, by=message.author), message=message)


def forget_drafts() -> int:
    """Deletes the files of forms never sent; returns how many."""
    limit = timezone.now() - dt.timedelta(hours=KEPT_HOURS)
    return _delete(MessageFile.objects.filter(message=None, kept_at__lt=limit))


def _delete(files: QuerySet[MessageFile]) -> int:
    """Of an attachment and what joins it, neither stays without the other."""
    ids = list(files.values_list("attachment_id", flat=True))
    Attachment.objects.filter(pk__in=ids).delete()
    return len(ids)
