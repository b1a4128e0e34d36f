"""Deadlines: their date moves by a written move, everyone concerned is told once, the reminders come late or not at all
but never twice (K2, S11)."""

import contextlib
import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.audience import Audience, provider
from iprof.correspondence.models import Alert, Deadline, DeadlineMove, DeadlinePerson
from iprof.correspondence.reminders import STEPS, due_step
from iprof.correspondence.selectors.deadlines import agenda_of
from iprof.correspondence.services.deadline_reminders import remind, remind_all
from iprof.correspondence.services.deadlines import (
    cancel_deadline,
    create_deadline,
    forget_old_people,
    mark_done,
    move_deadline,
)
from iprof.kernel.errors import DomainError
from security.enums import Role, ScopeKind
from security.models import AccessEvent, User
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.correspondence import author_of_deadlines, open_deadline

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11")]
NOON = dt.datetime(2026, 12, 11, 11, tzinfo=dt.UTC)
WEEK = dt.timedelta(7)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


def draft(**fields) -> Deadline:
    return Deadline(**{"title": "Vœux", "procedure": "Mouvement", "closes_at": NOON, "source": "Circulaire"} | fields)


def code_of(call, **arguments) -> str:
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    return caught.value.code


def told(code: str) -> set[str]:
    return set(Alert.objects.filter(cause__endswith=code).values_list("user__username", flat=True))


def test_a_deadline_concerns_exactly_who_its_audience_names():
    agent, by = full_career(), author_of_deadlines()
    UserFactory(username="dehors")
    deadline = create_deadline(deadline=draft(), audience=Audience(departements=("51",)), by=by)
    reached = provider().accounts(Audience(departements=("51",)), by=by, on=timezone.localdate())
    assert list(deadline.people.values_list("user_id", flat=True)) == reached == [agent.user_id]
    assert AccessEvent.objects.get(kind="echeance.gestion").detail["act"] == "creation"
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("fields", "audience", "code"),
    [
        ({"closes_at": NOON - dt.timedelta(30)}, Audience(everyone=True), "deadline_past"),
        ({"opens_on": dt.date(2026, 12, 12)}, Audience(everyone=True), "deadline_opens_late"),
        ({}, Audience(), "deadline_nobody"),
        ({}, Audience(departements=("10",)), "deadline_nobody"),
    ],
)
def test_what_is_refused_writes_nothing(fields, audience, code):
    full_career()
    assert code_of(create_deadline, deadline=draft(**fields), audience=audience, by=author_of_deadlines()) == code
    assert not Deadline.objects.exists()
    assert not DeadlinePerson.objects.exists()


def test_a_move_is_told_to_everybody_concerned_and_to_nobody_else():
    people = [UserFactory(username=f"u{n}") for n in range(3)]
    closed = UserFactory(username="clos", is_active=False)
    UserFactory(username="dehors")
    deadline = open_deadline(*people, closed, audience={"logins": ["personne"]})
    mark_done(by=people[0], deadline=deadline, done=True)
    move = move_deadline(deadline=deadline, to=NOON + WEEK, reason=" Panne\nde messagerie ", by=deadline.created_by)
    assert told(":report:1") == {"u0", "u1", "u2"}
    alert = Alert.objects.filter(user=people[1]).get()
    assert alert.kind == "report.echeance"
    assert "passe du 11 décembre 2026 à 12 h au 18 décembre 2026 à 12 h. Motif : Panne de messagerie" in alert.text
    assert alert.subject.startswith("Échéance reportée au 18 décembre 2026 à 12 h")
    deadline.refresh_from_db()
    assert (deadline.closes_at, deadline.moves, move.number) == (NOON + WEEK, 1, 1)


def test_no_move_without_its_notice(monkeypatch):
    deadline = open_deadline(UserFactory())

    def broken(**kwargs):
        raise RuntimeError("the database went away")

    monkeypatch.setattr("iprof.correspondence.services.deadlines.send_mailing", broken)
    with pytest.raises(RuntimeError):
        move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=deadline.created_by)
    deadline.refresh_from_db()
    assert (deadline.closes_at, deadline.moves, DeadlineMove.objects.count()) == (NOON, 0, 0)


@pytest.mark.parametrize(
    ("to", "reason", "code"),
    [
        (NOON + WEEK, " \n", "deadline_no_reason"),
        (NOON - dt.timedelta(60), "Panne", "deadline_past"),
        (NOON, "Panne", "deadline_same"),
        (NOON - dt.timedelta(2), "Erreur", "deadline_advance"),
    ],
)
def test_a_move_that_is_refused(to, reason, code):
    full_career()
    by = staff(Role.GESTIONNAIRE)
    deadline = create_deadline(deadline=draft(), audience=Audience(everyone=True), by=by)
    assert code_of(move_deadline, deadline=deadline, to=to, reason=reason, by=by) == code
    assert not DeadlineMove.objects.exists()
    assert not Alert.objects.exists()


def test_advancing_a_date_takes_a_right_of_its_own_and_is_said_so():
    deadline = open_deadline(UserFactory())
    move_deadline(deadline=deadline, to=NOON - dt.timedelta(2), reason="Erreur", by=staff(Role.SUPERADMIN))
    assert Alert.objects.get().subject.startswith("Échéance avancée au 9 décembre 2026")


def test_only_who_reaches_all_its_people_moves_the_deadline_of_another():
    full_career()  # in the Marne
    author = staff(Role.GESTIONNAIRE, username="auteur")
    deadline = create_deadline(deadline=draft(), audience=Audience(everyone=True), by=author)
    aside = staff(Role.GESTIONNAIRE, username="aube", scope_kind=ScopeKind.DEPARTEMENT, scope_code="10")
    colleague = staff(Role.GESTIONNAIRE, username="marne", scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")
    change = {"deadline": deadline, "to": NOON + WEEK, "reason": "Panne"}
    assert code_of(move_deadline, by=aside, **change) == "deadline_out_of_reach"
    assert code_of(cancel_deadline, deadline=deadline, reason="x", by=aside) == "deadline_out_of_reach"
    move_deadline(by=colleague, **change)
    author.is_active = False
    author.habilitations.all().delete()
    author.save()
    again = {**change, "to": NOON + 2 * WEEK}
    assert code_of(move_deadline, by=colleague, **again) == "deadline_out_of_reach"
    move_deadline(by=staff(Role.SUPERADMIN), **again)


def test_a_cancelled_deadline_is_told_and_stays_as_it_is():
    user = UserFactory()
    deadline = open_deadline(user)
    cancel_deadline(deadline=deadline, reason="Campagne annulée", by=deadline.created_by)
    assert told(":annulation") == {user.username}
    change = {"deadline": deadline, "reason": "x", "by": deadline.created_by}
    assert code_of(cancel_deadline, **change) == "deadline_cancelled"
    assert code_of(move_deadline, to=NOON + WEEK, **change) == "deadline_cancelled"
    assert remind(deadline=deadline) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"closes_at": NOON + WEEK},
        {"moves": 1},
        {"closes_at": NOON + WEEK, "moves": 1},
        {"audience": {"everyone": False}},
    ],
)
def test_the_database_refuses_a_date_changed_without_a_move(change):
    deadline = open_deadline()
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(pk=deadline.pk).update(**change)


def test_the_database_keeps_the_history_as_it_was_written():
    deadline = open_deadline()
    by = deadline.created_by
    move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=by)
    moves = DeadlineMove.objects.all()
    false = {"deadline": deadline, "reason": "x", "decided_by": by, "became_at": NOON}
    for change in (
        lambda: moves.update(reason="Autre"),
        lambda: moves.delete(),
        lambda: moves.create(number=2, was_at=NOON + 2 * WEEK, **false),
        lambda: moves.create(number=3, was_at=NOON + WEEK, **false),
        lambda: moves.create(number=2, was_at=NOON + WEEK, **false | {"became_at": NOON + WEEK}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@given(st.lists(st.integers(-60, 60), max_size=6))
def test_the_history_tells_every_date_and_the_notices_every_move(days):
    """Whatever is tried: the moves follow one another from the first date to the present one, one notice each."""
    with transaction.atomic():
        user = UserFactory(username="concernee")
        deadline, by = open_deadline(user), author_of_deadlines()
        for day in days:
            with contextlib.suppress(DomainError):  # past, or the same date
                move_deadline(deadline=deadline, to=NOON + dt.timedelta(day), reason="Essai", by=by)
        deadline.refresh_from_db()
        moves = list(deadline.history.all())
        dates = [NOON, *(move.became_at for move in moves)]
        assert [move.was_at for move in moves] == dates[:-1]
        assert deadline.closes_at == dates[-1]
        assert [move.number for move in moves] == list(range(1, deadline.moves + 1))
        causes = [f"echeance:{deadline.pk}:report:{move.number}" for move in moves]
        assert sorted(Alert.objects.filter(user=user).values_list("cause", flat=True)) == sorted(causes)
        transaction.set_rollback(True)


@given(st.dates(dt.date(2026, 1, 1), dt.date(2028, 1, 1)), st.lists(st.booleans(), min_size=45, max_size=45))
def test_whatever_days_the_worker_is_down_nobody_is_reminded_twice_of_a_step_nor_misses_all(closes_on, up):
    days = [closes_on - dt.timedelta(44 - n) for n in range(45)]
    sent: dict[int, dt.date] = {}
    for day, works in zip(days, up, strict=True):
        step = due_step(closes_on, on=day)
        if works and step is not None:
            sent.setdefault(step, day)
    assert len(set(sent.values())) == len(sent)  # one a day at most
    assert all(closes_on - dt.timedelta(step) <= day <= closes_on for step, day in sent.items())
    alive = [day for day, works in zip(days, up, strict=True) if works and day >= closes_on - dt.timedelta(max(STEPS))]
    assert bool(sent) == bool(alive)


@given(st.integers(0, 60), st.integers(0, 60))
def test_after_a_move_only_the_steps_ahead_of_it_count(left, since):
    on = dt.date(2026, 12, 1)
    closes_on, moved_on = on + dt.timedelta(left), on - dt.timedelta(since)
    step = due_step(closes_on, on=on, told_on=moved_on)
    assert step is None or moved_on < closes_on - dt.timedelta(step) <= on


def test_reminders_leave_at_30_7_and_1_days_once_each(clock):
    user, idle = UserFactory(), UserFactory(username="faite")
    deadline = open_deadline(user, idle, closes_at=NOON + dt.timedelta(20), audience={"logins": ["personne"]})
    mark_done(by=idle, deadline=deadline, done=True)
    counts = {}
    for n in range(40):
        clock.move_to(dt.datetime(2026, 11, 24, 6, 30, tzinfo=dt.UTC) + dt.timedelta(n))
        counts[n] = remind_all() + remind_all()
    left = (deadline.closes_on - dt.date(2026, 11, 24)).days
    assert {left - n: count for n, count in counts.items() if count} == {30: 1, 7: 1, 1: 1}
    assert set(Alert.objects.values_list("user__username", flat=True)) == {user.username}
    assert set(Alert.objects.values_list("kind", flat=True)) == {"echeance.rappel"}


def test_a_reminder_missed_by_an_outage_leaves_late_and_not_after_the_date(clock):
    deadline = open_deadline(UserFactory(), audience={"logins": ["personne"]})
    clock.move_to(NOON - dt.timedelta(days=5))  # the 7-day one was two days ago
    assert remind_all() == 1
    clock.move_to(NOON - dt.timedelta(hours=1))  # the very day: the last one, late
    assert remind_all() == 1
    clock.move_to(NOON + dt.timedelta(minutes=1))
    assert remind_all() == remind(deadline=deadline) == 0
    assert sorted(Alert.objects.values_list("cause", flat=True)) == [
        f"echeance:{deadline.pk}:J-1:0", f"echeance:{deadline.pk}:J-7:0"
    ]  # fmt: skip


def test_a_moved_deadline_is_reminded_of_anew(clock):
    user = UserFactory()
    deadline = open_deadline(user, audience={"logins": ["personne"]})
    clock.move_to(NOON - dt.timedelta(days=7))
    assert remind_all() == 1
    move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=deadline.created_by)
    assert remind_all() == 0  # fourteen days left: the move has just been told
    clock.move_to(NOON)
    assert remind_all() == 1
    assert Alert.objects.filter(cause=f"echeance:{deadline.pk}:J-7:1", user=user).count() == 1


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_no_reminder_of_a_former_date_leaves_after_the_change(clock, change):
    left, waiting = UserFactory(), UserFactory(username="attend")
    deadline = open_deadline(left, waiting, audience={"logins": ["personne"]})
    clock.move_to(NOON - dt.timedelta(days=7))
    assert remind_all() == 2
    reminders = Alert.objects.filter(cause__endswith="J-7:0")
    reminders.filter(user=left).update(attempts=1, sent_at=timezone.now())
    if change == "move":
        move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=deadline.created_by)
    else:
        cancel_deadline(deadline=deadline, reason="Panne", by=deadline.created_by)
    assert reminders.get(user=waiting).withdrawn_at
    assert not reminders.get(user=left).withdrawn_at
    assert reminders.get(user=left).mailing.recall_reason == "Panne"
    news = Alert.objects.exclude(pk__in=reminders)
    assert set(news.values_list("kind", "user__username")) == {
        ("report.echeance", "attend"), ("report.echeance", left.username)
    }  # fmt: skip
    assert not news.exclude(withdrawn_at=None).exists()


def test_the_reminders_of_the_second_date_are_withdrawn_by_the_second_move(clock):
    deadline = open_deadline(UserFactory(), audience={"logins": ["personne"]})
    for move in range(2):
        clock.move_to(NOON + move * WEEK - dt.timedelta(days=1))
        assert remind_all() == 1
        to = NOON + (move + 1) * WEEK
        move_deadline(deadline=deadline, to=to, reason=f"Panne {move}", by=deadline.created_by)
    reminders = Alert.objects.filter(kind="echeance.rappel").order_by("pk")
    assert [alert.mailing.recall_reason for alert in reminders] == ["Panne 0", "Panne 1"]
    assert all(alert.withdrawn_at for alert in reminders)


def test_who_enters_the_audience_is_reminded_and_told_of_moves():
    deadline = open_deadline(audience={"departements": ["51"]}, closes_at=NOON)
    agent = full_career()
    assert remind_all() == 1
    assert Alert.objects.get().user_id == agent.user_id
    move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=deadline.created_by)
    assert told(":report:1") == {agent.user.username}


def test_one_marks_only_what_concerns_one(client):
    mine, other = UserFactory(username="moi"), UserFactory(username="autre")
    deadline = open_deadline(other)
    assert not mark_done(by=mine, deadline=deadline, done=True)
    client.force_login(mine)
    assert client.post(f"/echeances/{deadline.public_id}/faite/", {"faite": "1"}).status_code == 404
    assert not DeadlinePerson.objects.exclude(done_at=None).exists()


def test_who_was_concerned_is_forgotten_a_year_after(clock):
    user = UserFactory()
    deadline = open_deadline(user)
    clock.move_to(NOON + dt.timedelta(364))
    assert forget_old_people() == 0
    clock.move_to(NOON + dt.timedelta(366))
    assert forget_old_people() == 1
    assert Deadline.objects.get() == deadline


def test_a_move_starts_from_the_row_not_from_a_stale_copy():
    deadline = open_deadline(UserFactory())
    stale = Deadline.objects.get(pk=deadline.pk)
    move_deadline(deadline=deadline, to=NOON + WEEK, reason="Une", by=deadline.created_by)
    move = move_deadline(deadline=stale, to=NOON + 2 * WEEK, reason="Deux", by=deadline.created_by)
    assert (move.number, move.was_at) == (2, NOON + WEEK)


def test_the_reader_sees_the_dates_that_concern_them_and_their_moves():
    user = UserFactory()
    deadline = open_deadline(user)
    open_deadline(UserFactory(username="autre"), title="Pour une autre")
    move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=deadline.created_by)
    (entry,) = agenda_of(user, on=timezone.localdate()).ahead
    assert (entry.closes_at, entry.sequence, entry.moves[0].was_at) == (NOON + WEEK, 1, NOON)
    assert agenda_of(User(pk=0), on=timezone.localdate()).ahead == ()


@pytest.mark.parametrize("number", [1, 12])
def test_the_query_count_does_not_grow(number, django_assert_num_queries):
    user = UserFactory()
    for _ in range(number):
        deadline = open_deadline(user)
        move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=deadline.created_by)
    from iprof.correspondence.selectors.dates import correspondence_entries  # noqa: PLC0415

    with django_assert_num_queries(1):
        assert len(list(correspondence_entries(user, timezone.localdate()))) == number


def test_a_link_never_leaves_the_portal():
    for link in ("https://evil.example/", "//evil.example/"):
        with pytest.raises(IntegrityError), transaction.atomic():
            open_deadline(link=link)
    assert connection.is_usable()
