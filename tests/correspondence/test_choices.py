"""« Réglages des alertes »: each family has its rhythm, legal acts have none, devices are one's own."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from iprof.correspondence.enums import Channel, Pace
from iprof.correspondence.kinds import FAMILIES
from iprof.correspondence.models import Alert, AlertChoice, AlertCopy, ForwardChoice, PushSubscription
from iprof.correspondence.selectors.choices import choices_of
from iprof.correspondence.services.alerts import send_alert
from iprof.correspondence.services.choices import MOST_DEVICES, add_device, set_forwarding
from tests.at_once import at_once
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import PushSubscriptionFactory, browser

pytestmark = [pytest.mark.django_db, pytest.mark.req("S57")]
URL, ADD = "/alertes/reglages/", "/alertes/reglages/appareils/"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
ALL = {f"rythme_{family.code}": family.default.value for family in FAMILIES if not family.mandatory} | {
    f"notification_{family.code}": "on" for family in FAMILIES
}


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def recovery(reader) -> EmailAddress:
    return EmailAddress.objects.create(user=reader, email="maelle@exemple.fr", verified=True, primary=False)


def pace_of(user, code: str) -> tuple[Pace, bool]:
    return next((found.pace, found.push) for found in choices_of(user) if found.family.code == code)


def test_the_page_says_why_an_act_cannot_be_switched_off(client, reader):
    text = words(client.get(URL))
    assert "Acte produisant un effet de droit : ne peut pas être désactivé" in text
    html = client.get(URL).content.decode()
    assert 'name="rythme_echeance"' in html
    assert 'name="rythme_carriere"' not in html
    assert 'name="notification_carriere"' in html
    assert [
        family.why for family in FAMILIES if family.mandatory and not family.why and family.code != "recapitulatif"
    ] == []


def test_what_is_chosen_holds_for_the_next_alerts(client, reader):
    PushSubscriptionFactory(user=reader)
    chosen = ALL | {"rythme_echeance": "jour"}
    del chosen["notification_echeance"]
    response = client.post(URL, chosen, follow=True)
    assert "Vos réglages sont enregistrés" in words(response)
    assert pace_of(reader, "echeance") == (Pace.DAILY, False)
    alert = send_alert(user=reader, kind="echeance.rappel", subject="Un", body="Un.")
    assert alert.pace == Pace.DAILY
    assert not alert.copies.exists()
    assert send_alert(user=reader, kind="carriere.essai", subject="Deux", body="Deux.").copies.count() == 1


def test_defaults_are_kept_as_no_row_at_all(client, reader):
    client.post(URL, ALL | {"rythme_echeance": "jour"})
    assert AlertChoice.objects.count() == 1
    client.post(URL, ALL)
    assert not AlertChoice.objects.exists()


@pytest.mark.parametrize("wrong", ["jamais", "semaine", "", "x", "jour\x00"])
def test_a_rhythm_the_family_does_not_offer_is_refused_at_its_field_and_the_rest_stays(client, reader, wrong):
    response = client.post(URL, ALL | {"rythme_echeance": wrong, "rythme_support": "jour"})
    assert response.status_code == 400
    html = response.content.decode()
    assert "« Rappels d&#x27;échéance » n&#x27;a pas ce rythme. Choisissez-en un dans la liste." in html
    assert 'id="id_rythme_echeance-error"' in html
    assert '<option value="jour" selected>' in html[html.index('name="rythme_support"') :][:400]
    assert not AlertChoice.objects.exists()


def test_a_mandatory_family_sent_by_hand_changes_nothing(client, reader):
    client.post(URL, ALL | {"rythme_carriere": "jamais"})
    assert not AlertChoice.objects.exists()
    assert send_alert(user=reader, kind="carriere.essai", subject="Un", body="Un.").pace == Pace.NOW


def test_a_family_switched_off_silences_what_waits_and_nothing_else(client, reader):
    waiting = send_alert(user=reader, kind="actualite.semaine", subject="Un", body="Un.")
    AlertChoice.objects.create(user=reader, family="echeance", pace=Pace.DAILY)
    put_off = send_alert(user=reader, kind="echeance.rappel", subject="Deux", body="Deux.")
    client.post(URL, ALL | {"rythme_actualite": "jamais"})
    waiting.refresh_from_db()
    put_off.refresh_from_db()
    assert (waiting.pace, put_off.pace) == (Pace.NEVER, Pace.DAILY)


@pytest.mark.req("K14")
def test_the_notice_asks_for_a_confirmed_recovery_address(client, reader):
    EmailAddress.objects.create(user=reader, email="maelle@exemple.fr", verified=False, primary=False)
    assert 'name="avis"' not in client.get(URL).content.decode()
    response = client.post(URL, ALL | {"avis": "on", "rythme_echeance": "jour"})
    assert response.status_code == 400
    assert "vous n'avez pas d'adresse de secours confirmée" in words(response)
    assert 'id="id_avis-error"' in response.content.decode()
    assert not ForwardChoice.objects.exists()
    assert not AlertChoice.objects.exists(), "nothing half kept"


@pytest.mark.req("K14")
def test_the_notice_is_switched_on_and_off(client, reader, recovery):
    client.post(URL, ALL | {"avis": "on"})
    alert = send_alert(user=reader, kind="carriere.essai", subject="Un", body="Un.")
    assert alert.copies.get().channel == Channel.FORWARD
    client.post(URL, ALL)
    assert not AlertCopy.objects.exists(), "what waited is dropped"
    assert not ForwardChoice.objects.exists()


def test_a_browser_is_added_shown_and_removed(client, reader):
    response = client.post(ADD, browser(), headers={"user-agent": CHROME}, follow=True)
    assert "Les alertes s'annonceront sur cet appareil (Chrome sous Android)" in words(response)
    device = PushSubscription.objects.get()
    text = words(client.get(URL))
    assert "Chrome sous Android" in text
    assert "aucune notification pour l'instant" in text
    response = client.post(f"{ADD}{device.public_id}/retirer/", follow=True)
    assert "L'appareil est retiré" in words(response)
    assert not PushSubscription.objects.exists()


def test_the_same_browser_again_renews_its_keys(client, reader):
    first, second = browser(), browser()
    client.post(ADD, first)
    client.post(ADD, second | {"endpoint": first["endpoint"]})
    assert PushSubscription.objects.get().auth == second["auth"]


@pytest.mark.req("K3")
def test_a_shared_browser_rings_only_for_the_last_person_who_asked(client, reader):
    told = browser()
    before = PushSubscriptionFactory(user=UserFactory(), **told)
    send_alert(user=before.user, kind="carriere.essai", subject="Un", body="Un.")
    client.post(ADD, told)
    assert PushSubscription.objects.get().user == reader
    assert not AlertCopy.objects.exists()


@pytest.mark.req("K3")
def test_the_database_refuses_a_copy_to_the_device_of_somebody_else():
    alert = Alert.objects.create(
        user=UserFactory(), kind="carriere.essai", subject="Un", body="Un.", next_try_at="2026-11-24T10:00Z"
    )
    device, own = PushSubscriptionFactory(user=UserFactory()), PushSubscriptionFactory(user=alert.user)
    fields = {"alert": alert, "channel": Channel.PUSH, "next_try_at": alert.next_try_at}
    with pytest.raises(DatabaseError, match="device of the person"), transaction.atomic():
        AlertCopy.objects.create(subscription=device, **fields)
    copy = AlertCopy.objects.create(subscription=own, **fields)
    with pytest.raises(DatabaseError, match="device of the person"), transaction.atomic():
        AlertCopy.objects.filter(pk=copy.pk).update(subscription=device)
    with pytest.raises(DatabaseError, match="stays with its person"), transaction.atomic():
        PushSubscription.objects.filter(pk=own.pk).update(user=device.user)


WRONG = {
    "another host": {"endpoint": "https://push.example/abc"},
    "plain http": {"endpoint": "http://fcm.googleapis.com/abc"},
    "an inner address": {"endpoint": "https://127.0.0.1/abc"},
    "a name before the sign": {"endpoint": "https://fcm.googleapis.com@evil.example/abc"},
    "a password": {"endpoint": "https://u:p@fcm.googleapis.com/abc"},
    "another port": {"endpoint": "https://fcm.googleapis.com:8443/abc"},
    "a suffix": {"endpoint": "https://fcm.googleapis.com.evil.example/abc"},
    "a bare wildcard": {"endpoint": "https://evil.example/.push.services.mozilla.com"},
    "a line break": {"endpoint": "https://fcm.googleapis.com/a\r\nHost: x"},
    "a backslash": {"endpoint": "https://evil.example\\.push.services.mozilla.com/x"},
    "no port": {"endpoint": "https://fcm.googleapis.com:port/"},
    "too long": {"endpoint": "https://fcm.googleapis.com/" + "a" * 500},
    "nothing": {"endpoint": ""},
    "a short secret": {"auth": "AAAA"},
    "no base64": {"auth": "é" * 22},
    "no point of the curve": {"p256dh": "BA" + "A" * 85},
    "a short key": {"p256dh": "BAAA"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_no_browser_would_say_is_refused_with_a_sentence(client, reader, wrong):
    response = client.post(ADD, browser() | wrong)
    assert response.status_code == 400
    assert "n'a pas donné d'abonnement utilisable" in words(response)
    assert not PushSubscription.objects.exists()


def test_an_account_has_ten_devices_at_most(client, reader):
    for _ in range(MOST_DEVICES):
        PushSubscriptionFactory(user=reader)
    response = client.post(ADD, browser())
    assert response.status_code == 400
    assert "Retirez-en un de la liste" in words(response)
    assert client.post(ADD, browser() | {"endpoint": reader.push_subscriptions.first().endpoint}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_an_alert_is_written_while_a_device_is_added(reader):
    with transaction.atomic():
        add_device(by=reader, **browser(), label="Chrome")
        assert at_once(lambda: refer_to(reader), times=1) == [None]


def refer_to(person):
    """Locks what a new row that names the person locks; raises rather than wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM security_user WHERE id = %s FOR KEY SHARE NOWAIT", [person.pk])


def test_the_device_of_someone_else_is_404(client, reader):
    device = PushSubscriptionFactory(user=UserFactory())
    assert client.post(f"{ADD}{device.public_id}/retirer/").status_code == 404
    assert client.post(f"{ADD}{uuid.uuid4()}/retirer/").status_code == 404
    assert PushSubscription.objects.exists()


def test_without_a_key_no_notification_is_offered_and_choices_stay(client, reader, settings):
    AlertChoice.objects.create(user=reader, family="support", pace=Pace.NOW, push=False)
    settings.VAPID_KEY = ""
    text = words(client.get(URL))
    assert "Les notifications ne sont pas proposées" in text
    assert "Recevoir les notifications" not in text
    assert client.post(ADD, browser()).status_code == 400
    client.post(URL, {name: value for name, value in ALL.items() if name.startswith("rythme")})
    assert pace_of(reader, "support") == (Pace.NOW, False)


def test_the_page_costs_the_same_whatever_the_devices(client, reader):
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for _ in range(MOST_DEVICES):
        PushSubscriptionFactory(user=reader)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(one)


def test_switching_the_notice_off_twice_is_nothing(reader):
    set_forwarding(by=reader, on=False)
    assert not ForwardChoice.objects.exists()
