"""The one engine of dialogues and tickets: opened and written by their owner, taken up and answered by staff.

Each act locks the thread. Whoever answers from a page says how many messages it showed (`seen`): a reply to what one has
not read is refused. Owners are locked by their own row, so that a form sent twice writes one message.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.domain.thread_states import Act, State, next_state
from iprof.correspondence.domain.ticket_priority import Priority, TicketType, judge
from iprof.correspondence.enums import Satisfaction, ThreadKind
from iprof.correspondence.files import CheckedFile
from iprof.correspondence.models import Message, MessageFile, Thread, ThreadNote
from iprof.correspondence.services.alerts import send_alert
from iprof.correspondence.services.thread_files import join
from iprof.correspondence.subjects import Subject
from iprof.kernel.errors import DomainError
from iprof.kernel.working_days import after_open_days, after_open_hours
from security.enums import AccessKind
from security.journal import record
from security.models import User

PER_DAY = 30  # messages one person may write in 24 hours
TOLD = {
    ThreadKind.DIALOGUE: ("echange.reponse", "Votre gestionnaire a répondu"),
    ThreadKind.SUPPORT: ("support.reponse", "L'assistance a répondu à votre demande"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A message as typed in one page, with its files: sent for the first time, or kept aside earlier."""

    body: str
    token: UUID = field(default_factory=uuid4)
    files: Sequence[CheckedFile] = ()
    drafts: Sequence[MessageFile] = ()


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What a ticket says besides its message; `page` and `browser` with the person's consent."""

    kind: TicketType
    deadline: dt.date | None = None
    page: str = ""
    browser: str = ""


@transaction.atomic
def open_dialogue(*, by: User, subject: str, written: Written, about: Subject | None = None) -> Thread:
    """Raises DomainError("thread_too_many" | "thread_file_gone"). The same page sent again gives the thread opened the first time."""
    if known := _already(by, written.token):
        return known.thread
    told = {"about_kind": about.kind, "about_ref": about.ref, "about_label": about.label[:300], "about_link": about.link} if about else {}  # fmt: skip
    thread = Thread(kind=ThreadKind.DIALOGUE, owner=by, subject=subject, **told)
    return _open(thread, written)


@transaction.atomic
def open_ticket(*, by: User, subject: str, written: Written, facts: TicketFacts) -> Thread:
    """As `open_dialogue`; its priority is settled here, by the type and the deadline told."""
    if known := _already(by, written.token):
        return known.thread
    judged = judge(facts.kind, deadline=facts.deadline, on=timezone.localdate())
    thread = Thread(
        kind=ThreadKind.SUPPORT,
        owner=by,
        subject=subject,
        ticket_kind=facts.kind,
        priority=judged.priority,
        deadline=facts.deadline,
        page=facts.page[:300],
        browser=facts.browser[:300],
    )
    return _open(thread, written)


@transaction.atomic
def write_message(*, thread: Thread, by: User, written: Written, seen: int | None = None) -> Thread:
    """The owner writes again; a closed thread opens again within its delay.

    Raises DomainError("thread_not_owner" | "thread_moved" | "thread_too_old" | "thread_too_many" | "thread_file_gone").
    """
    if thread.owner_id != by.pk:
        raise DomainError("thread_not_owner")
    if known := _already(by, written.token):
        return known.thread
    locked = _lock(thread, seen)
    _step(locked, Act.WRITE)
    _write(locked, by, written, from_staff=False)
    return locked


@transaction.atomic
def take_up(*, thread: Thread, by: User) -> Thread:
    """A member of staff follows the thread. Raises DomainError("thread_own" | "thread_taken" | …of the states)."""
    locked = _lock(thread)
    _not_own(locked, by)
    if locked.state == State.TAKEN and locked.assigned_to_id not in {None, by.pk}:
        raise DomainError("thread_taken")
    return _assign(locked, by, to=by)


@transaction.atomic
def hand_over(*, thread: Thread, by: User, to: User) -> Thread:
    """To a colleague the caller has checked: one who covers the owner. Raises as `take_up`."""
    locked = _lock(thread)
    _not_own(locked, by)
    _not_own(locked, to)
    _assign(locked, by, to=to)
    if to.pk != by.pk:
        _tell_colleague(locked, to)
    return locked


@transaction.atomic
def reply(*, thread: Thread, by: User, written: Written, seen: int | None = None) -> Thread:
    """Staff answer; the owner is told that there is an answer, not what it says.

    Raises DomainError("thread_own" | "thread_moved" | "thread_closed" | "thread_file_gone").
    """
    if known := _already(by, written.token):
        return known.thread
    locked = _lock(thread, seen)
    _not_own(locked, by)
    locked.assigned_to = locked.assigned_to or by
    _step(locked, Act.REPLY)
    _write(locked, by, written, from_staff=True)
    _handled(locked, by, "reponse")
    kind, subject = TOLD[ThreadKind(locked.kind)]
    send_alert(
        user=locked.owner,
        kind=kind,
        subject=subject,
        body="La réponse se lit dans votre espace, après connexion.",
        link=locked.get_absolute_url(),
        cause=f"{kind}:{written.token}",
    )
    return locked


@transaction.atomic
def add_note(*, thread: Thread, by: User, text: str) -> ThreadNote:
    """For colleagues only. Raises DomainError("thread_own" | "thread_note_empty")."""
    _not_own(thread, by)
    if not text.strip():
        raise DomainError("thread_note_empty")
    return ThreadNote.objects.create(thread=thread, author=by, text=text.strip())


@transaction.atomic
def close_thread(*, thread: Thread, by: User, satisfaction: str = "") -> Thread:
    """By its owner, who may say whether a ticket is solved, or by staff once it is answered.

    Raises DomainError("thread_closed" | "thread_unanswered").
    """
    locked = _lock(thread)
    mine = locked.owner_id == by.pk
    if locked.waits and not mine:
        raise DomainError("thread_unanswered")
    _step(locked, Act.CLOSE)
    if mine and locked.kind == ThreadKind.SUPPORT and satisfaction in Satisfaction.values:
        locked.satisfaction = satisfaction
    locked.save()
    if not mine:
        _handled(locked, by, "cloture")
    return locked


def due_at(thread: Thread, *, at: dt.datetime) -> dt.datetime:
    """When an answer is promised to what is written at a moment: days for a dialogue, hours by priority for a ticket."""
    local = timezone.localtime(at)
    opens, closes = settings.OFFICE_HOURS
    if thread.kind == ThreadKind.SUPPORT:
        hours = settings.SUPPORT_DELAY_HOURS[Priority(thread.priority)]
        end = after_open_hours(local.replace(tzinfo=None), hours, opens=opens, closes=closes)
    else:
        day = after_open_days(local.date(), settings.DIALOGUE_DELAY_DAYS)
        end = dt.datetime.combine(day, dt.time(closes))
    return timezone.make_aware(end)


def _already(by: User, token: UUID) -> Message | None:
    """The message this page has written, if it was sent before. Locks its author: two clicks come one after the other.

    The lock leaves the row's key alone: whoever holds the thread meanwhile writes its alert to the author.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    return Message.objects.filter(author_id=by.pk, token=token).select_related("thread").first()


def _lock(thread: Thread, seen: int | None = None) -> Thread:
    locked = Thread.objects.select_for_update(of=("self",)).select_related("owner").get(pk=thread.pk)
    if seen is not None and locked.messages.count() != seen:
        raise DomainError("thread_moved")
    return locked


def _not_own(thread: Thread, by: User) -> None:
    if thread.owner_id == by.pk:
        raise DomainError("thread_own")


def _step(thread: Thread, act: Act) -> None:
    """The thread in its next state, not saved; its delay starts again when it waits again."""
    now = timezone.now()
    closed_on = timezone.localdate(thread.closed_at) if thread.closed_at else None
    waited = thread.waits
    thread.state = next_state(State(thread.state), act, closed_on=closed_on, on=timezone.localdate(now))
    thread.closed_at = now if thread.state == State.CLOSED else None
    thread.satisfaction = "" if thread.state != State.CLOSED else thread.satisfaction
    if not thread.waits:
        thread.due_at = None
    elif not waited:
        thread.due_at = due_at(thread, at=now)


def _open(thread: Thread, written: Written) -> Thread:
    thread.due_at = due_at(thread, at=timezone.now())
    thread.save(force_insert=True)
    _write(thread, thread.owner, written, from_staff=False)
    return thread


def _write(thread: Thread, by: User, written: Written, *, from_staff: bool) -> Message:
    now = timezone.now()
    sent = Message.objects.filter(author_id=by.pk, from_staff=False, created_at__gt=now - dt.timedelta(days=1))
    if not from_staff and sent.count() >= PER_DAY:
        raise DomainError("thread_too_many", limit=PER_DAY)
    thread.last_at = now
    thread.save()
    message = Message.objects.create(
        thread=thread, author=by, from_staff=from_staff, body=written.body, token=written.token, created_at=now
    )
    join(message, files=written.files, drafts=written.drafts)
    return message


def _assign(thread: Thread, by: User, *, to: User) -> Thread:
    _step(thread, Act.TAKE)
    thread.assigned_to = to
    thread.save()
    _handled(thread, by, "prise en charge" if to == by else "transmission")
    return thread


def _tell_colleague(thread: Thread, to: User) -> None:
    family, model = ("support", "ticket") if thread.kind == ThreadKind.SUPPORT else ("echange", "thread")
    send_alert(
        user=to,
        kind=f"{family}.transmis",
        subject="Un échange vous est transmis",
        body="Un collègue vous confie un échange avec un agent. Il se lit dans « Gestion ».",
        link=reverse(f"admin:correspondence_{model}_change", args=[thread.pk]),
    )


def _handled(thread: Thread, by: User, act: str) -> None:
    record(AccessKind.THREAD_HANDLED, actor=by, subject=thread.owner, thread=str(thread.public_id), act=act)
