"""The end of a document's validity: told before, in red after, until its owner acts (requirement S70)."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Document
from documents.selectors.expiry import in_red
from documents.services.deposit import Details
from documents.services.expiry import remind_all
from iprof.correspondence.models import Alert
from iprof.correspondence.services.alerts import mark_all_read
from tests.client import PortalClient
from tests.documents.papers import sent
from tests.factories.career import full_career
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S70")]
DEPOSIT = dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC)
PACS = Details("pacs", "JustifPacs_Janvier2026", dt.date(2026, 1, 15))  # up to 15 April 2026


@pytest.fixture
def clock():
    with time_machine.travel(DEPOSIT, tick=False) as moved:
        yield moved


@pytest.fixture
def owner(clock):
    return full_career().user


def sign_in(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def at(clock, day: dt.date) -> None:
    clock.move_to(dt.datetime.combine(day, dt.time(9), dt.UTC))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (dt.date(2026, 1, 20), 0),  # 85 days left: the page of the deposit has just said it
        (dt.date(2026, 3, 15), 0),
        (dt.date(2026, 3, 16), 1),  # 30 days
        (dt.date(2026, 4, 7), 1),
        (dt.date(2026, 4, 8), 1),  # 7 days
        (dt.date(2026, 4, 15), 1),
        (dt.date(2026, 4, 16), 0),
    ],
)
def test_the_reminder_of_a_day_is_told_once(owner, clock, day, told):
    kept_document(owner, PACS)
    at(clock, day)
    assert remind_all() == told
    remind_all()
    assert Alert.objects.filter(user=owner, kind="echeance.validite").count() == told


def test_an_end_of_its_own_is_reminded_ninety_days_before(owner, clock):
    kept_document(owner, Details("rqth", "Rqth", None, dt.date(2027, 8, 31)))
    at(clock, dt.date(2027, 6, 2))
    assert remind_all() == 1
    at(clock, dt.date(2027, 8, 1))
    remind_all()
    at(clock, dt.date(2027, 8, 24))
    remind_all()
    assert Alert.objects.filter(user=owner).count() == 3


@pytest.mark.req("S71")
def test_the_mail_names_neither_the_document_nor_its_type(owner, clock):
    kept_document(owner, PACS)
    at(clock, dt.date(2026, 4, 8))
    remind_all()
    alert = Alert.objects.get(user=owner)
    assert "pacs" not in f"{alert.subject} {alert.body}".lower()


@pytest.mark.parametrize(
    ("day", "red"), [(dt.date(2026, 4, 14), 0), (dt.date(2026, 4, 15), 0), (dt.date(2026, 4, 16), 1)]
)
def test_in_red_from_the_day_after_the_last(owner, clock, day, red):
    kept_document(owner, PACS)
    at(clock, day)
    assert len(in_red(owner, on=day)) == red


def test_reading_every_alert_hides_nothing_and_only_the_owner_puts_it_aside(owner, clock):
    document = kept_document(owner, PACS)
    at(clock, dt.date(2026, 4, 8))
    remind_all()
    at(clock, dt.date(2026, 4, 16))
    client = sign_in(owner)
    mark_all_read(by=owner)
    for page in ("/", reverse("documents:home"), document.get_absolute_url()):
        assert "périmé" in client.get(page).content.decode()
    address = reverse("documents:unneeded", args=[document.pk])
    assert sign_in(full_career().user).post(address).status_code == 404
    client.get(address)
    assert in_red(owner, on=dt.date(2026, 4, 16))
    client.post(address)
    document.refresh_from_db()
    assert document.unneeded_at is not None
    assert "périmé" not in client.get("/").content.decode()
    assert "ne plus en avoir besoin" in client.get(document.get_absolute_url()).content.decode()


def test_a_newer_document_in_its_place_ends_the_notice(owner, clock):
    old = kept_document(owner, PACS)
    at(clock, dt.date(2026, 4, 16))
    client = sign_in(owner)
    form = client.get(reverse("documents:deposit"), {"remplace": old.pk}).content.decode()
    assert "À la place de « JustifPacs_Janvier2026 »" in form
    client.post(
        reverse("documents:deposit"),
        {"fichiers": sent(lines=9), "remplace": old.pk, "type": "pacs", "date": "2026-04-10", "titre": ""},
    )
    assert Document.objects.get(replaces=old).kind == "pacs"
    assert in_red(owner, on=dt.date(2026, 4, 16)) == ()


def test_another_persons_document_is_not_replaced(owner, clock):
    other = kept_document(full_career().user, PACS)
    sign_in(owner).post(reverse("documents:deposit"), {"fichiers": sent(lines=9), "remplace": other.pk})
    assert Document.objects.get(owner=owner).replaces is None


def test_the_home_page_pays_one_query_however_many_are_in_red(owner, clock):
    at(clock, dt.date(2026, 4, 16))
    client = sign_in(owner)
    client.get("/")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    none = count()
    kept_document(owner, PACS, lines=3)
    one = count()
    kept_document(owner, PACS, lines=4)
    assert (one, count()) == (none + 1, none + 1)
