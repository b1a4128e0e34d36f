"""Reminders 30, 7 and 1 days before the deadline, to those who have not acted, once each (S11)."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.models import Alert, Mailing
from iprof.correspondence.reminders import STEPS, due_step
from iprof.correspondence.selectors.dates import correspondence_entries
from iprof.correspondence.services.circular_marks import mark_circular_done
from iprof.correspondence.services.circular_reminders import remind_circulars
from iprof.correspondence.services.circulars import recall_circular
from iprof.correspondence.tasks import remind_circulars as each_morning
from security.models import User
from tests.factories.career import full_career
from tests.factories.correspondence import sent_circular

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11")]
TOLD, DEADLINE = dt.date(2026, 11, 1), dt.date(2026, 12, 15)


def days_before(n: int) -> dt.date:
    return DEADLINE - dt.timedelta(days=n)


@pytest.fixture
def circular():
    agent = full_career()
    with time_machine.travel(dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC), tick=False):
        return sent_circular(agent.user, deadline=DEADLINE, kind="circulaire")


def reminders() -> list[str]:
    return list(Alert.objects.filter(kind="echeance.rappel").order_by("pk").values_list("cause", flat=True))


def test_three_reminders_on_their_days_whatever_is_run_again(circular):
    for n in range(44, -2, -1):
        for _ in range(2):
            remind_circulars(on=days_before(n))
    assert reminders() == [f"{circular.cause}:J-{step}" for step in (30, 7, 1)]
    assert Mailing.objects.count() == 4
    text = Mailing.objects.order_by("pk")[2].text
    assert "« Liste d'aptitude : dépôt des dossiers » demande d'agir au plus tard le 15 décembre 2026" in text
    assert "Il reste 7 jours." in text


def test_a_day_when_nothing_ran_is_caught_up(circular):
    assert remind_circulars(on=days_before(5)) == 1
    assert reminders() == [f"{circular.cause}:J-7"]
    assert "Il reste 5 jours" in Mailing.objects.order_by("pk").last().text


@given(told=st.dates(days_before(40), DEADLINE), first=st.integers(0, 40))
def test_each_step_after_the_telling_is_due_from_its_day_to_the_next(told, first):
    today = days_before(first)
    step = due_step(DEADLINE, on=today, told_on=told)
    reached = [n for n in STEPS if first <= n]
    assert step == (min(reached) if reached and told < days_before(min(reached)) else None)
    assert due_step(DEADLINE, on=DEADLINE + dt.timedelta(days=1), told_on=told) is None


def test_whoever_has_acted_or_left_is_left_in_peace(circular):
    others = [full_career().user for _ in range(2)]
    with time_machine.travel(dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC), tick=False):
        circular = sent_circular(*others, deadline=DEADLINE)
    mark_circular_done(by=others[0], public_id=circular.public_id)
    User.objects.filter(pk=others[1].pk).update(is_active=False)
    remind_circulars(on=days_before(7))
    assert not Alert.objects.filter(kind="echeance.rappel", user__in=others).exists()


def test_a_recalled_circular_reminds_nobody_and_leaves_the_calendar(circular):
    user = circular.recipients.get().user
    now = timezone.now()
    (entry,) = correspondence_entries(user, DEADLINE)
    assert (entry.closes_on, entry.title, entry.cancelled_because) == (DEADLINE, circular.title, "")
    assert entry.open_at(now)
    remind_circulars(on=days_before(7))
    recall_circular(circular=circular, by=circular.edited_by, reason="Reportée")
    assert Alert.objects.get(kind="echeance.rappel").withdrawn_at is not None
    assert remind_circulars(on=days_before(1)) == 0
    (entry,) = correspondence_entries(user, DEADLINE)
    assert entry.cancelled_because == "Reportée"
    assert not entry.open_at(now)


def test_one_recall_is_told_once_even_to_whoever_was_reminded(circular):
    remind_circulars(on=days_before(7))
    Alert.objects.update(attempts=1)
    assert recall_circular(circular=circular, by=circular.edited_by, reason="Reportée") == (0, 1)
    assert Alert.objects.filter(kind="correspondance.rappel").count() == 1


def test_a_reminder_of_a_letter_says_nothing_of_it():
    agent = full_career()
    with time_machine.travel(dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC), tick=False):
        sent_circular(agent.user, kind="courrier", title="Votre promotion", deadline=DEADLINE)
    remind_circulars(on=DEADLINE)
    alert = Alert.objects.select_related("mailing").get(kind="echeance.rappel")
    assert "promotion" not in alert.subject + alert.text
    assert "C'est le dernier jour" in alert.text


def test_the_task_reminds_on_the_day_it_runs(circular):
    with time_machine.travel(dt.datetime(2026, 12, 14, 5, 50, tzinfo=dt.UTC), tick=False):
        each_morning()
    assert reminders() == [f"{circular.cause}:J-1"]


def test_the_calendar_of_a_person_is_theirs_alone(circular):
    user = circular.recipients.get().user
    mark_circular_done(by=user, public_id=circular.public_id)
    assert [entry.done for entry in correspondence_entries(user, DEADLINE)] == [True]
    assert list(correspondence_entries(full_career().user, DEADLINE)) == []


@pytest.mark.parametrize("n", [1, 4])
def test_the_number_of_statements_does_not_follow_the_number_of_people(n, django_assert_num_queries):
    users = [full_career().user for _ in range(n)]
    with time_machine.travel(dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC), tick=False):
        sent_circular(*users, deadline=DEADLINE)
    with django_assert_num_queries(11):
        assert remind_circulars(on=days_before(7)) == n
