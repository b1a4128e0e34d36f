"""The outbox: written with its cause, sent once, to the right person, whatever breaks."""

import datetime
import smtplib
import threading
import time

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from iprof.correspondence.models import Alert, AlertCopy, PushSubscription
from iprof.correspondence.outbox import leasing
from iprof.correspondence.outbox import mail as delivery
from iprof.correspondence.services.alerts import new_mailing, send_alert, send_mailing
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import PushSubscriptionFactory

pytestmark = pytest.mark.req("S03")
BACKEND = "tests.correspondence.test_alerts.FragileBackend"


class WorkerKilled(BaseException):
    """What no handler catches: the process is gone."""


class FragileBackend(EmailBackend):
    """The memory mailbox, with accidents to order."""

    unreachable = False
    code = 450
    refuse: set[str] = set()
    killed_after: int | None = None

    def open(self):
        if self.unreachable:
            raise ConnectionRefusedError
        return True

    def send_messages(self, messages):
        if self.refuse & set(messages[0].to):
            raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (self.code, b"unknown")})
        sent = super().send_messages(messages)
        if self.killed_after == len(mail.outbox):
            raise WorkerKilled
        return sent


@pytest.fixture
def relay(monkeypatch, settings):
    settings.EMAIL_BACKEND = BACKEND
    for name, value in {"unreachable": False, "code": 450, "refuse": set(), "killed_after": None}.items():
        monkeypatch.setattr(FragileBackend, name, value)
    return FragileBackend


def alert_for(user, **fields) -> Alert:
    """An alert already written and due, without the delivery its commit would start."""
    given = {"kind": "carriere.essai", "subject": "Nouvel échelon", "body": "Votre échelon a changé."} | fields
    return Alert.objects.create(user=user, **({"next_try_at": timezone.now()} | given))


def later(**delta) -> None:
    """As if time had passed for every alert that waits."""
    for alert in Alert.objects.filter(sent_at=None):
        alert.next_try_at -= datetime.timedelta(**delta)
        alert.save()


@pytest.mark.django_db
def test_the_mail_goes_to_the_account_of_the_alert_with_the_official_address(relay):
    user = UserFactory(username="zlefevre")
    alert = alert_for(user, link="/ma-carriere/")

    assert delivery.deliver_due() == 1

    (sent,) = mail.outbox
    assert sent.to == ["zlefevre@ac-reims.example"]
    assert sent.subject == "Nouvel échelon"
    assert f"{settings.OFFICIAL_ADDRESS}/ma-carriere/" in sent.body
    assert "ni votre NUMEN" in sent.body
    assert sent.message()["Message-ID"] == f"<{alert.message_id}@{settings.ACADEMIC_MAIL_DOMAIN}>"
    alert.refresh_from_db()
    assert alert.sent_at


@pytest.mark.django_db
@pytest.mark.req("K3")
def test_each_person_of_a_batch_gets_their_own_text_only(relay):
    users = [UserFactory(username=f"agent{n}") for n in range(5)]
    for user in users:
        alert_for(user, body=f"Texte de {user.username}.")

    delivery.deliver_due()

    assert {message.to[0]: user.username in message.body for message, user in zip(mail.outbox, users, strict=True)} == {
        user.email: True for user in users
    }
    assert all(len(message.recipients()) == 1 for message in mail.outbox)


@pytest.mark.django_db(transaction=True)
def test_an_alert_leaves_at_commit_and_never_with_a_cause_rolled_back(relay):
    user = UserFactory()
    with transaction.atomic():
        send_alert(user=user, kind="carriere.essai", subject="Jamais", body="Jamais.")
        transaction.set_rollback(True)
    assert not mail.outbox
    assert not Alert.objects.exists()

    with transaction.atomic():
        send_alert(user=user, kind="carriere.essai", subject="Un", body="Un.")
        assert not mail.outbox

    assert [message.subject for message in mail.outbox] == ["Un"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_down_at_commit_neither_fails_the_request_nor_loses_the_alert(relay, monkeypatch):
    def down():
        raise ConnectionError

    monkeypatch.setattr("iprof.correspondence.services.alerts.deliver_alerts.delay", down)

    send_alert(user=UserFactory(), kind="carriere.essai", subject="Un", body="Un.")

    assert not mail.outbox
    assert delivery.deliver_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("link", ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "page"])
def test_a_link_out_of_the_portal_is_refused(link):
    with pytest.raises(ValueError, match="path of the portal"):
        send_alert(user=UserFactory(), kind="carriere.essai", subject="Un", body="Un.", link=link)


@pytest.mark.django_db
def test_a_line_break_in_the_subject_makes_no_mail_header(relay):
    send_alert(user=UserFactory(), kind="carriere.essai", subject="Un\r\nBcc: autre@ac-reims.example", body="Un.")

    assert delivery.deliver_due() == 1
    assert mail.outbox[0].subject == "Un Bcc: autre@ac-reims.example"
    assert len(mail.outbox[0].recipients()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_a_mail_repeats_that_one_only_under_the_same_message_id(relay):
    for n in range(4):
        alert_for(UserFactory(username=f"agent{n}"))
    relay.killed_after = 2
    with pytest.raises(WorkerKilled):
        delivery.deliver_due()
    relay.killed_after = None

    assert delivery.deliver_due() == 0, "the lease still runs"
    later(minutes=11)
    assert delivery.deliver_due() == 3

    ids = [message.message()["Message-ID"] for message in mail.outbox]
    assert len(ids) == 5
    assert len(set(ids)) == 4
    assert ids.count(ids[1]) == 2
    assert not Alert.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_a_mailing_repeats_a_group_at_most(relay, monkeypatch):
    monkeypatch.setattr(delivery, "GROUP", 3)
    mailing = new_mailing(subject="Rentrée", text="Les dates de la rentrée.")
    users = [UserFactory(username=f"agent{n}").pk for n in range(8)]
    monkeypatch.setattr("iprof.correspondence.services.alerts.deliver_alerts.delay", lambda: None)
    assert send_mailing(mailing=mailing, users=users, kind="correspondance.circulaire", cause="essai:1") == 8
    relay.killed_after = 5
    with pytest.raises(WorkerKilled):
        delivery.deliver_due()
    relay.killed_after = None
    later(minutes=11)
    assert delivery.deliver_due() == 5, "three were marked"

    sent = [(message.to[0], message.message()["Message-ID"]) for message in mail.outbox]
    assert len(sent) == 10
    assert len(set(sent)) == 8, "a repeat has the recipient and the Message-ID of the first"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_alert_once(relay, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 7)
    user = UserFactory()
    for _ in range(60):
        alert_for(user)
    counts = at_once(delivery.deliver_due)

    assert sum(counts) == 60
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == len(mail.outbox) == 60


@pytest.mark.django_db(transaction=True)
def test_a_row_held_by_another_transaction_is_left_aside_not_waited_for(relay):
    held, free = alert_for(UserFactory(username="un")), alert_for(UserFactory(username="deux"))
    taken: list[int] = []

    def other() -> None:
        try:
            taken.extend(alert.pk for alert in delivery.lease_batch())
        finally:
            connection.close()

    with transaction.atomic():
        Alert.objects.select_for_update().get(pk=held.pk)
        worker = threading.Thread(target=other)
        worker.start()
        worker.join(timeout=10)
        assert not worker.is_alive()

    assert taken == [free.pk]


@pytest.mark.django_db
def test_a_refused_mail_is_put_off_and_does_not_stop_the_others(relay):
    bad, good = UserFactory(username="absent"), UserFactory(username="present")
    relay.refuse = {bad.email}
    refused, _ = alert_for(bad), alert_for(good)

    assert delivery.deliver_due() == 1

    refused.refresh_from_db()
    assert (refused.attempts, refused.sent_at, refused.abandoned_at) == (1, None, None)
    assert refused.next_try_at > timezone.now()
    assert refused.last_error == "SMTPRecipientsRefused 450"
    assert bad.email not in refused.last_error


@pytest.mark.django_db
def test_after_the_last_try_the_alert_is_abandoned_and_says_why(relay):
    user = UserFactory()
    relay.refuse = {user.email}
    alert = alert_for(user)
    for _ in range(leasing.MAX_ATTEMPTS + 2):
        delivery.deliver_due()
        later(hours=7)

    alert.refresh_from_db()
    assert alert.attempts == leasing.MAX_ATTEMPTS
    assert alert.abandoned_at
    assert alert.last_error == "SMTPRecipientsRefused 450"


@pytest.mark.django_db
def test_an_address_refused_for_good_goes_to_the_dead_letters_sooner(relay):
    user = UserFactory()
    relay.refuse, relay.code = {user.email}, 550
    alert = alert_for(user)
    for _ in range(4):
        delivery.deliver_due()
        later(hours=7)

    alert.refresh_from_db()
    assert alert.attempts == delivery.REFUSALS
    assert alert.abandoned_at
    assert alert.last_error == "SMTPRecipientsRefused 550"


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_kills_its_worker_each_time_is_abandoned(relay):
    alert = alert_for(UserFactory())
    for n in range(1, leasing.MAX_ATTEMPTS + 1):
        relay.killed_after = n
        with pytest.raises(WorkerKilled):
            delivery.deliver_due()
        later(minutes=11)

    assert delivery.deliver_due() == 0
    alert.refresh_from_db()
    assert alert.abandoned_at


@pytest.mark.django_db
def test_a_long_outage_of_the_relay_abandons_nothing(relay):
    alert = alert_for(UserFactory())
    relay.unreachable = True
    for _ in range(leasing.MAX_ATTEMPTS * 3):
        assert delivery.deliver_due() == 0
        later(minutes=2)
    relay.unreachable = False

    assert delivery.deliver_due() == 1
    alert.refresh_from_db()
    assert alert.attempts == 1


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": ""}])
def test_a_closed_account_or_one_without_address_gets_no_mail(relay, fields):
    alert = alert_for(UserFactory(**fields))

    assert delivery.deliver_due() == 0
    assert not mail.outbox
    alert.refresh_from_db()
    assert alert.abandoned_at
    assert alert.last_error


@pytest.mark.django_db
def test_a_slow_batch_stops_before_its_lease_ends(relay):
    alert = alert_for(UserFactory())

    assert delivery._send_batch(delivery.lease_batch(), time.monotonic()) == (0, True)
    alert.refresh_from_db()
    assert (alert.attempts, alert.sent_at) == (0, None)


def test_waits_double_up_to_six_hours_and_are_spread():
    for attempts, longest in [(1, 1), (2, 2), (5, 16), (12, 360)]:
        waits = {leasing.backoff(attempts) for _ in range(50)}
        assert (
            datetime.timedelta(minutes=longest) / 2 <= min(waits) <= max(waits) <= datetime.timedelta(minutes=longest)
        )
        assert len(waits) > 1


@pytest.mark.django_db
def test_what_nobody_expected_costs_a_try_to_the_mail_that_raised_it_alone(relay, monkeypatch):
    bad, good = (alert_for(UserFactory(username=name)) for name in ("un", "deux"))
    whole = delivery.letter

    def letter(alert):
        if alert.pk == bad.pk:
            raise KeyError("gabarit")
        return whole(alert)

    monkeypatch.setattr(delivery, "letter", letter)
    with pytest.raises(KeyError):
        delivery.deliver_due()
    assert delivery.deliver_due() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.attempts, bad.sent_at, bad.last_error) == (1, None, "KeyError")
    assert (good.attempts, good.sent_at is None) == (1, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("S57")
def test_a_device_removed_while_a_circular_is_written_does_not_undo_it(relay, monkeypatch):
    monkeypatch.setattr("iprof.correspondence.services.alerts.deliver_alerts.delay", lambda: None)
    device = PushSubscriptionFactory()
    waiting, removed = threading.Event(), threading.Event()

    def remove() -> None:
        try:
            with transaction.atomic():
                PushSubscription.objects.filter(pk=device.pk).delete()
                waiting.set()
                removed.wait(1)
        finally:
            connection.close()

    other = threading.Thread(target=remove)
    other.start()
    waiting.wait()
    mailing = new_mailing(subject="Rentrée", text="Les dates.")
    assert send_mailing(mailing=mailing, users=[device.user_id], kind="correspondance.essai", cause="un") == 1
    removed.set()
    other.join()
    assert not AlertCopy.objects.exists()
