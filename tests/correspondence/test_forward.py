"""Notices at the recovery address: without content, one an hour at most, to the address of that moment (K14)."""

import datetime as dt
import smtplib

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from iprof.correspondence.models import AlertCopy, ForwardChoice
from iprof.correspondence.outbox import forward
from iprof.correspondence.services.alerts import mark_read, send_alert
from tests.at_once import at_once
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.req("K14"), pytest.mark.django_db]
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def hand(time_machine):
    time_machine.move_to(NOON, tick=False)

    def later(**delta) -> None:
        later.now += dt.timedelta(**delta)
        time_machine.move_to(later.now, tick=False)

    later.now = NOON
    return later


def person(**fields):
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=f"{user.username}@exemple.fr", verified=True, primary=False)
    ForwardChoice.objects.create(user=user)
    return user


def alert_for(user, **fields):
    given = {"kind": "carriere.essai", "subject": "Votre promotion", "body": "Secret."} | fields
    return send_alert(user=user, **given)


def test_the_notice_says_that_something_waits_and_nothing_else(hand):
    user = person(username="zlefevre", first_name="Zoé", last_name="Lefèvre")
    alert = alert_for(user, link="/ma-carriere/")

    assert forward.send_due() == 1

    (sent,) = mail.outbox
    assert sent.to == ["zlefevre@exemple.fr"]
    assert "Une nouvelle alerte vous attend" in sent.subject
    assert "Connectez-vous depuis l'adresse habituelle : https://" in sent.body
    assert "décochez" in sent.body
    raw = sent.message().as_string().replace("zlefevre@exemple.fr", "")
    for told in ("Zoé", "Lefèvre", "zlefevre", "promotion", "Secret", "ma-carriere", str(alert.message_id), "carriere"):
        assert told not in raw
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert alert.copies.get().sent_at


def test_one_an_hour_whatever_comes(hand):
    user = person()
    for _ in range(3):
        alert_for(user)
    assert forward.send_due() == 1
    for minutes in (1, 30, 28):
        hand(minutes=minutes)
        alert_for(user)
        assert forward.send_due() == 0
    hand(minutes=1)
    assert forward.send_due() == 1
    assert len(mail.outbox) == 2
    assert not AlertCopy.objects.filter(sent_at=None).exists()
    hand(hours=2)
    assert forward.send_due() == 0


@pytest.mark.req("K3")
def test_each_notice_goes_to_its_person(hand):
    users = [person(username=f"agent{n}") for n in range(4)]
    for user in users[:3]:
        alert_for(user)
    assert forward.send_due() == 3
    assert sorted(message.to[0] for message in mail.outbox) == [f"agent{n}@exemple.fr" for n in range(3)]
    assert all(len(message.recipients()) == 1 for message in mail.outbox)


def test_the_address_is_that_of_the_moment_and_only_a_confirmed_one(hand):
    user, without = person(username="change"), person(username="retire")
    alert_for(user)
    alert_for(without)
    EmailAddress.objects.filter(user=user, primary=False).update(email="nouvelle@exemple.fr")
    EmailAddress.objects.filter(user=without, primary=False).update(verified=False)
    assert forward.send_due() == 1
    assert mail.outbox[0].to == ["nouvelle@exemple.fr"]
    assert not AlertCopy.objects.filter(sent_at=None).exists(), "nothing waits for an address that is gone"


def test_an_alert_read_meanwhile_is_not_announced(hand):
    user = person()
    alert = alert_for(user)
    mark_read(by=user, message_id=alert.message_id)
    assert forward.send_due() == 0
    assert not mail.outbox


def test_a_closed_account_is_told_nothing(hand):
    user = person()
    alert_for(user)
    user.is_active = False
    user.save()
    assert forward.send_due() == 0
    assert not mail.outbox


def test_a_refused_notice_is_tried_again_and_does_not_count_in_the_hour(hand, monkeypatch):
    user = person()
    copy = alert_for(user).copies.get()
    first = mail_id = None

    def refuse(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (450, b"busy: somebody@exemple.fr")})

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert forward.send_due() == 0
        first = str(
            forward.letter(forward.Notice(user.forward_choice, [copy], None), "a@exemple.fr").extra_headers[
                "Message-ID"
            ]
        )
    copy.refresh_from_db()
    assert copy.last_error == "SMTPRecipientsRefused 450"
    hand(minutes=2)
    assert forward.send_due() == 1
    mail_id = mail.outbox[0].extra_headers["Message-ID"]
    assert mail_id == first, "a repeat is recognised"


def test_a_relay_that_is_down_loses_and_counts_nothing(hand, monkeypatch):
    user = person()
    copy = alert_for(user).copies.get()

    def down(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.open", down)
        for _ in range(30):
            assert forward.send_due() == 0
            hand(minutes=2)
    copy.refresh_from_db()
    assert copy.attempts == 0
    assert forward.send_due() == 1


def test_a_worker_killed_while_sending_makes_two_notices_at_most_an_hour_apart(hand, monkeypatch):
    user = person()
    alert_for(user)

    def killed(self, messages):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", killed)
        with pytest.raises(SystemExit):
            forward.send_due()
    hand(minutes=30)
    assert forward.send_due() == 0
    hand(minutes=31)
    assert forward.send_due() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_once_to_each(monkeypatch):
    monkeypatch.setattr("iprof.correspondence.services.alerts.send_copies.delay", lambda: None)
    monkeypatch.setattr(forward, "PEOPLE", 3)
    for n in range(12):
        user = person(username=f"agent{n}")
        alert_for(user)
        alert_for(user)
    mail.outbox.clear()
    counts = at_once(forward.send_due)
    assert sum(counts) == 12
    assert sum(message.to[0].endswith("@exemple.fr") for message in mail.outbox) == 12
