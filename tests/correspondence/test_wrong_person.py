"""An alert reaches its own person and nobody else, whatever happens to rows, numbers and accounts (K3, wrong transfers)."""

import random

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from iprof.correspondence.enums import Channel
from iprof.correspondence.models import Alert, AlertCopy, Mailing, PushSubscription
from iprof.correspondence.outbox import leasing, letters
from iprof.correspondence.outbox import mail as delivery
from iprof.correspondence.outbox.writing import insert_alerts
from iprof.correspondence.services.alerts import new_mailing, send_mailing
from tests.correspondence.test_alerts import alert_for
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S03", "S11")]


@pytest.fixture
def two():
    return UserFactory(username="zlefevre"), UserFactory(username="pmartin")


@pytest.mark.parametrize(
    "change",
    [
        {"user": "other"}, {"cause": "autre"}, {"message_id": "8f7d2f4e-6a55-4c3b-9f7e-0a0a0a0a0a0a"},
        {"subject": "Autre"}, {"body": "Autre."}, {"kind": "carriere.autre"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_row_is_never_used_again_for_something_else(two, change):
    alert = alert_for(two[0])
    values = {"user": two[1]} if change == {"user": "other"} else change
    with pytest.raises(IntegrityError, match="stays with its person"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(**values)


def test_a_mark_never_falls_on_another_alert_that_took_the_number(two):
    """A dump restored while a worker holds its batch: the numbers begin again."""
    held = alert_for(two[0])
    (leased,) = delivery.lease_batch()
    Alert.objects.filter(pk=held.pk).delete()
    other = alert_for(two[1], pk=held.pk)
    leasing.mark_sent([leased])
    leasing.put_off(leased, "essai")
    leasing.give_up(leased, "essai")
    other.refresh_from_db()
    assert (other.sent_at, other.abandoned_at, other.last_error) == (None, None, "")
    assert delivery.deliver_due() == 1
    assert [message.to for message in mail.outbox] == [[two[1].email]]


def test_ids_in_any_order_and_repeated_reach_each_their_own():
    users = [UserFactory(username=f"agent{n}") for n in range(30)]
    ids = [user.pk for user in users] * 2
    random.Random(4).shuffle(ids)
    written = insert_alerts(
        ids, kind="carriere.essai", subject="Acte", body="Texte.", cause="acte:1", now=timezone.now()
    )
    assert written.keys() == {user.pk for user in users}
    assert dict(Alert.objects.values_list("user_id", "pk")) == written
    delivery.deliver_due()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(user.email for user in users)


def test_ids_that_are_nobodys_write_nothing(two):
    closed = UserFactory(username="parti", is_active=False)
    ids = [two[0].pk, closed.pk, 0, -1, 10**12]
    assert insert_alerts(ids, kind="carriere.essai", subject="A", body="B.", now=timezone.now()).keys() == {two[0].pk}


def test_a_mailing_that_took_the_number_of_another_is_not_mailed_with_its_words(two):
    first = new_mailing(subject="Première", text="Texte un.")
    send_mailing(mailing=first, users=[two[0].pk], kind="correspondance.essai", cause="un")
    delivery.deliver_due()
    Alert.objects.all().delete()
    Mailing.objects.all().delete()
    second = Mailing.objects.create(pk=first.pk, subject="Seconde", text="Texte deux.")
    send_mailing(mailing=second, users=[two[1].pk], kind="correspondance.essai", cause="deux")
    delivery.deliver_due()
    words = [(m.to, m.subject, "deux" in m.message().parsed.get_payload()[0].get_payload()) for m in mail.outbox]
    assert words == [([two[0].email], "Première", False), ([two[1].email], "Seconde", True)]


@pytest.mark.parametrize(
    "address", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "é@b.example", "<a@b>"]
)
def test_an_address_that_could_name_two_people_is_refused(two, address):
    mailing = new_mailing(subject="Circulaire", text="Texte.")
    type(two[0]).objects.filter(pk=two[0].pk).update(email=address)
    send_mailing(mailing=mailing, users=[user.pk for user in two], kind="correspondance.essai", cause="un")
    assert delivery.deliver_due() == 1
    assert [message.to for message in mail.outbox] == [[two[1].email]]
    assert Alert.objects.get(user=two[0]).last_error == "ValueError"


def test_every_recipient_of_a_mailing_has_one_to_and_one_message_id(two):
    mailing = new_mailing(subject="Circulaire", text="destinataire@place.invalid <identifiant@place.invalid>")
    send_mailing(mailing=mailing, users=[user.pk for user in two], kind="correspondance.essai", cause="un")
    for alert in Alert.objects.select_related("user", "mailing"):
        parsed = letters.letter(alert).message().parsed
        assert parsed.get_all("To") == [alert.user.email]
        assert parsed.get_all("Message-ID") == [f"<{alert.message_id}@ac-reims.example>"]
        assert len(parsed.get_all("Date")) == 1
        assert "1970" not in parsed["Date"]


def test_a_copy_goes_to_a_device_of_the_person_only(two):
    device = PushSubscription.objects.create(
        user=two[1], endpoint="https://push.example/1", p256dh="x", auth="y", label="Firefox"
    )
    alert = alert_for(two[0])
    with pytest.raises(IntegrityError, match="device of the person"), transaction.atomic():
        AlertCopy.objects.create(alert=alert, channel=Channel.PUSH, subscription=device, next_try_at=timezone.now())
    with pytest.raises(IntegrityError, match="stays with its person"), transaction.atomic():
        PushSubscription.objects.filter(pk=device.pk).update(user=two[0])


def test_the_statement_that_writes_is_one_whatever_the_number(django_assert_num_queries):
    users = [UserFactory(username=f"agent{n}").pk for n in range(20)]
    mailing = new_mailing(subject="Circulaire", text="Texte.")
    for ids in (users[:1], users):
        with django_assert_num_queries(2):
            insert_alerts(
                ids,
                kind="correspondance.essai",
                subject="A",
                mailing=mailing.pk,
                now=timezone.now(),
                cause=str(len(ids)),
            )
    assert connection.vendor == "postgresql"
