"""« Échéances » as a person reads it, and the calendar their applications follow (E21, K2, S11)."""

import datetime as dt
import logging
import re

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from iprof.correspondence.models import CalendarFeed
from iprof.correspondence.selectors.deadlines import agenda_of
from iprof.correspondence.services.deadlines import cancel_deadline, mark_done, move_deadline
from iprof.correspondence.services.feeds import close_feed, open_feed
from iprof.correspondence.views.deadlines import READS_A_MINUTE
from iprof.web.ics import CONTENT_TYPE
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.correspondence.test_deadlines import NOON, WEEK
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import open_deadline
from tests.web.test_ics import plain, properties

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11")]
PAGE = "/echeances/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(client):
    user = UserFactory(username="lectrice", first_name="Zénobie", last_name="Quatremer")
    client.force_login(user)
    return user


def test_the_page_says_what_to_do_by_when_and_what_moved(client, user):
    deadline = open_deadline(user, link="/ma-carriere/promotion/")
    move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne de messagerie", by=deadline.created_by)
    open_deadline(UserFactory(username="autre"), title="Pour une autre personne")
    response = client.get(PAGE)
    text, html = words(response), response.content.decode()
    assert "18 décembre 2026 à 12 h dans 24 jours" in text
    assert "Date d'avant : 11 décembre 2026 à 12 h — changée le 24 novembre 2026. Panne de messagerie" in text
    assert "<s>11 décembre 2026 à 12 h</s>" in html
    assert 'href="/ma-carriere/promotion/"' in html
    assert "autre personne" not in text


def test_nothing_to_do_says_so(client, user):
    assert "Aucune échéance à venir" in words(client.get(PAGE))


def test_what_is_done_or_passed_is_folded_and_may_come_back(client, user, clock):
    deadline = open_deadline(user)
    address = f"/echeances/{deadline.public_id}/faite/"
    assert "aucun rappel ne viendra plus" in words(client.post(address, {"faite": "1"}, follow=True))
    assert "1 échéance faite, passée ou annulée" in words(client.get(PAGE))
    assert "Remettre à faire" in words(client.get(PAGE))
    assert "de nouveau à faire" in words(client.post(address, follow=True))
    assert "dans 17 jours" in words(client.get(PAGE))
    clock.move_to(NOON + WEEK)
    client.force_login(user)
    assert "1 échéance faite, passée" in words(client.get(PAGE))
    assert f"/echeances/{deadline.public_id}/faite/" not in client.get(PAGE).content.decode()


def test_a_cancelled_date_stays_with_its_reason(client, user):
    deadline = open_deadline(user)
    cancel_deadline(deadline=deadline, reason="Campagne reportée d'un an", by=deadline.created_by)
    assert "Annulée. Campagne reportée d'un an" in words(client.get(PAGE))


@pytest.mark.parametrize(("now", "left"), [("2026-12-10T22:30:00Z", "demain"), ("2026-12-10T23:30:00Z", "aujourd'hui")])
def test_days_are_those_of_paris(client, user, clock, now, left):
    open_deadline(user)
    clock.move_to(dt.datetime.fromisoformat(now))
    client.force_login(user)
    assert f"11 décembre 2026 à 12 h {left}" in words(client.get(PAGE))


def test_the_home_page_shows_the_next_dates_and_no_reminder_twice(client, teacher_home):
    for day in range(5):
        open_deadline(teacher_home.user, title=f"Geste {day}", closes_at=NOON + dt.timedelta(day))
    open_deadline(teacher_home.user, title="Bien plus tard", closes_at=NOON + dt.timedelta(60))
    from iprof.correspondence.services.deadline_reminders import remind_all  # noqa: PLC0415

    assert remind_all() == 5
    text = words(client.get("/"))
    assert "Avant le 11 décembre 2026 à 12 h, dans 17 jours : Geste 0." in text
    assert "Geste 2" in text
    assert "Geste 3" not in text
    assert "Bien plus tard" not in text
    assert "D'autres échéances approchent. Voir toutes mes échéances" in text


@pytest.fixture
def teacher_home(client):
    from tests.factories.career import full_career  # noqa: PLC0415

    agent = full_career()
    client.force_login(agent.user)
    return agent


@pytest.mark.parametrize("number", [1, 12])
def test_the_query_count_does_not_grow(client, user, number, django_assert_max_num_queries):
    for _ in range(number):
        open_deadline(user)
    with django_assert_max_num_queries(8) as queries:
        client.get(PAGE)
    assert len([q for q in queries.captured_queries if "correspondence_deadlineperson" in q["sql"]]) == 1


# --- The calendar ---------------------------------------------------------------------------------------------------


def read(token: str) -> list[tuple[str, str]]:
    response = PortalClient().get(f"/agenda/{token}.ics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == CONTENT_TYPE
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    return properties(response.content)


def one(found: list[tuple[str, str]], name: str) -> str:
    (value,) = [value for key, value in found if key == name]
    return value


def test_a_moved_date_is_the_same_event_moved(user, clock):
    deadline = open_deadline(user)
    token = open_feed(by=user)
    first = read(token)
    clock.move_to(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC))
    move_deadline(deadline=deadline, to=NOON + WEEK, reason="Panne", by=deadline.created_by)
    second = read(token)
    assert one(first, "UID") == one(second, "UID")
    assert (one(first, "DTSTART"), one(second, "DTSTART")) == ("20261211T110000Z", "20261218T110000Z")
    assert "SEQUENCE" not in dict(first)  # absent means zero (RFC 5545, section 3.8.7.4)
    assert one(second, "SEQUENCE") == "1"
    assert one(first, "LAST-MODIFIED") == "20261124T090000Z"
    assert one(second, "LAST-MODIFIED") == "20261125T090000Z"
    assert "Panne" in plain(one(second, "DESCRIPTION"))
    cancel_deadline(deadline=deadline, reason="Annulée", by=deadline.created_by)
    third = read(token)
    assert (one(third, "STATUS"), one(third, "SEQUENCE")) == ("CANCELLED", "2")


def test_the_calendar_names_nobody_and_rings_nothing(user):
    deadline = open_deadline(user)
    mark_done(by=user, deadline=deadline, done=True)
    found = read(open_feed(by=user))
    whole = " ".join(value for _, value in found)
    assert "Quatremer" not in whole
    assert "lectrice" not in whole
    assert not {"ATTENDEE", "ORGANIZER", "VALARM"} & {name for name, _ in found}
    assert ("BEGIN", "VALARM") not in found
    assert one(found, "METHOD") == "PUBLISH"
    assert one(found, "SUMMARY").startswith("Fait : ")
    assert one(found, "URL") == f"{settings.BASE_URL}/echeances/"


def test_the_address_is_shown_once_kept_as_a_digest_and_taken_back(client, user):
    response = client.post("/echeances/agenda/", {"acte": "creer"})
    (token,) = re.findall(r"/agenda/([\w-]{43})\.ics", response.content.decode())
    assert f'value="{settings.BASE_URL}/agenda/{token}.ics"' in response.content.decode()
    assert token not in client.get("/echeances/agenda/").content.decode()
    kept = CalendarFeed.objects.get()
    assert token not in str(vars(kept))
    assert len(kept.key_digest) == 64
    read(token)
    again = open_feed(by=user)
    assert PortalClient().get(f"/agenda/{token}.ics").status_code == 404
    read(again)
    assert "n'ouvre plus rien" in words(client.post("/echeances/agenda/", {"acte": "retirer"}, follow=True))
    assert PortalClient().get(f"/agenda/{again}.ics").status_code == 404
    assert not close_feed(by=user)
    acts = [event.detail["act"] for event in AccessEvent.objects.filter(kind="agenda.adresse").order_by("pk")]
    assert acts == ["creation", "creation", "retrait"]


def test_a_closed_account_has_no_calendar(user):
    token = open_feed(by=user)
    user.is_active = False
    user.save()
    assert PortalClient().get(f"/agenda/{token}.ics").status_code == 404


@pytest.mark.parametrize("token", ["a", "a" * 42, "a" * 44, "a" * 43, "é" * 43, "../" * 14 + "a"])
def test_no_other_address_opens(token):
    assert PortalClient().get(f"/agenda/{token}.ics").status_code == 404


def test_reading_without_end_is_refused_for_the_minute(user, monkeypatch):
    token = open_feed(by=user)
    for _ in range(READS_A_MINUTE):
        assert PortalClient().get(f"/agenda/{token}.ics").status_code == 200
    refused = PortalClient().get(f"/agenda/{token}.ics")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")

    def down(*args, **kwargs):
        raise RedisError("gone")

    monkeypatch.setattr(cache, "add", down)
    assert PortalClient().get(f"/agenda/{token}.ics").status_code == 200


def test_the_secret_is_in_no_line_of_the_log(user, caplog):
    token, wrong = open_feed(by=user), "w" * 43
    with caplog.at_level(logging.DEBUG):
        PortalClient().get(f"/agenda/{token}.ics")
        PortalClient().get(f"/agenda/{wrong}.ics")
    from iprof.web.secret_paths import SecretPaths  # noqa: PLC0415

    for record in caplog.records:
        SecretPaths().filter(record)
    said = " ".join(record.getMessage() for record in caplog.records)
    assert token not in said
    assert wrong not in said


def test_what_concerned_one_more_than_a_year_ago_is_not_shown(user, clock):
    open_deadline(user)
    clock.move_to(NOON + dt.timedelta(366))
    assert agenda_of(user, on=dt.date(2027, 12, 12)).behind == ()
