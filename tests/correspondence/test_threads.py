"""The engine of threads: states, delays, who may do what, messages sent twice, two people at once."""

import datetime as dt
import threading
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.domain.thread_states import TRANSITIONS, WAITING, Act, State, next_state
from iprof.correspondence.domain.ticket_priority import Priority, TicketType
from iprof.correspondence.models import Alert, Attachment, Message, MessageFile, Thread
from iprof.correspondence.services import thread_files, thread_upkeep
from iprof.correspondence.services.threads import (
    PER_DAY,
    Written,
    add_note,
    close_thread,
    hand_over,
    open_dialogue,
    reply,
    take_up,
    write_message,
)
from iprof.correspondence.subjects import find_subject
from iprof.correspondence.tasks import close_quiet_threads, forget_old_threads
from iprof.kernel.errors import DomainError
from security.models import AccessEvent
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.files import pdf
from tests.factories.threads import answered, dialogue, ticket

pytestmark = [pytest.mark.django_db]
TUESDAY = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)  # 10 h in Reims


@pytest.fixture
def today():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def teacher():
    return UserFactory(username="enseignante")


@pytest.fixture
def office():
    return UserFactory(username="gestionnaire", staff=True)


def local(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_each_state_takes_the_acts_of_the_table_and_no_other(state, act):
    on = dt.date(2026, 11, 24)
    closed_on = on if state == State.CLOSED else None
    if (state, act) in TRANSITIONS:
        assert next_state(state, act, closed_on=closed_on, on=on) == TRANSITIONS[state, act]
    else:
        with pytest.raises(DomainError, match="thread_closed|thread_answered"):
            next_state(state, act, closed_on=closed_on, on=on)


@pytest.mark.parametrize(("days", "reopens"), [(0, True), (30, True), (31, False)])
def test_a_closed_thread_opens_again_for_thirty_days(days, reopens):
    on = dt.date(2026, 11, 24)
    ask = {"closed_on": on - dt.timedelta(days), "on": on}
    if reopens:
        assert next_state(State.CLOSED, Act.WRITE, **ask) == State.SENT
    else:
        with pytest.raises(DomainError, match="thread_too_old"):
            next_state(State.CLOSED, Act.WRITE, **ask)


STEPS = st.lists(
    st.sampled_from(["write", "take", "other takes", "reply", "close", "staff closes", "day"]), max_size=12
)


@given(steps=STEPS)
def test_whatever_is_done_the_thread_stays_true_to_its_rules(steps, django_user_model):
    """Any interleaving: the state follows the table, a due date goes with waiting, nobody's message is lost."""
    with transaction.atomic(), time_machine.travel(TUESDAY, tick=False) as clock:
        owner, one, other = (UserFactory(username=name) for name in ("ens", "g1", "g2"))
        thread, written, replies = dialogue(owner), 1, 0
        acts = {
            "write": lambda: write_message(thread=thread, by=owner, written=Written("Encore.")),
            "take": lambda: take_up(thread=thread, by=one),
            "other takes": lambda: take_up(thread=thread, by=other),
            "reply": lambda: reply(thread=thread, by=one, written=Written("Réponse.")),
            "close": lambda: close_thread(thread=thread, by=owner),
            "staff closes": lambda: close_thread(thread=thread, by=other),
        }
        for step in steps:
            if step == "day":
                clock.shift(dt.timedelta(days=11))
                continue
            before = Thread.objects.get(pk=thread.pk)
            try:
                acts[step]()
            except DomainError:
                after = Thread.objects.get(pk=thread.pk)
                assert (after.state, after.due_at, after.assigned_to) == (
                    before.state,
                    before.due_at,
                    before.assigned_to,
                )
                continue
            after = Thread.objects.get(pk=thread.pk)
            written += step in {"write", "reply"}
            replies += step == "reply"
            assert (after.due_at is not None) == (after.state in WAITING)
            if before.due_at and after.due_at:
                assert after.due_at == before.due_at, "writing again does not put the promise off"
            assert after.owner_id == owner.pk
        assert Message.objects.filter(thread=thread).count() == written
        assert Alert.objects.filter(user=owner, kind="echange.reponse").count() == replies
        transaction.set_rollback(True)


@pytest.mark.usefixtures("today")
def test_a_dialogue_is_promised_an_answer_in_open_days(teacher):
    assert local(dialogue(teacher).due_at) == "2026-12-01 17:00"


@pytest.mark.req("S87")
@pytest.mark.parametrize(
    ("kind", "deadline", "priority", "due"),
    [
        (TicketType.SIGN_IN, None, Priority.HIGH, "2026-11-24 14:00"),
        (TicketType.UPLOAD, None, Priority.NORMAL, "2026-11-26 10:00"),
        (TicketType.WRONG_DATA, dt.date(2026, 12, 8), Priority.NORMAL, "2026-11-26 10:00"),
        (TicketType.DISPLAY, None, Priority.LOW, "2026-12-01 10:00"),
        (TicketType.OTHER, dt.date(2026, 12, 8), Priority.NORMAL, "2026-11-26 10:00"),
        (TicketType.OTHER, dt.date(2026, 12, 9), Priority.LOW, "2026-12-01 10:00"),
        (TicketType.OTHER, dt.date(2026, 11, 27), Priority.HIGH, "2026-11-24 14:00"),
        (TicketType.OTHER, dt.date(2026, 11, 30), Priority.NORMAL, "2026-11-26 10:00"),
    ],
)
@pytest.mark.usefixtures("today")
def test_the_clock_of_a_ticket_runs_by_its_priority(teacher, kind, deadline, priority, due):
    filed = ticket(teacher, kind=kind, deadline=deadline)
    assert filed.priority == priority
    assert local(filed.due_at) == due


def test_a_reply_tells_the_owner_and_nobody_else_without_what_it_says(teacher, office):
    thread = answered(dialogue(teacher), office)
    alert = Alert.objects.get()
    assert (alert.user, alert.kind, alert.link) == (teacher, "echange.reponse", f"/echanges/{thread.public_id}/")
    assert "Voici la réponse" not in alert.subject + alert.body
    assert thread.assigned_to == office
    assert AccessEvent.objects.get(kind="echange.traitement").subject == teacher


def test_nobody_answers_nor_follows_their_own(teacher, office):
    thread = dialogue(office)
    for act in (
        lambda: take_up(thread=thread, by=office),
        lambda: answered(thread, office),
        lambda: add_note(thread=thread, by=office, text="Rien."),
        lambda: hand_over(thread=thread, by=teacher, to=office),
    ):
        with pytest.raises(DomainError, match="thread_own"):
            act()
    with pytest.raises(DomainError, match="thread_not_owner"):
        write_message(thread=thread, by=teacher, written=Written("Je m'en mêle."))
    with pytest.raises(IntegrityError, match="thread_never_followed_by_its_owner"), transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(assigned_to=office)


def test_staff_do_not_close_what_they_have_not_answered(teacher, office):
    thread = dialogue(teacher)
    with pytest.raises(DomainError, match="thread_unanswered"):
        close_thread(thread=thread, by=office)
    assert close_thread(thread=answered(thread, office), by=office).state == State.CLOSED
    with pytest.raises(DomainError, match="thread_closed"):
        answered(thread, office)


def test_a_page_sent_twice_writes_once(teacher, office):
    written = Written("Bonjour.", uuid4())
    first = open_dialogue(by=teacher, subject="Une question", written=written)
    assert open_dialogue(by=teacher, subject="Une question", written=written) == first
    more = Written("J'ajoute ceci.", uuid4())
    for _ in range(2):
        write_message(thread=first, by=teacher, written=more, seen=1)
    answer = Written("Réponse.", uuid4())
    for _ in range(2):
        reply(thread=first, by=office, written=answer, seen=2)
    assert Thread.objects.count() == 1
    assert [message.body for message in first.messages.all()] == ["Bonjour.", "J'ajoute ceci.", "Réponse."]
    assert Alert.objects.count() == 1


def test_nobody_answers_what_they_have_not_read(teacher, office):
    thread = dialogue(teacher)
    write_message(thread=thread, by=teacher, written=Written("Trop tard, c'est réglé."))
    with pytest.raises(DomainError, match="thread_moved"):
        reply(thread=thread, by=office, written=Written("Faites ceci."), seen=1)
    assert not Alert.objects.exists()


def test_a_flood_is_refused_until_the_next_day(teacher, office, today):
    thread = dialogue(teacher)
    for _ in range(PER_DAY - 1):
        write_message(thread=thread, by=teacher, written=Written("Encore."))
    with pytest.raises(DomainError, match="thread_too_many"):
        ticket(teacher)
    assert Thread.objects.count() == 1
    answered(thread, office)  # staff write as much as they must
    today.shift(dt.timedelta(days=1, seconds=1))
    ticket(teacher)


def test_owner_messages_and_files_never_change(teacher, office):
    thread = dialogue(teacher, files=1)
    for change in (
        lambda: Thread.objects.filter(pk=thread.pk).update(owner=office),
        lambda: Message.objects.filter(thread=thread).update(body="Autre chose"),
        lambda: Message.objects.filter(thread=thread).update(thread=dialogue(office)),
        lambda: MessageFile.objects.update(message=dialogue(office).messages.get()),
    ):
        with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
            change()


def test_files_kept_aside_go_with_the_message_or_are_forgotten(teacher, office, today):
    one, other = thread_files.keep_drafts(by=teacher, files=[pdf("a.pdf"), pdf("b.pdf")])
    foreign = thread_files.keep_drafts(by=office, files=[pdf("c.pdf")])[0]
    with pytest.raises(DomainError, match="thread_file_gone"):
        open_dialogue(by=teacher, subject="Pièces", written=Written("Voici.", drafts=[one, foreign]))
    assert not Thread.objects.exists(), "the file of someone else is not joined, and nothing is half sent"
    written = Written("Voici.", files=[pdf("d.pdf")], drafts=[one])
    thread = open_dialogue(by=teacher, subject="Pièces", written=written)
    names = thread.messages.get().files.order_by("attachment__name").values_list("attachment__name", flat=True)
    assert list(names) == ["a.pdf", "d.pdf"]
    today.shift(dt.timedelta(hours=24, seconds=1))
    forget_old_threads()
    assert not MessageFile.objects.filter(pk__in=[other.pk, foreign.pk]).exists()
    assert Attachment.objects.count() == 2


def test_no_more_than_two_forms_of_files_are_kept_aside(teacher):
    for n in range(thread_files.DRAFTS + 2):
        thread_files.keep_drafts(by=teacher, files=[pdf(f"{n}.pdf")])
    assert [d.attachment.name for d in thread_files.drafts_of(teacher)] == [f"{n}.pdf" for n in range(2, 8)]
    assert Attachment.objects.count() == thread_files.DRAFTS


@pytest.mark.parametrize(("days", "state"), [(30, State.ANSWERED), (31, State.CLOSED)])
def test_a_thread_left_after_its_answer_is_closed(teacher, office, today, days, state):
    thread, waiting = answered(dialogue(teacher), office), dialogue(teacher)
    today.shift(dt.timedelta(days=days))
    close_quiet_threads()
    thread.refresh_from_db()
    waiting.refresh_from_db()
    assert (thread.state, waiting.state) == (state, State.SENT)


def test_threads_are_forgotten_with_their_files_after_their_time(teacher, office, today):
    for made in (dialogue(teacher, files=2), ticket(teacher, files=1)):
        add_note(thread=made, by=office, text="Vu.")
        close_thread(thread=answered(made, office), by=office)
    today.shift(dt.timedelta(days=366))
    assert thread_upkeep.forget_old() == 1
    assert Thread.objects.get().kind == "echange"
    assert Attachment.objects.count() == 2
    today.shift(dt.timedelta(days=2 * 365))
    assert thread_upkeep.forget_old() == 1
    assert not Attachment.objects.exists()


def test_a_subject_nobody_registered_is_found_by_nobody(teacher):
    assert find_subject(teacher, "licorne", "1") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", ["take", "reply", "same page"])
def test_two_at_once(race):
    """Two members of staff take up or answer the same thread, or one page is sent by two clicks: one of them does."""
    owner, one, other = (UserFactory(username=name, staff=True) for name in ("ens", "g1", "g2"))
    thread, token, outcomes = dialogue(owner), uuid4(), []
    start = threading.Barrier(2)

    def run(by):
        start.wait()
        try:
            if race == "take":
                take_up(thread=thread, by=by)
            elif race == "reply":
                reply(thread=thread, by=by, written=Written("Réponse."), seen=1)
            else:
                open_dialogue(by=owner, subject="Bis", written=Written("Bonjour.", token))
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    runs = [threading.Thread(target=run, args=(by,)) for by in (one, other)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    expected = {"take": ["done", "thread_taken"], "reply": ["done", "thread_moved"], "same page": ["done", "done"]}
    assert sorted(outcomes) == expected[race]
    assert Thread.objects.count() == (2 if race == "same page" else 1)
    assert Alert.objects.count() == (race == "reply")


@pytest.mark.django_db(transaction=True)
def test_the_owner_writes_while_staff_reply(teacher, office):
    """The one holds the author's row and waits for the thread; the other holds the thread and alerts the author."""
    thread, replied, done = dialogue(teacher), threading.Event(), threading.Event()

    def staff_reply():
        with transaction.atomic():
            reply(thread=thread, by=office, written=Written("Réponse."))
            replied.set()
            while not (done.is_set() or someone_waits()):
                pass

    def owner_writes():
        replied.wait()
        try:
            write_message(thread=thread, by=teacher, written=Written("Encore ceci."))
        finally:
            done.set()

    acts = [staff_reply, owner_writes]
    assert at_once(lambda: acts.pop()()) == [None, None]
    assert [message.body for message in thread.messages.all()][1:] == ["Réponse.", "Encore ceci."]
    assert Alert.objects.get().user == teacher


def someone_waits() -> bool:
    """Whether another connection waits for what this one has locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]
