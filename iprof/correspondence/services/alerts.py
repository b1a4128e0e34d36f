"""Writing to the outbox, calling back what was sent to many, and reading one's alerts on the portal."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from iprof.correspondence.enums import Pace
from iprof.correspondence.models import Alert, Mailing
from iprof.correspondence.outbox.writing import insert_alerts
from iprof.correspondence.tasks import deliver_alerts, send_copies
from security.models import User

RECALLED = "Rappelée avant un autre essai"


@transaction.atomic
def send_alert(*, user: User, kind: str, subject: str, body: str, link: str = "", cause: str = "") -> Alert | None:
    """Writes an alert for `user` in the caller's transaction: no cause without its alert, no alert without its cause.

    `kind` is « family.detail » (iprof.correspondence.kinds). `link` is a path of the portal ("/ma-carriere/");
    ValueError for anything else, so that a mail never leads elsewhere. Keep `body` short: the mail leaves the portal,
    the details stay behind the sign-in. With a `cause` ("echeance:12:J-7"), running it again gives the alert written
    the first time. None for a closed account: nobody reads its mailbox.
    """
    subject = _one_line(subject)
    written = insert_alerts(
        [user.pk], kind=kind, subject=subject, body=body, link=_path(link), cause=cause, now=timezone.now()
    )
    _wake(bool(written))
    if written:
        return Alert.objects.get(pk=written[user.pk])
    return Alert.objects.filter(user=user, cause=cause).first() if cause else None


@transaction.atomic
def send_mailing(*, mailing: Mailing, users: Iterable[int], kind: str, cause: str, pace: Pace | None = None) -> int:
    """Writes the alerts of a mailing for accounts given by id; returns how many were written.

    Idempotent by `cause`. `pace` stands for the choice of each person. A mailing that is called back is written for nobody: 0.
    """
    locked = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
    if locked.recalled_at is not None:
        return 0
    written = insert_alerts(
        users, kind=kind, subject=locked.subject, link=locked.link, mailing=locked.pk, cause=cause, pace=pace,
        now=timezone.now(),
    )  # fmt: skip
    _wake(bool(written))
    return len(written)


def new_mailing(*, subject: str, text: str, html: str = "", link: str = "") -> Mailing:
    """`html` must come from iprof.correspondence.rich_text; `link` is a path of the portal, ValueError otherwise."""
    return Mailing.objects.create(subject=_one_line(subject), text=text.strip(), html=html, link=_path(link))


@transaction.atomic
def recall_mailing(*, mailing: Mailing, reason: str, notice: str = "") -> tuple[int, int]:
    """Calls a mailing back: (alerts that will never leave, people told of the recall by a mail of their own).

    An alert never tried is withdrawn. One that was tried may have left: it is tried no more, and its person is sent
    `notice` under a cause of its own; nobody is told without `notice`. The rows are locked: a worker that holds them has
    tried them by then, and marks those the relay took. Running it again does nothing: (0, 0).
    """
    locked = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
    if locked.recalled_at is not None:
        return 0, 0
    now = timezone.now()
    locked.recalled_at, locked.recall_reason = now, reason.strip()
    locked.save(update_fields=["recalled_at", "recall_reason"])
    rows = list(locked.alerts.select_for_update(of=("self",)).order_by("pk").values_list("pk", "user_id", "attempts"))
    stay = [pk for pk, _, attempts in rows if attempts == 0]
    withdrawn = Alert.objects.filter(pk__in=stay, sent_at__isnull=True).update(withdrawn_at=now)
    locked.alerts.filter(attempts__gt=0, sent_at__isnull=True).update(abandoned_at=now, last_error=RECALLED)
    told = insert_alerts(
        [user for _, user, attempts in rows if attempts and notice],
        kind="correspondance.rappel",
        subject=_one_line(f"Rappelé : {locked.subject}"),
        body=notice,
        link=locked.link,
        cause=f"rappel:{locked.pk}",
        now=now,
    )
    _wake(bool(told))
    return withdrawn, len(told)


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


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]  # a line break would be a mail header of its own


def _path(link: str) -> str:
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise ValueError("link must be a path of the portal")
    return link


def _wake(something: bool) -> None:
    if something:
        # Robust: the rows are safe, and the sweep sends them when the broker is down at this moment.
        transaction.on_commit(deliver_alerts.delay, robust=True)
        transaction.on_commit(send_copies.delay, robust=True)
