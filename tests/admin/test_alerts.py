"""Deliveries in the administration: what left, what came back, what is sent again; no words, no device, no address."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.enums import Channel, Pace
from iprof.correspondence.models import Alert, AlertCopy
from iprof.correspondence.services.alerts import new_mailing, recall_mailing, send_mailing
from security.enums import Role
from tests.factories.accounts import UserFactory, staff
from tests.factories.correspondence import PushSubscriptionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S57", "D16")]
ALERTS, COPIES = "admin:correspondence_alert_changelist", "admin:correspondence_alertcopy_changelist"
NOW = timezone.now()


def alert_of(username: str, **fields) -> Alert:
    given = {"kind": "carriere.essai", "subject": "Secret", "body": "Secret.", "next_try_at": NOW} | fields
    return Alert.objects.create(user=UserFactory(username=username), **given)


def copy_of(username: str, **fields) -> AlertCopy:
    alert = alert_of(username)
    device = PushSubscriptionFactory(user=alert.user, label="Téléphone de Zoé")
    given = {"channel": Channel.PUSH, "subscription": device, "next_try_at": NOW} | fields
    return AlertCopy.objects.create(alert=alert, **given)


@pytest.fixture
def it(client):
    client.force_login(staff(Role.IT))
    return client


def test_each_alert_is_in_the_list_of_its_state(it):
    alert_of("partie", sent_at=NOW)
    alert_of("revenue", sent_at=NOW, bounced_at=NOW)
    alert_of("attendue")
    alert_of("abandonnee", abandoned_at=NOW)
    alert_of("retiree", withdrawn_at=NOW)
    alert_of("muette", pace=Pace.NEVER)
    alert_of("groupee", pace=Pace.DAILY, digest=alert_of("recap", sent_at=NOW))
    shown = {
        "envoyee": {"partie", "revenue", "recap"},
        "attente": {"attendue"},
        "abandon": {"abandonnee"},
        "revenue": {"revenue"},
        "recapitulatif": {"groupee"},
    }
    names = {alert.user.username for alert in Alert.objects.all()}
    for state, expected in shown.items():
        html = it.get(reverse(ALERTS), {"envoi": state}).content.decode()
        assert {
            name for name in names if f">{name}<" in html or f"({name})" in html or f"{name}</td>" in html
        } == expected
    html = it.get(reverse(ALERTS)).content.decode()
    for word in ("Revenue", "Envoyée", "En attente", "Abandonnée", "Retirée", "Sans courriel", "Dans un récapitulatif"):
        assert f'<td class="field-delivery">{word}</td>' in html


def test_a_copy_says_neither_the_words_nor_the_device(it):
    copy = copy_of("zoe", abandoned_at=NOW, last_error="HTTP 413")
    for page in (reverse(COPIES), reverse("admin:correspondence_alertcopy_change", args=[copy.pk])):
        html = it.get(page).content.decode()
        assert "HTTP 413" in html
        assert "zoe" in html
        for hidden in ("Secret", "Téléphone", copy.subscription.endpoint, copy.subscription.auth):
            assert hidden not in html


def test_only_dead_letters_are_sent_again(it, monkeypatch):
    woken = []
    monkeypatch.setattr("iprof.correspondence.admin.copies.send_copies.delay", lambda: woken.append(1))
    dead = copy_of("un", abandoned_at=NOW, attempts=12, last_error="HTTP 500")
    sent, waiting = copy_of("deux", sent_at=NOW), copy_of("trois", attempts=3)
    chosen = {"action": "resend", "_selected_action": [dead.pk, sent.pk, waiting.pk]}
    response = it.post(reverse(COPIES), chosen, follow=True)
    assert "1 copie(s) relancée(s)" in response.content.decode()
    assert woken == [1]
    dead.refresh_from_db()
    waiting.refresh_from_db()
    assert (dead.abandoned_at, dead.attempts, dead.last_error, waiting.attempts) == (None, 0, "", 3)


@pytest.mark.parametrize("state", ["envoyee", "attente", "abandon", "x", ""])
def test_copies_are_filtered_by_state(it, state):
    copy_of("envoyee", sent_at=NOW)
    copy_of("attente")
    copy_of("abandon", abandoned_at=NOW)
    html = it.get(reverse(COPIES), {"envoi": state}).content.decode()
    found = {
        name for name in ("envoyee", "attente", "abandon") if f'field-person">{name}' in html or f"({name})" in html
    }
    assert found == ({state} if state in {"envoyee", "attente", "abandon"} else {"envoyee", "attente", "abandon"})


def test_whoever_may_not_send_again_has_no_such_action(client):
    client.force_login(staff(Role.GESTIONNAIRE))
    assert client.get(reverse(COPIES)).status_code == 403


def test_alerts_on_their_way_or_recalled_are_not_sent_again(it, monkeypatch):
    """A worker may hold what waits; what was recalled stays in the dead letters; a try made is not forgotten."""
    monkeypatch.setattr("iprof.correspondence.admin.alerts.deliver_alerts.delay", lambda: None)
    later = timezone.now() + dt.timedelta(minutes=3)
    dead, held = (
        alert_of(name, **fields)
        for name, fields in (
            ("un", {"abandoned_at": NOW, "attempts": 12}),
            ("deux", {"next_try_at": later, "attempts": 1}),
        )
    )
    mailing = new_mailing(subject="Faux résultat", text="Vous êtes muté.")
    send_mailing(mailing=mailing, users=[UserFactory(username="trois").pk], kind="correspondance.essai", cause="un")
    recalled = Alert.objects.get(mailing=mailing)
    Alert.objects.filter(pk=recalled.pk).update(attempts=1)
    recall_mailing(mailing=mailing, reason="Erreur", notice="Rappelé.")
    chosen = {"action": "resend", "_selected_action": [dead.pk, held.pk, recalled.pk]}
    assert "1 alerte(s) relancée(s)" in it.post(reverse(ALERTS), chosen, follow=True).content.decode()
    for alert in (dead, held, recalled):
        alert.refresh_from_db()
    assert (dead.abandoned_at, dead.attempts) == (None, 1)
    assert (held.next_try_at, held.attempts) == (later, 1)
    assert recalled.abandoned_at is not None
