"""The delays of a rendez-vous de carrière on the page « Échéances », on the home page and in the calendar (S48)."""

import datetime as dt

import pytest

from career.models import AppraisalRequest, Evaluation
from career.selectors.clocks import clock_entries
from career.services.appraisals import answer
from iprof.correspondence.services.feeds import open_feed
from security.enums import Role
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import AppraisalRequestFactory, EvaluationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S48")]
REF = "RDV 2"


@pytest.fixture
def meeting(teacher):
    """Observations until 27 November, revision until 3 December (tests/career/web/test_appraisals.py)."""
    Evaluation.objects.filter(agent=teacher).delete()
    return EvaluationFactory(
        agent=teacher, ref=REF, kind="rdv_carriere_2", held_on=dt.date(2026, 5, 4), appreciation="Satisfaisant",
        report_notified_on=dt.date(2026, 11, 12), notified_on=dt.date(2026, 11, 2),
    )  # fmt: skip


def days(teacher, today) -> dict[str, tuple[str, bool]]:
    return {
        entry.title.partition(" : ")[0]: (entry.closes_on.isoformat(), entry.done)
        for entry in clock_entries(teacher.user, today)
    }


def ask(teacher, **fields) -> AppraisalRequest:
    due = dt.date(2026, 12, 26)
    return AppraisalRequestFactory(
        agent=teacher, kind="revision", evaluation_ref=REF, notified_on=dt.date(2026, 11, 2), due_on=due, **fields
    )


def test_the_delays_are_dates_of_the_calendar(client, teacher, meeting, today):
    assert days(teacher, today) == {
        "Écrire vos observations": ("2026-11-27", False),
        "Demander la révision": ("2026-12-03", False),
    }
    text = words(client.get("/echeances/"))
    assert "27 novembre 2026 dans 3 jours" in text
    assert "30 jours francs" in text  # « Pourquoi ? »
    assert "Avant le 27 novembre 2026, dans 3 jours : Écrire vos observations" in words(client.get("/"))
    feed = client.get(f"/agenda/{open_feed(by=teacher.user)}.ics").content.decode()
    assert "DTSTART;VALUE=DATE:20261203" in feed


def test_what_was_asked_is_done(teacher, meeting, today):
    ask(teacher)
    assert days(teacher, today)["Demander la révision"] == ("2026-12-03", True)


def test_a_refused_revision_opens_the_delay_of_the_commission(teacher, meeting, today):
    asked = ask(teacher)
    answer(asked=asked, by=staff(Role.GESTIONNAIRE), accepted=False, text="L'appréciation est maintenue.")
    found = days(teacher, today)
    assert found["Saisir la commission"][1] is False
    assert dt.date.fromisoformat(found["Saisir la commission"][0]) > today


def test_a_delay_counted_from_the_agent_s_own_word_is_kept(teacher, meeting, today):
    Evaluation.objects.update(report_notified_on=None, notified_on=None)
    asked = ask(teacher, notified_declared=True)
    answer(asked=asked, by=staff(Role.GESTIONNAIRE), accepted=False, text="L'appréciation est maintenue.")
    assert set(days(teacher, today)) == {"Demander la révision", "Saisir la commission"}


def test_a_delay_that_passed_without_a_request_asks_nothing(teacher, meeting, today):
    Evaluation.objects.update(report_notified_on=dt.date(2026, 11, 8), notified_on=dt.date(2026, 10, 22))
    assert days(teacher, today) == {}


def test_nothing_is_known_of_another_person(teacher, meeting, today):
    assert list(clock_entries(UserFactory(username="autre"), today)) == []


@pytest.mark.parametrize("number", [0, 1, 6])
def test_one_query_without_appraisal_two_with(teacher, today, number, django_assert_num_queries):
    Evaluation.objects.filter(agent=teacher).delete()
    for n in range(number):
        EvaluationFactory(agent=teacher, ref=f"R{n}", kind="rdv_carriere_2", notified_on=dt.date(2026, 11, 2))
    with django_assert_num_queries(2 if number else 1):
        list(clock_entries(teacher.user, today))
