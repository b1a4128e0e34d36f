"""« Signaler un message suspect »: little is asked, little is kept, floods are refused, and the next bulletin is fed."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from iprof.correspondence.enums import ReportState
from iprof.correspondence.models import Lure, SuspiciousReport
from iprof.correspondence.selectors.bulletins import report_groups, reporting_share
from iprof.correspondence.services.bulletins import review_bulletin
from iprof.correspondence.services.reports import (
    KEPT_DAYS,
    PER_DAY,
    Reported,
    dismiss_group,
    group_key,
    keep_group,
    report_message,
)
from iprof.correspondence.tasks import forget_old_reports
from iprof.kernel.errors import DomainError
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import BulletinFactory, ReportFactory, published_bulletin

pytestmark = [pytest.mark.django_db, pytest.mark.req("S23")]
URL = "/alertes/signaler/"
DAY = dt.date(2026, 11, 24)


@pytest.fixture
def reader(client):
    user = UserFactory(username="lectrice")
    client.force_login(user)
    return user


def test_one_element_is_enough_and_the_journal_holds_none_of_it(client, reader):
    response = client.post(URL, {"lien": "https://extranet.ac-reims.fr.evil.example/x"}, follow=True)
    assert "Merci : le message est signalé." in words(response)
    report = SuspiciousReport.objects.get()
    assert (report.user, report.group_key, report.state) == (reader, "lien evil.example", ReportState.NEW)
    event = AccessEvent.objects.get(kind="message.signalement")
    assert (event.actor, event.subject, event.detail) == (reader, reader, {"report": str(report.public_id)})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Remplissez au moins un champ"),
        ({"objet": "   "}, "Remplissez au moins un champ"),
        ({"objet": "a" * 201}, "Ce champ dépasse 200 caractères"),
        ({"lien": "a" * 2001}, "Ce champ dépasse 2000 caractères"),
        ({"texte": "a" * 2001}, "Ce passage dépasse 2 000 caractères"),
        ({"objet": "a\x00b"}, "Ce champ contient un caractère nul"),
        ({"texte": "Mon NUMEN est 19E2600001abc, dit-il"}, "Ce texte contient un NUMEN"),
    ],
)
def test_bad_input_is_told_at_the_field_and_kept(client, reader, data, sentence):
    response = client.post(URL, data)
    assert response.status_code == 400
    assert sentence in words(response)
    for value in data.values():
        assert value.strip().replace("\x00", "")[:40] in response.content.decode().replace("\x00", "")
    assert not SuspiciousReport.objects.exists()


def test_a_flood_is_refused_until_the_next_day(client, reader):
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        for n in range(PER_DAY):
            report_message(by=reader, reported=Reported(subject=f"Message {n}"))
        client.force_login(reader)
        response = client.post(URL, {"objet": "Un de trop"})
        assert response.status_code == 429
        assert f"Vous avez déjà signalé {PER_DAY} messages" in words(response)
        assert "Un de trop" in response.content.decode()
        report_message(by=UserFactory(username="autre"), reported=Reported(subject="Le mien"))
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, 1, tzinfo=dt.UTC), tick=False):
        report_message(by=reader, reported=Reported(subject="Le lendemain"))
    assert SuspiciousReport.objects.count() == PER_DAY + 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Reported(link="http://a.evil.example/1"), Reported(link="https://b.evil.example/2", subject="Autre")),
        (Reported(sender="A <a@evil.example>"), Reported(sender="b@evil.example")),
        (Reported(subject="Urgent : barème"), Reported(subject="URGENT barème !")),
        (Reported(text="Bonjour"), Reported(attachment="bonjour")),
    ],
)
def test_the_reports_of_a_campaign_share_their_key(one, other):
    assert group_key(one) == group_key(other)
    assert len(group_key(Reported(link="https://" + "a" * 1990))) <= 220


def test_campaigns_are_counted_the_most_reported_first(django_assert_num_queries):
    for n in range(3):
        ReportFactory(user=UserFactory(username=f"u{n}"))
    ReportFactory(user=UserFactory(username="u0"), subject="Encore")
    ReportFactory(group_key="objet autre", link="", subject="Autre")
    ReportFactory(
        group_key="objet vu", state=ReportState.DISMISSED, handled_by=UserFactory(), handled_at=timezone.now()
    )
    with django_assert_num_queries(2):
        first, second = report_groups()
    assert (first.key, first.count, first.users, first.example.subject) == ("lien evil.example", 4, 3, "Encore")
    assert (second.key, second.count) == ("objet autre", 1)


def test_a_campaign_kept_becomes_a_lure_of_the_quarter_s_draft():
    ReportFactory()
    ReportFactory(attachment="bareme.exe")
    writer = UserFactory(username="redactrice")
    bulletin = keep_group(key="lien evil.example", by=writer, on=DAY)
    assert (str(bulletin.period), bulletin.edited_by) == ("4e trimestre 2026", writer)
    lure = Lure.objects.get(bulletin=bulletin)
    assert (lure.subject, lure.attachment) == ("Changement urgent de votre barème", "bareme.exe")
    assert set(SuspiciousReport.objects.values_list("state", "handled_by")) == {(ReportState.KEPT, writer.pk)}
    with pytest.raises(DomainError, match="report_settled"):
        keep_group(key="lien evil.example", by=writer, on=DAY)
    ReportFactory(group_key="objet autre", subject="Autre")
    assert keep_group(key="objet autre", by=writer, on=DAY) == bulletin
    assert list(bulletin.lures.values_list("position", flat=True)) == [1, 2]


def test_a_campaign_that_goes_on_is_described_once():
    writer = UserFactory(username="redactrice")
    for _ in range(2):
        ReportFactory()
        bulletin = keep_group(key="lien evil.example", by=writer, on=DAY)
    assert bulletin.lures.count() == 1
    with pytest.raises(DomainError, match="bulletin_incomplete"):
        review_bulletin(bulletin=bulletin, by=UserFactory(username="relecteur"))


def test_a_published_quarter_takes_no_more_lures():
    published_bulletin()
    ReportFactory()
    with pytest.raises(DomainError, match="bulletin_published"):
        keep_group(key="lien evil.example", by=UserFactory(username="redactrice"), on=DAY)
    assert SuspiciousReport.objects.get().state == ReportState.NEW


def test_a_campaign_is_set_aside_all_at_once():
    ReportFactory()
    ReportFactory(group_key="objet autre")
    by = UserFactory(username="redactrice")
    assert dismiss_group(key="lien evil.example", by=by) == 1
    assert [group.key for group in report_groups()] == ["objet autre"]
    assert AccessEvent.objects.get(kind="message.examen").detail == {"decision": "ecarte", "count": 1}


def test_the_share_of_users_who_report_is_computed():
    assert reporting_share(DAY).value is None
    for n in range(8):
        UserFactory(username=f"u{n}")
    UserFactory(username="attend", waiting=True)
    ReportFactory(user=UserFactory(username="u0"))
    ReportFactory(user=UserFactory(username="u0"))
    node = reporting_share(DAY)
    assert (node.value, [i.value for i in node.inputs]) == (12, [1, 8])
    SuspiciousReport.objects.update(created_at=timezone.now() - dt.timedelta(days=366))
    assert reporting_share(DAY).value == 0


@pytest.mark.parametrize(("days", "left"), [(KEPT_DAYS - 1, 1), (KEPT_DAYS + 1, 0)])
def test_a_report_is_forgotten_after_a_year(days, left):
    ReportFactory()
    BulletinFactory()
    SuspiciousReport.objects.update(created_at=timezone.now() - dt.timedelta(days=days))
    forget_old_reports()
    assert SuspiciousReport.objects.count() == left
