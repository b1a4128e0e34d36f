"""The journal and the inbox refuse changes in the database itself."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from career import enums
from career.models import FeedRun, InboxMessage
from security.enums import AccessKind
from security.journal import record
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("D20", "D21")]


def trace():
    return record(AccessKind.FILE_READ, actor=UserFactory(), reason="Instruction du dossier")


def message():
    return InboxMessage.objects.create(
        source="siae",
        message_id=uuid.uuid4(),
        seq=1,
        type="career.step",
        matricule="A0000001",
        time=timezone.now(),
        payload={},
        digest="0" * 32,
        run=FeedRun.objects.create(door=enums.FeedDoor.FILE),
    )


def allow_retention() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL iprof.retention = 'on'")


@pytest.mark.parametrize("make", [trace, message])
def test_a_line_cannot_be_deleted(make):
    row = make()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()

    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(("make", "change"), [(trace, {"reason": "Autre"}), (message, {"payload": {"a": 1}})])
def test_a_line_cannot_be_changed_even_by_the_retention_job(make, change):
    row = make()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)

    allow_retention()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize("make", [trace, message])
def test_the_retention_job_deletes_when_it_says_so(make):
    row = make()
    with transaction.atomic():
        allow_retention()
        type(row).objects.filter(pk=row.pk).delete()

    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_right_to_delete_ends_with_its_transaction():
    row = trace()
    with transaction.atomic():
        allow_retention()

    with pytest.raises(IntegrityError, match="append-only"):
        row.delete()
