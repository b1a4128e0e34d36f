"""Writing to the outbox, and reading one's alerts on the portal."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from iprof.correspondence.models import Alert
from iprof.correspondence.tasks import deliver_alerts
from security.models import User


@transaction.atomic
def send_alert(*, user: User, kind: str, subject: str, body: str, link: str = "") -> Alert:
    """Writes an alert for `user` in the caller's transaction: no cause without its alert, no alert without its cause.

    `link` is a path of the portal ("/ma-carriere/"); ValueError for anything else, so that a mail never leads
    elsewhere. Keep `body` short: the mail leaves the portal, the details stay behind the sign-in.
    """
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise ValueError("link must be a path of the portal")
    alert = Alert.objects.create(
        user=user,
        kind=kind,
        subject=" ".join(subject.split())[:200],  # a line break would be a mail header of its own
        body=body,
        link=link,
        next_try_at=timezone.now(),
    )
    # Robust: the row is safe, and the sweep sends it when the broker is down at this moment.
    transaction.on_commit(deliver_alerts.delay, robust=True)
    return alert


@transaction.atomic
def mark_read(*, by: User, message_id: UUID) -> Alert | None:
    """Marks one's own alert as read, once: the first reading keeps its date. None for an alert of someone else."""
    alert = Alert.objects.select_for_update(of=("self",)).filter(user_id=by.pk, message_id=message_id).first()
    if alert and alert.read_at is None:
        alert.read_at = timezone.now()
        alert.save(update_fields=["read_at"])
    return alert


@transaction.atomic
def mark_all_read(*, by: User) -> int:
    """Marks every unread alert of an account as read. Returns how many."""
    return Alert.objects.filter(user_id=by.pk, read_at__isnull=True).update(read_at=timezone.now())
