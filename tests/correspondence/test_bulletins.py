"""The quarterly bulletin: written, re-read by another, published for good, told once to each, read and marked (S23)."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from iprof.correspondence.enums import BulletinState
from iprof.correspondence.models import Alert, Bulletin, BulletinRead, Lure
from iprof.correspondence.quarters import Quarter
from iprof.correspondence.selectors.bulletins import missing_bulletin, unread_bulletin
from iprof.correspondence.services import bulletins as services_bulletins
from iprof.correspondence.services.bulletins import (
    add_erratum,
    announce_next_batch,
    mark_bulletin_read,
    publish_bulletin,
    review_bulletin,
    save_draft,
)
from iprof.correspondence.tasks import announce_bulletins
from iprof.kernel.errors import DomainError
from security.models import AccessEvent
from tests.at_once import at_once
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import BulletinFactory, LureFactory, published_bulletin

pytestmark = [pytest.mark.django_db, pytest.mark.req("S23")]
URL = "/alertes/bulletins/"


def draft(**fields) -> Bulletin:
    bulletin = BulletinFactory(**fields)
    LureFactory(bulletin=bulletin)
    return bulletin


def code_of(call, **arguments) -> str:
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    return caught.value.code


def test_the_way_of_a_bulletin_is_held_and_journalled(django_capture_on_commit_callbacks):
    bulletin, other = draft(), UserFactory(username="relecteur", staff=True)
    author = bulletin.edited_by
    assert code_of(publish_bulletin, bulletin=bulletin, by=other) == "bulletin_not_reviewed"
    assert code_of(review_bulletin, bulletin=bulletin, by=author) == "bulletin_own"
    assert code_of(add_erratum, bulletin=bulletin, by=other, text="Rien") == "bulletin_not_published"
    assert review_bulletin(bulletin=bulletin, by=other).state == BulletinState.REVIEWED
    with django_capture_on_commit_callbacks(execute=True):
        assert publish_bulletin(bulletin=bulletin, by=author).state == BulletinState.PUBLISHED
    assert code_of(publish_bulletin, bulletin=bulletin, by=author) == "bulletin_published"
    assert code_of(review_bulletin, bulletin=bulletin, by=other) == "bulletin_published"
    assert code_of(save_draft, bulletin=bulletin, by=author) == "bulletin_published"
    acts = AccessEvent.objects.filter(kind="bulletin.gestion").order_by("pk").values_list("actor", "detail__act")
    assert list(acts) == [(other.pk, "relecture"), (author.pk, "publication")]


def test_a_change_after_the_review_asks_for_another():
    bulletin = draft()
    reviewed = review_bulletin(bulletin=bulletin, by=UserFactory(username="relecteur"))
    with transaction.atomic():
        save_draft(bulletin=reviewed, by=bulletin.edited_by)
    assert code_of(publish_bulletin, bulletin=bulletin, by=bulletin.edited_by) == "bulletin_not_reviewed"


def test_a_bulletin_that_describes_nothing_is_not_re_read():
    other = UserFactory(username="relecteur")
    assert code_of(review_bulletin, bulletin=BulletinFactory(), by=other) == "bulletin_no_lure"


@pytest.mark.parametrize(
    "change",
    [
        {"reviewed_by": "author", "reviewed_at": "now", "state": BulletinState.REVIEWED},
        {"state": BulletinState.REVIEWED},
        {"state": BulletinState.PUBLISHED},
        {"erratum": "Trop tôt"},
        {"quarter": 5},
        {"year": 2025},
    ],
)
def test_the_database_refuses_what_the_rules_refuse(change):
    bulletin = draft()
    values = {"author": bulletin.edited_by, "now": bulletin.edited_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(**{k: values.get(v, v) for k, v in change.items()})


def test_one_bulletin_a_quarter():
    draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(
            year=2026, quarter=4, title="x", body="x", edited_by=UserFactory(), edited_at=timezone.now()
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Bulletin.objects.filter(pk=row.pk).update(title="Autre"),
        lambda row: Bulletin.objects.filter(pk=row.pk).delete(),
        lambda row: Lure.objects.filter(bulletin=row).update(clue="Autre"),
        lambda row: Lure.objects.filter(bulletin=row).delete(),
        lambda row: Lure.objects.create(bulletin=row, subject="x", clue="x"),
        lambda row: Bulletin.objects.filter(pk=row.pk).update(erratum="Réécrit", erratum_at=dt.datetime.now(dt.UTC)),
    ],
)
def test_what_is_published_stays_whatever_the_code_does(change):
    bulletin = published_bulletin()
    add_erratum(bulletin=bulletin, by=bulletin.published_by, text="La date était fausse.")
    with pytest.raises(IntegrityError, match="published bulletin"), transaction.atomic():
        change(bulletin)


def test_errata_add_up_with_their_day(client, time_machine):
    time_machine.move_to("2026-11-24T10:00:00+01:00")
    bulletin = published_bulletin()
    add_erratum(bulletin=bulletin, by=bulletin.published_by, text="La date était fausse.")
    add_erratum(bulletin=bulletin, by=bulletin.published_by, text="L'objet aussi.")
    text = words(client.get(bulletin.get_absolute_url()))
    assert "Erratum 24 novembre 2026 : La date était fausse. 24 novembre 2026 : L'objet aussi." in text
    assert code_of(add_erratum, bulletin=bulletin, by=bulletin.published_by, text="  ") == "erratum_empty"
    assert code_of(add_erratum, bulletin=bulletin, by=bulletin.published_by, text="a" * 2000) == "erratum_too_long"


def test_each_open_account_is_told_once_even_after_a_crash(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(services_bulletins, "BATCH", 2)
    bulletin = published_bulletin()
    for n in range(4):
        UserFactory(username=f"lecteur{n}")
    UserFactory(username="ferme", is_active=False)
    UserFactory(username="attend", waiting=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert announce_next_batch(bulletin=bulletin) == 2  # then the worker dies
    with django_capture_on_commit_callbacks(execute=True):
        announce_bulletins()
        announce_bulletins()
    told = list(Alert.objects.filter(kind="bulletin.2026-4").values_list("user__username", flat=True))
    assert sorted(told) == ["lecteur0", "lecteur1", "lecteur2", "lecteur3", "redactrice", "relecteur"]
    assert len(mail.outbox) == 6
    assert f"{settings.BASE_URL}/alertes/bulletins/2026-4/" in mail.outbox[0].body
    bulletin.refresh_from_db()
    assert bulletin.announced_at is not None


def test_a_draft_is_announced_to_nobody():
    assert announce_next_batch(bulletin=draft()) == 0
    announce_bulletins()
    assert not Alert.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_no_alert_twice(monkeypatch):
    monkeypatch.setattr(services_bulletins, "BATCH", 3)
    monkeypatch.setattr(services_bulletins.deliver_alerts, "delay", lambda: None)
    published_bulletin()
    for n in range(8):
        UserFactory(username=f"lecteur{n}")
    at_once(announce_bulletins)
    told = list(Alert.objects.values_list("user", flat=True))
    assert len(told) == len(set(told)) == 10


def test_visitors_read_published_bulletins_only(client):
    draft(year=2027, quarter=1, title="Pas encore")
    published_bulletin()
    text = words(client.get(URL))
    assert "De faux messages sur le barème" in text
    assert "1 message décrit" in text
    assert "Pas encore" not in text
    page = words(client.get(f"{URL}2026-4/"))
    assert "Fausse pièce jointe : bareme_2027.pdf.exe" in page
    assert "Ce qui le trahit : Le portail n'annonce jamais" in page
    assert "Marquer comme lu" not in page
    for code in ("2027-1", "2026-3", "2026-5", "9999-4"):
        assert client.get(f"{URL}{code}/").status_code == 404


def test_an_attachment_whose_name_reads_backwards_is_shown_as_it_is(client):
    LureFactory(attachment="bareme\u202efdp.exe", bulletin=BulletinFactory())
    bulletin = review_bulletin(bulletin=BulletinFactory(), by=UserFactory(username="relecteur"))
    publish_bulletin(bulletin=bulletin, by=bulletin.reviewed_by)
    assert "bareme[U+202E]fdp.exe" in words(client.get(bulletin.get_absolute_url()))


def test_an_empty_list_says_what_will_come(client):
    assert "Aucun bulletin n'est encore publié" in words(client.get(URL))


@pytest.fixture
def reader(client):
    user = UserFactory(username="lectrice")
    client.force_login(user)
    return user


def test_reading_is_marked_once_by_the_reader_and_reads_the_alert(client, reader):
    bulletin = published_bulletin()
    announce_bulletins()
    assert "Non lu" in words(client.get(URL))
    assert unread_bulletin(reader) == bulletin
    response = client.post(f"{URL}lu/", {"bulletin": "2026-4"}, follow=True)
    assert "Le bulletin est marqué comme lu." in words(response)
    first = BulletinRead.objects.get(user=reader).read_at
    assert mark_bulletin_read(by=reader, year=2026, quarter=4)
    assert BulletinRead.objects.get(user=reader).read_at == first
    assert Alert.objects.get(user=reader).read_at is not None
    assert "Vous avez lu ce bulletin" in words(client.get(f"{URL}2026-4/"))
    assert unread_bulletin(reader) is None
    assert unread_bulletin(UserFactory(username="autre")) == bulletin


@pytest.mark.parametrize("code", ["", "2026-3", "2026-5", "x", "2026-4\n", "٢٠٢٦-4", "9" * 99])
def test_a_mark_on_nothing_is_refused(client, reader, code):
    published_bulletin()
    assert client.post(f"{URL}lu/", {"bulletin": code}).status_code == 404
    assert not BulletinRead.objects.exists()


def test_reading_a_page_marks_nothing(client, reader):
    bulletin = published_bulletin()
    client.get(URL)
    client.get(bulletin.get_absolute_url())
    assert not BulletinRead.objects.exists()


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_hold_their_queries(client, reader, django_assert_num_queries, n):
    for quarter in range(1, n + 1):
        published_bulletin(quarter=quarter)
    with django_assert_num_queries(3):  # session, user, bulletins
        client.get(URL)
    with django_assert_num_queries(4):  # session, user, bulletins, lures
        client.get(f"{URL}atom.xml")


ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_atom_public_and_names_nobody(client):
    bulletin = published_bulletin()
    add_erratum(bulletin=bulletin, by=bulletin.published_by, text="<b>L'objet</b> & la date.")
    draft(year=2027, quarter=1, title="Pas encore")
    response = client.get(f"{URL}atom.xml")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.content)  # noqa: S314  (our own feed)
    (entry,) = root.findall(f"{ATOM}entry")
    link = f"{settings.BASE_URL}/alertes/bulletins/2026-4/"
    assert (entry.find(f"{ATOM}id").text, entry.find(f"{ATOM}link").get("href")) == (link, link)
    assert entry.find(f"{ATOM}title").text == "4e trimestre 2026 : De faux messages sur le barème"
    summary = entry.find(f"{ATOM}summary").text
    assert "bareme_2027.pdf.exe" in summary
    assert "‹b›L'objet" in summary
    for secret in (bulletin.edited_by.get_full_name(), bulletin.edited_by.username, "relecteur"):
        assert secret not in response.content.decode()


@pytest.mark.parametrize(
    ("day", "label"),
    [("2026-12-31", "4e trimestre 2026"), ("2027-01-01", "1er trimestre 2027"), ("2027-03-31", "1er trimestre 2027")],
)
def test_a_quarter_ends_on_its_last_day(day, label):
    assert str(Quarter.of(dt.date.fromisoformat(day))) == label


def test_what_the_quarter_still_asks_for():
    today = dt.date(2026, 11, 24)
    assert missing_bulletin(today) == "Aucun bulletin d'alerte n'est écrit pour le 4e trimestre 2026."
    bulletin = draft()
    assert "attend d'être relu" in missing_bulletin(today)
    review_bulletin(bulletin=bulletin, by=UserFactory(username="relecteur"))
    assert "attend d'être publié" in missing_bulletin(today)
    publish_bulletin(bulletin=bulletin, by=bulletin.edited_by)
    assert missing_bulletin(today) == ""
