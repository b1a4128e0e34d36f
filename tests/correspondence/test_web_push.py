"""Notifications on devices: read by the browser alone, dropped when it is gone, never to somebody else's."""

import datetime as dt
import json
import socket
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils import timezone

from iprof.correspondence.enums import Channel
from iprof.correspondence.models import Alert, AlertCopy, PushSubscription
from iprof.correspondence.outbox import leasing, push, push_services
from iprof.correspondence.outbox.copies import forget_old_copies
from iprof.correspondence.outbox.encryption import encrypt
from iprof.correspondence.outbox.vapid import public_key
from iprof.correspondence.services.alerts import mark_read, new_mailing, recall_mailing, send_alert, send_mailing
from tests.at_once import at_once
from tests.correspondence.push_service import Browser, PushService, from64, url64
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import PushSubscriptionFactory

pytestmark = pytest.mark.req("S57", "D44")


@pytest.fixture
def service(settings):
    found = PushService()
    settings.PUSH_SERVICES = [found.origin]
    yield found
    found.stop()


class Phone(Browser):
    """A browser of a person, subscribed at the service."""

    def __init__(self, service: PushService, user, path: str = "/a") -> None:
        super().__init__()
        self.path = path
        self.row = PushSubscriptionFactory(user=user, endpoint=service.origin + path, **self.keys)


def alert_for(user, **fields) -> Alert:
    """Written and on its way to every device, without the sending its commit would start."""
    given = {"kind": "carriere.essai", "subject": "Votre promotion au 7e échelon", "body": "Secret."} | fields
    return send_alert(user=user, **given)


def later(**delta) -> None:
    for copy in AlertCopy.objects.filter(sent_at=None):
        copy.next_try_at -= dt.timedelta(**delta)
        copy.save()


def test_the_example_of_the_rfc_is_encrypted_byte_for_byte():
    """RFC 8291, section 5 and appendix A."""
    own = ec.derive_private_key(int.from_bytes(from64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1())
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        own=own,
        salt=from64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert url64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl9"
        "5bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("length", [0, 1, 100, 4079])
def test_what_is_encrypted_is_read_by_its_browser_and_no_other(length):
    mine, other = Browser(), Browser()
    body = encrypt(b"a" * length, **mine.keys)
    assert mine.read(body) == b"a" * length
    assert encrypt(b"a" * length, **mine.keys) != body
    with pytest.raises(Exception):  # noqa: B017, PT011  (whatever the library says of a wrong key)
        other.read(body)


def test_more_than_a_record_is_refused():
    with pytest.raises(ValueError, match="record"):
        encrypt(b"a" * 4080, **Browser().keys)


@pytest.mark.django_db
def test_the_device_rings_with_the_same_words_whatever_the_alert(service):
    user = UserFactory(username="zlefevre")
    phone = Phone(service, user)
    alert = alert_for(user, link="/ma-carriere/")

    assert push.send_due() == 1

    ((path, headers, body),) = service.got
    assert path == "/a"
    assert json.loads(phone.read(body)) == {"title": "Une nouvelle alerte vous attend", "link": "/alertes/"}
    claims = service.checked(headers, public_key())
    assert claims["sub"] == "mailto:securite@ac-reims.example"
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600
    assert (headers["Content-Encoding"], headers["Ttl"], headers["Topic"], headers["Urgency"]) == (
        "aes128gcm", "86400", "alertes", "normal",
    )  # fmt: skip
    for told in (user.username, user.last_name, alert.subject, str(alert.message_id), "carriere"):
        assert told.encode() not in body + json.dumps(headers).encode()
    copy = alert.copies.get()
    assert copy.sent_at
    phone.row.refresh_from_db()
    assert phone.row.last_sent_at


@pytest.mark.django_db
@pytest.mark.req("K3")
def test_each_person_has_their_own_devices_ring(service):
    users = [UserFactory(username=f"agent{n}") for n in range(3)]
    phones = {user.pk: Phone(service, user, f"/{user.pk}") for user in users}
    Phone(service, users[0], "/second")
    alert_for(users[0])
    alert_for(users[1])
    assert push.send_due() == 3
    assert sorted(service.paths()) == sorted([f"/{users[0].pk}", "/second", f"/{users[1].pk}"])
    for path, _, body in service.got:
        if path != "/second":
            phones[int(path[1:])].read(body)


@pytest.mark.django_db
def test_several_alerts_at_once_ring_a_device_once(service):
    user = UserFactory()
    Phone(service, user)
    for n in range(3):
        alert_for(user, subject=f"Alerte {n}")
    push.send_due()
    assert service.paths() == ["/a"]
    assert AlertCopy.objects.filter(sent_at__isnull=False).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_the_others_stay(service, status):
    user = UserFactory()
    Phone(service, user, "/gone")
    Phone(service, user, "/here")
    service.answers["/gone"] = status
    alert = alert_for(user)
    assert push.send_due() == 1
    assert [device.endpoint for device in PushSubscription.objects.all()] == [f"{service.origin}/here"]
    assert alert.copies.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [408, 429, 500, 503, "cut", "silence"])
def test_a_service_in_trouble_is_asked_again_later(service, monkeypatch, answer):
    monkeypatch.setattr(push_services, "TIMEOUT", 0.5)
    user = UserFactory()
    Phone(service, user)
    service.answers["/a"] = answer
    copy = alert_for(user).copies.get()
    assert push.send_due() == 0
    copy.refresh_from_db()
    assert (copy.attempts, copy.sent_at, copy.abandoned_at) == (1, None, None)
    assert dt.timedelta(seconds=25) < copy.next_try_at - timezone.now() <= dt.timedelta(minutes=1)
    assert copy.last_error == {"cut": "RemoteDisconnected", "silence": "TimeoutError"}.get(answer, f"HTTP {answer}")
    service.answers.clear()
    later(minutes=2)
    assert push.send_due() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("9" * 30, 86_400), ("-5", 60), ("demain", 60), ("Wed, 25 Nov 2026 11:00:00 GMT", 3600),
     ("Wed, 25 Nov 2020 11:00:00 GMT", 60)],
)  # fmt: skip
def test_the_wait_a_service_asks_for_is_kept(service, time_machine, told, seconds):
    time_machine.move_to("2026-11-25T10:00:00Z", tick=False)
    user = UserFactory()
    Phone(service, user)
    service.answers["/a"], service.headers = 429, {"Retry-After": told}
    copy = alert_for(user).copies.get()
    push.send_due()
    copy.refresh_from_db()
    wait = (copy.next_try_at - timezone.now()).total_seconds()
    assert wait == seconds if seconds != 60 else 30 <= wait <= 60


@pytest.mark.django_db
@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 409, 413])
def test_what_a_repeat_would_not_mend_goes_to_the_dead_letters(service, status):
    user = UserFactory()
    Phone(service, user)
    service.answers["/a"], service.headers = status, {"Location": f"{service.origin}/elsewhere"}
    copy = alert_for(user).copies.get()
    push.send_due()
    later(hours=7)
    push.send_due()
    copy.refresh_from_db()
    assert copy.abandoned_at
    assert copy.last_error == f"HTTP {status}"
    assert service.paths() == ["/a"], "no redirect is followed, no second try"
    assert PushSubscription.objects.exists()


@pytest.mark.django_db
def test_a_service_always_in_trouble_is_given_up_at_last(service):
    user = UserFactory()
    Phone(service, user)
    service.answers["/a"] = 500
    copy = alert_for(user).copies.get()
    for _ in range(leasing.MAX_ATTEMPTS + 2):
        push.send_due()
        later(days=2)
    copy.refresh_from_db()
    assert copy.attempts == len(service.got) == leasing.MAX_ATTEMPTS
    assert copy.abandoned_at


@pytest.mark.django_db
def test_one_slow_service_does_not_hold_the_others(service, monkeypatch):
    users = [UserFactory() for _ in range(push.AT_ONCE)]
    for user in users:
        Phone(service, user, f"/{user.pk}")
        alert_for(user)
        service.answers[f"/{user.pk}"] = "slow"
    assert push.send_due() == len(users)
    assert len(service.got) == len(users)


@pytest.mark.django_db
def test_an_alert_read_or_called_back_meanwhile_rings_nowhere(service):
    user = UserFactory()
    Phone(service, user)
    read = alert_for(user)
    mark_read(by=user, message_id=read.message_id)
    mailing = new_mailing(subject="Circulaire", text="Texte.")
    send_mailing(mailing=mailing, users=[user.pk], kind="correspondance.circulaire", cause="circulaire:1")
    recall_mailing(mailing=mailing, reason="Erreur", notice="Rappelée.")
    assert push.send_due() == 0
    assert not service.got
    assert not AlertCopy.objects.exists()


@pytest.mark.django_db
def test_a_closed_account_has_no_device_any_more(service):
    user = UserFactory()
    Phone(service, user)
    alert_for(user)
    user.is_active = False
    user.save()
    assert push.send_due() == 0
    assert not service.got
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_a_service_no_longer_listed_is_never_called(service, settings):
    user = UserFactory()
    Phone(service, user)
    copy = alert_for(user).copies.get()
    settings.PUSH_SERVICES = ["https://fcm.googleapis.com"]
    push.send_due()
    copy.refresh_from_db()
    assert copy.abandoned_at
    assert not service.got


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1", "192.168.1.1"])
def test_a_listed_name_that_leads_inside_is_refused_before_anything_is_sent(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: pytest.fail("connected"))
    with pytest.raises(push_services.Unanswered, match="InnerAddress"):
        push_services.post("https://fcm.googleapis.com/a", b"", {})


@pytest.mark.django_db
def test_without_a_key_nothing_is_sent_and_nothing_lost(service, settings):
    user = UserFactory()
    Phone(service, user)
    alert_for(user)
    held, settings.VAPID_KEY = settings.VAPID_KEY, ""
    assert push.send_due() == 0
    settings.VAPID_KEY = held
    assert push.send_due() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ring_each_device_once(service, monkeypatch):
    monkeypatch.setattr(push, "BATCH", 3)
    monkeypatch.setattr("iprof.correspondence.services.alerts.send_copies.delay", lambda: None)
    users = [UserFactory() for _ in range(20)]
    for user in users:
        Phone(service, user, f"/{user.pk}")
        alert_for(user)
    counts = at_once(push.send_due)
    assert sum(counts) == 20
    assert sorted(service.paths()) == sorted(f"/{user.pk}" for user in users)


@pytest.mark.django_db(transaction=True)
def test_devices_ring_at_commit_and_never_for_a_cause_rolled_back(service):
    user = UserFactory()
    Phone(service, user)
    with transaction.atomic():
        alert_for(user)
        assert not service.got
        transaction.set_rollback(True)
    assert not service.got
    alert_for(user)
    assert service.paths() == ["/a"]


@pytest.mark.django_db
def test_what_left_long_ago_and_devices_of_closed_accounts_are_forgotten(service, time_machine):
    time_machine.move_to("2026-08-01T10:00:00Z", tick=False)
    user, closed = UserFactory(), UserFactory(is_active=False)
    Phone(service, user)
    PushSubscriptionFactory(user=closed)
    alert_for(user)
    push.send_due()
    waiting = alert_for(user).copies.get()
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)
    forget_old_copies()
    assert [copy.pk for copy in AlertCopy.objects.filter(channel=Channel.PUSH)] == [waiting.pk]
    assert [device.user for device in PushSubscription.objects.all()] == [user]
