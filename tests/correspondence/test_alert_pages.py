"""« Mes alertes »: one's own only, unread ones marked, read by POST and by nothing else."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from iprof.correspondence.models import Alert
from iprof.correspondence.services.alerts import mark_read, new_mailing, recall_mailing, send_alert, send_mailing
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S03")]
URL = "/alertes/"


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def alert_for(user, **fields) -> Alert:
    return send_alert(user=user, **({"kind": "carriere.essai", "subject": "Nouvel arrêté", "body": "À lire."} | fields))


def read_url(alert: Alert) -> str:
    return f"{URL}{alert.message_id}/lue/"


def test_anonymous_visitors_are_sent_to_the_sign_in_page(client):
    alert = alert_for(UserFactory())
    assert client.get(URL).status_code == 302
    for page in (read_url(alert), f"{URL}tout-lire/"):
        assert "/connexion/" in client.post(page).headers["Location"]
    alert.refresh_from_db()
    assert alert.read_at is None


def test_an_empty_page_says_what_will_come(client, reader):
    text = words(client.get(URL))
    assert "Vous n'avez reçu aucune alerte" in text
    assert "Tout marquer comme lu" not in text


def test_ones_own_alerts_newest_first_unread_marked(client, reader):
    with time_machine.travel(dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC), tick=False):
        old = alert_for(reader, subject="Ancienne")
        mark_read(by=reader, message_id=old.message_id)
    with time_machine.travel(dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC), tick=False):
        alert_for(reader, subject="Récente", body="Une ligne\n<b>une autre</b>")
    alert_for(UserFactory(username="autre"), subject="À quelqu'un d'autre")
    response = client.get(URL)
    text = words(response)
    assert text.index("Récente") < text.index("Ancienne")
    assert "Non lue Récente 25 novembre 2026" in text  # the day in Paris
    assert "20 novembre 2026 · lue le 20 novembre 2026" in text
    assert text.count("Non lue") == 1
    assert "1 alerte non lue sur 2" in text
    assert "quelqu'un d'autre" not in text
    assert "&lt;b&gt;une autre" in response.content.decode()


def test_reading_the_list_marks_nothing(client, reader):
    alert = alert_for(reader)
    client.get(URL)
    alert.refresh_from_db()
    assert alert.read_at is None


def test_marking_as_read_comes_back_to_the_page_of_the_list(client, reader):
    alert = alert_for(reader)
    response = client.post(read_url(alert), {"page": "3"}, follow=True)
    assert response.redirect_chain == [(f"{URL}?page=3", 302)]
    assert "L'alerte est marquée comme lue" in words(response)
    assert "Toutes vos alertes sont lues" in words(response)


@pytest.mark.parametrize("page", ["", "1", "x", "-3", "٣", "3&x=1", "//ailleurs", "9" * 500])
def test_a_page_number_can_lead_nowhere_else(client, reader, page):
    response = client.post(read_url(alert_for(reader)), {"page": page})
    assert response.headers["Location"] in {URL, f"{URL}?page=999999"}


def test_opening_reads_and_leads_to_the_subject(client, reader):
    alert = alert_for(reader, link="/ma-carriere/")
    assert client.post(read_url(alert), {"ouvrir": "1"}).headers["Location"] == "/ma-carriere/"
    alert.refresh_from_db()
    first = alert.read_at
    assert first is not None
    client.post(read_url(alert), {"ouvrir": "1"})
    alert.refresh_from_db()
    assert alert.read_at == first
    assert '<a href="/ma-carriere/">Ouvrir' in client.get(URL).content.decode()


def test_an_alert_without_link_is_only_read(client, reader):
    alert = alert_for(reader)
    assert "Ouvrir" not in words(client.get(URL))
    assert client.post(read_url(alert), {"ouvrir": "1"}).headers["Location"] == URL


def test_the_alert_of_someone_else_is_404_and_stays_unread(client, reader):
    alert = alert_for(UserFactory(username="autre"))
    assert client.post(read_url(alert)).status_code == 404
    assert client.post(f"{URL}{uuid.uuid4()}/lue/").status_code == 404
    alert.refresh_from_db()
    assert alert.read_at is None


def test_everything_read_at_once_touches_only_ones_own(client, reader):
    for _ in range(3):
        alert_for(reader)
    other = alert_for(UserFactory(username="autre"))
    response = client.post(f"{URL}tout-lire/", follow=True)
    assert "3 alertes marquées comme lues" in words(response)
    assert not reader.alerts.filter(read_at__isnull=True).exists()
    other.refresh_from_db()
    assert other.read_at is None
    assert "marquée" not in words(client.post(f"{URL}tout-lire/", follow=True))


def test_reading_is_never_a_get(client, reader):
    alert = alert_for(reader)
    assert client.get(read_url(alert)).status_code == 405
    assert client.get(f"{URL}tout-lire/").status_code == 405
    assert client.post(URL).status_code == 405


def test_reading_needs_the_csrf_token(reader):
    from tests.client import PortalClient  # noqa: PLC0415  (the one client that checks the token)

    strict = PortalClient(enforce_csrf_checks=True)
    strict.force_login(reader)
    alert = alert_for(reader)
    assert strict.post(read_url(alert)).status_code == 403
    alert.refresh_from_db()
    assert alert.read_at is None


def test_a_long_list_is_paginated_with_constant_queries(client, reader, django_assert_max_num_queries):
    counts = []
    for batch in (1, 40):
        for n in range(batch):
            alert_for(reader, subject=f"Alerte {n}", link="/ma-carriere/")
        with django_assert_max_num_queries(6) as queries:
            response = client.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Page 1 sur 3" in words(response)
    assert "41 alertes non lues sur 41" in words(response)
    for page in ("3", "99", "-1", "deux", "\x00"):
        assert client.get(URL, {"page": page}).status_code == 200


def test_the_navigation_leads_to_the_alerts(client, reader):
    assert 'href="/alertes/" aria-current="page"' in client.get(URL).content.decode()
    assert 'href="/alertes/"' in client.get("/").content.decode()


def test_staff_read_their_alerts_too(client):
    user = UserFactory(staff=True)
    client.force_login(user)
    alert_for(user)
    assert "1 alerte non lue sur 1" in words(client.get(URL))


def test_an_alert_read_is_still_sent():
    """Reading on the portal never takes an alert out of the outbox (requirement S03)."""
    user = UserFactory()
    alert = alert_for(user)
    mark_read(by=user, message_id=alert.message_id)
    assert Alert.objects.due(timezone.now()).get() == alert


@pytest.mark.req("S11")
def test_a_recalled_mailing_says_so_wherever_it_shows(client, reader):
    mailing = new_mailing(subject="Résultats du mouvement", text="Vous êtes muté.")
    send_mailing(mailing=mailing, users=[reader.pk], kind="correspondance.essai", cause="un")
    recall_mailing(mailing=mailing, reason="Les destinataires étaient faux.", notice="Ce courrier est rappelé.")
    text = words(client.get(URL))
    assert "Rappelé Résultats du mouvement" in text
    assert "n'en tenez pas compte. Les destinataires étaient faux." in text
