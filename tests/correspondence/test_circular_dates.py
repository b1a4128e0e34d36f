"""The deadlines of correspondences on « Échéances » and in the calendars outside: what is confidential stays inside."""

import datetime as dt

import pytest
import time_machine

from iprof.correspondence.selectors.dates import correspondence_entries
from iprof.correspondence.services.circular_marks import mark_circular_done
from iprof.correspondence.services.circulars import recall_circular
from iprof.correspondence.services.feeds import open_feed
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.correspondence import sent_circular

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11", "S71")]
TODAY, LAST = dt.date(2026, 11, 24), dt.date(2026, 12, 4)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


def feed(client, user) -> str:
    return client.get(f"/agenda/{open_feed(by=user)}.ics").content.decode().replace("\r\n ", "")


def test_a_correspondence_with_a_date_is_on_the_page_until_it_is_done(client):
    user = full_career().user
    circular = sent_circular(user, deadline=LAST)
    sent_circular(user)  # without a date: not there
    client.force_login(user)
    text = words(client.get("/echeances/"))
    assert "4 décembre 2026 dans 10 jours" in text
    assert text.count(circular.title) == 2  # the title, and the name of its button
    assert circular.title in feed(client, user)
    mark_circular_done(by=user, public_id=circular.public_id)
    assert [entry.done for entry in correspondence_entries(user, TODAY)] == [True]
    assert list(correspondence_entries(UserFactory(username="autre"), TODAY)) == []


def test_a_recalled_one_stays_cancelled_with_its_reason():
    user = full_career().user
    circular = sent_circular(user, deadline=LAST)
    recall_circular(circular=circular, by=circular.edited_by, reason="Mauvaise date")
    (entry,) = correspondence_entries(user, TODAY)
    assert (entry.cancelled_because, entry.sequence) == ("Mauvaise date", 1)


def test_a_confidential_one_is_named_on_the_portal_alone(client):
    user = full_career().user
    circular = sent_circular(user, deadline=LAST, title="Résultat de votre demande", result=True)
    client.force_login(user)
    assert circular.title in words(client.get("/echeances/"))
    outside = feed(client, user)
    assert "Une correspondance attend une action" in outside
    assert "Résultat" not in outside


@pytest.mark.parametrize("number", [1, 5])
def test_one_query(number, django_assert_num_queries):
    user = full_career().user
    for _ in range(number):
        sent_circular(user, deadline=LAST)
    with django_assert_num_queries(1):
        assert len(list(correspondence_entries(user, TODAY))) == number
