"""What a recipient does of a correspondence: reads it, says it is done, puts it away. Each date is written once."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from iprof.correspondence.models import Alert, Circular, CircularRecipient
from iprof.correspondence.models.circulars import SENT
from security.models import User


def _received(by: User, public_id: UUID) -> CircularRecipient | None:
    rows = CircularRecipient.objects.select_for_update(of=("self",)).select_related("circular")
    return rows.filter(user_id=by.pk, circular__public_id=public_id, circular__state__in=SENT).first()


@transaction.atomic
def mark_circular_read(*, by: User, public_id: UUID) -> Circular | None:
    """The read receipt; its alert is read with it. None for a correspondence `by` did not receive."""
    row = _received(by, public_id)
    if row is None:
        return None
    _read(row)
    return row.circular


@transaction.atomic
def mark_circular_done(*, by: User, public_id: UUID) -> bool | None:
    """« J'ai fait le nécessaire », which reads it too. False where nothing is asked any more, None as above."""
    row = _received(by, public_id)
    if row is None:
        return None
    if not row.circular.asks_something or row.circular.recalled:
        return False
    _read(row)
    CircularRecipient.objects.filter(pk=row.pk, acted_at__isnull=True).update(acted_at=timezone.now())
    return True


@transaction.atomic
def archive_circular(*, by: User, public_id: UUID, away: bool) -> bool:
    """Puts it away in one's archives or takes it out; nothing is deleted. False for one `by` did not receive."""
    row = _received(by, public_id)
    if row is None:
        return False
    row.archived_at = (row.archived_at or timezone.now()) if away else None
    row.save(update_fields=["archived_at"])
    return True


@transaction.atomic
def read_through_alert(*, by: User, alert: Alert) -> None:
    """An alert opened is its correspondence opened: the receipt is written where the alert tells of one."""
    family, _, key = alert.cause.partition(":")
    key = key.partition(":")[0]  # « correspondance:12:J-7 » is of the correspondence 12
    if family != "correspondance" or not key.isdecimal():
        return
    row = CircularRecipient.objects.filter(user_id=by.pk, circular=int(key)).select_related("circular").first()
    if row is not None:
        _read(row)


def _read(row: CircularRecipient) -> None:
    now = timezone.now()
    CircularRecipient.objects.filter(pk=row.pk).update(read_at=Coalesce(F("read_at"), now))
    Alert.objects.filter(user_id=row.user_id, cause=row.circular.cause, read_at__isnull=True).update(read_at=now)
