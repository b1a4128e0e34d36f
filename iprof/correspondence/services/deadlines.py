"""A deadline from its creation to its end: who it concerns, its moves, its cancellation, each told to all of them."""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from iprof.correspondence.audience import Audience, provider
from iprof.correspondence.models import Deadline, DeadlineMove, DeadlineNotice, DeadlinePerson
from iprof.correspondence.services.alerts import new_mailing, recall_mailing, send_mailing
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_moment
from security.enums import AccessKind
from security.journal import record
from security.models import User

REMINDER_CODE = "J-"
KEPT_DAYS = 365  # who a date concerned is of no use a year after it; the date and its moves stay
ADD_PEOPLE = """
INSERT INTO correspondence_deadlineperson (deadline_id, user_id)
SELECT %s, u.id FROM security_user u WHERE u.id = ANY(%s) ORDER BY u.id
    ON CONFLICT (user_id, deadline_id) DO NOTHING
"""


@transaction.atomic
def create_deadline(*, deadline: Deadline, audience: Audience, by: User) -> Deadline:
    """Writes a deadline and who it concerns. Raises DomainError("deadline_past" | "deadline_opens_late" |
    "deadline_nobody")."""
    if deadline.closes_at <= timezone.now():
        raise DomainError("deadline_past")
    if deadline.opens_on and deadline.opens_on > deadline.closes_on:
        raise DomainError("deadline_opens_late")
    deadline.audience, deadline.created_by = audience.as_json(), by
    deadline.save()
    if not refresh_people(deadline=deadline):
        raise DomainError("deadline_nobody")
    _journal(deadline, by, "creation", people=deadline.people.count())
    return deadline


@transaction.atomic
def refresh_people(*, deadline: Deadline) -> int:
    """Adds who has entered the audience, as its author may reach it today; nobody leaves. How many were added."""
    audience = Audience.from_json(deadline.audience)
    accounts = provider().accounts(audience, by=deadline.created_by, on=timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(ADD_PEOPLE, [deadline.pk, accounts])
        return cursor.rowcount


@transaction.atomic
def move_deadline(*, deadline: Deadline, to: dt.datetime, reason: str, by: User) -> DeadlineMove:
    """Changes the date and tells everybody it concerns, in one transaction: no move without its notice.

    `to` is aware. Raises DomainError("deadline_cancelled" | "deadline_no_reason" | "deadline_past" | "deadline_same" |
    "deadline_advance" | "deadline_out_of_reach").
    """
    locked, reason = _lock(deadline), _one_line(reason)
    _check_change(locked, reason, by)
    if to <= timezone.now():
        raise DomainError("deadline_past")
    if to == locked.closes_at:
        raise DomainError("deadline_same")
    if to < locked.closes_at and not by.has_perm("correspondence.advance_deadline"):
        raise DomainError("deadline_advance")
    move = DeadlineMove.objects.create(
        deadline=locked, number=locked.moves + 1, was_at=locked.closes_at, became_at=to, reason=reason, decided_by=by
    )
    locked.closes_at, locked.moves = to, move.number
    locked.save(update_fields=["closes_at", "moves"])
    refresh_people(deadline=locked)
    _withdraw_reminders(locked, reason)
    _journal(locked, by, "report" if move.later else "avance", number=move.number)
    _tell_move(locked, move)
    return move


@transaction.atomic
def cancel_deadline(*, deadline: Deadline, reason: str, by: User) -> Deadline:
    """Raises DomainError("deadline_cancelled" | "deadline_no_reason" | "deadline_out_of_reach")."""
    locked, reason = _lock(deadline), _one_line(reason)
    _check_change(locked, reason, by)
    locked.cancelled_at, locked.cancelled_by, locked.cancelled_because = timezone.now(), by, reason
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_because"])
    _withdraw_reminders(locked, reason)
    _journal(locked, by, "annulation")
    subject = f"Échéance annulée : {locked.title}"
    text = f"L'échéance du {_moment(locked.closes_at)} ({locked.procedure}) est annulée. Motif : {reason}"
    tell(deadline=locked, code="annulation", kind="report.echeance", subject=subject, text=text)
    return locked


def tell(*, deadline: Deadline, code: str, kind: str, subject: str, text: str, waiting_only: bool = False) -> int:
    """Writes one text to the people of a deadline, once for each `code`; how many were told by this call.

    With `waiting_only`, those who marked it done are left alone. To be called in a transaction that holds the deadline.
    """
    notice = DeadlineNotice.objects.select_related("mailing").filter(deadline=deadline, code=code).first()
    if notice is None:
        link = f"/echeances/#echeance-{deadline.public_id}"
        mailing = new_mailing(subject=subject, text=text, link=link)
        notice = DeadlineNotice.objects.create(deadline=deadline, code=code, mailing=mailing)
    people = deadline.people.order_by("user_id")
    if waiting_only:
        people = people.filter(done_at__isnull=True)
    users = list(people.values_list("user_id", flat=True))
    return send_mailing(mailing=notice.mailing, users=users, kind=kind, cause=f"echeance:{deadline.pk}:{code}")


@transaction.atomic
def mark_done(*, by: User, deadline: Deadline, done: bool) -> bool:
    """One's own mark: no reminder comes any more, news of a move still do. False when it does not concern them."""
    mine = DeadlinePerson.objects.select_for_update().filter(deadline=deadline, user_id=by.pk).first()
    if mine is None:
        return False
    mine.done_at = timezone.now() if done else None
    mine.save(update_fields=["done_at"])
    return True


@transaction.atomic
def forget_old_people() -> int:
    """Forgets who the dates passed since KEPT_DAYS concerned; how many lines went."""
    limit = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    return DeadlinePerson.objects.filter(deadline__closes_at__lt=limit).delete()[0]


def _check_change(deadline: Deadline, reason: str, by: User) -> None:
    if deadline.cancelled_at is not None:
        raise DomainError("deadline_cancelled")
    if not reason:
        raise DomainError("deadline_no_reason")
    if not within_reach(deadline, by):
        raise DomainError("deadline_out_of_reach")


def within_reach(deadline: Deadline, by: User) -> bool:
    """Whether `by` may write to all those its author may write to. An author who reaches nobody any more leaves the
    deadline to those who may advance one."""
    if deadline.created_by_id == by.pk or by.has_perm("correspondence.advance_deadline"):
        return True
    audience, today = Audience.from_json(deadline.audience), timezone.localdate()
    theirs = set(provider().accounts(audience, by=deadline.created_by, on=today))
    return bool(theirs) and theirs <= set(provider().accounts(audience, by=by, on=today))


def _withdraw_reminders(deadline: Deadline, reason: str) -> None:
    """The reminders of a date that is no more: those still waiting never leave, nobody is told of that beside the change.

    Their codes hold the number of moves: those of the new date are others.
    """
    past = deadline.notices.filter(code__startswith=REMINDER_CODE, mailing__recalled_at__isnull=True)
    for notice in past.select_related("mailing").order_by("pk"):
        recall_mailing(mailing=notice.mailing, reason=reason)


def _tell_move(deadline: Deadline, move: DeadlineMove) -> None:
    verb = "reportée" if move.later else "avancée"
    subject = f"Échéance {verb} au {_moment(move.became_at)} : {deadline.title}"
    text = (
        f"L'échéance « {deadline.title} » ({deadline.procedure}) est {verb} : elle passe du {_moment(move.was_at)} "
        f"au {_moment(move.became_at)}. Motif : {move.reason}"
    )
    tell(deadline=deadline, code=f"report:{move.number}", kind="report.echeance", subject=subject, text=text)


def _moment(at: dt.datetime) -> str:
    return french_moment(timezone.localtime(at))


def _one_line(reason: str) -> str:
    return " ".join(reason.split())


def _lock(deadline: Deadline) -> Deadline:
    return Deadline.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=deadline.pk)


def _journal(deadline: Deadline, by: User, act: str, **detail: Any) -> None:
    record(AccessKind.DEADLINE_MANAGED, actor=by, deadline=str(deadline.public_id), act=act, **detail)
