"""Each step of a deposit and of its checks broken by itself: a death, a full disk, a storage or a broker that refuses.

What was answered « reçu » is there in the end; what was not leaves nothing, but a content the sweep takes. The same with
processes really killed: tests/faults/test_documents.py.
"""

import errno
import os
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import OperationalError, transaction
from kombu.exceptions import OperationalError as NoBroker

from documents import custody, probe
from documents.domain.verdicts import QUICK, SLOW, Check
from documents.enums import DocumentState
from documents.models import Document, DocumentVerdict, StoredFile
from documents.services import deposit as depositing
from documents.services import examine as examining
from documents.services import orphans
from documents.services.deposit import deposit
from documents.services.examine import examine, waiting
from documents.tasks import examine_document, examine_waiting
from tests.documents.papers import sent
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S14", "S86")]


class Killed(BaseException):
    """What no `except Exception` sees, as a death."""


class Failed(Exception):
    pass


def fails(*args, **kwargs):
    raise Failed


def dies(*args, **kwargs):
    raise Killed


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def names(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def known() -> set[str]:
    return set(StoredFile.objects.values_list("name", flat=True))


def received() -> Document:
    return deposit(owner=UserFactory(), upload=sent())


def after_the_sweep(folder, monkeypatch) -> set[str]:
    monkeypatch.setattr(custody, "written_before", lambda name, day: True)
    orphans.sweep_orphans(apply=True)
    return names(folder)


# --- A deposit -------------------------------------------------------------------------------------------------------------
DEPOSIT_STEPS = (
    "documents.probe.quick",
    "documents.custody.write",
    "documents.models.Document.save",
    "documents.custody.attach",
    "documents.services.deposit.keep_verdicts",
    "documents.services.deposit.record",
)


@pytest.mark.parametrize("step", DEPOSIT_STEPS)
def test_a_deposit_that_fails_leaves_no_document_and_no_content(folder, monkeypatch, step):
    monkeypatch.setattr(step, fails)
    with pytest.raises(Failed):
        received()
    assert (names(folder), Document.objects.count()) == (set(), 0)


@pytest.mark.parametrize("step", DEPOSIT_STEPS)
def test_a_deposit_that_dies_leaves_no_document_and_at_most_a_content_for_the_sweep(folder, monkeypatch, step):
    with monkeypatch.context() as broken:
        broken.setattr(step, dies)
        with pytest.raises(Killed):
            received()
    assert len(names(folder)) <= 1
    assert not Document.objects.exists()
    assert after_the_sweep(folder, monkeypatch) == set()


def test_a_database_that_goes_at_the_commit_takes_no_content_with_it(folder, monkeypatch):
    """The page is an error, the commit may have been made all the same: the document is whole then."""

    @contextmanager
    def unanswered():
        with transaction.atomic():
            yield
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken:
        broken.setattr(depositing, "transaction", SimpleNamespace(atomic=unanswered, on_commit=transaction.on_commit))
        with pytest.raises(OperationalError):
            received()
    [document] = Document.objects.all()
    assert examine(document.pk).state == DocumentState.KEPT
    assert custody.intact(document.stored)


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_full_disk_keeps_nothing_and_the_next_deposit_is_whole(folder, monkeypatch, step):
    with monkeypatch.context() as broken:
        broken.setattr(os, step, full)
        with pytest.raises(OSError, match="No space left"):
            received()
    assert (names(folder), Document.objects.count()) == (set(), 0)
    assert examine(received().pk).state == DocumentState.KEPT
    assert names(folder) == known()


def test_a_broker_that_is_gone_loses_no_document(folder, monkeypatch, django_capture_on_commit_callbacks):
    def refused(*args, **kwargs):
        raise NoBroker("no broker")

    monkeypatch.setattr(examine_document, "delay", refused)
    with django_capture_on_commit_callbacks(execute=True):
        document = received()
    assert waiting() == [document.pk]
    examine_waiting()
    document.refresh_from_db()
    assert document.state == DocumentState.KEPT


# --- Its checks ------------------------------------------------------------------------------------------------------------
ALL_CHECKS = {*SLOW, *QUICK} - {Check.DATE}  # told once its owner has told what it is
EXAMINE_STEPS = (
    "documents.services.examine._answers",
    "documents.custody.read",
    "documents.probe.scan",
    "documents.probe.slow",
    "documents.services.examine._decide",
    "documents.services.examine.keep_verdicts",
    "documents.services.examine.overall",
    "documents.models.Document.save",
)


@pytest.mark.parametrize("step", EXAMINE_STEPS)
def test_a_worker_that_dies_leaves_the_document_in_quarantine_for_another(folder, monkeypatch, settings, step):
    document = received()
    with monkeypatch.context() as broken:
        broken.setattr(step, dies)
        with pytest.raises(Killed):
            examine(document.pk)
    document.refresh_from_db()
    assert document.state == DocumentState.CHECKING
    assert waiting() == []  # held until its lease is over
    Document.objects.update(examining_until=None)
    examine_waiting()
    document.refresh_from_db()
    assert document.state == DocumentState.KEPT
    assert DocumentVerdict.objects.filter(document=document).count() == len(ALL_CHECKS)
    assert names(folder) == known()


def test_a_worker_that_dies_between_a_refusal_and_its_erasure_leaves_a_content_for_the_sweep(
    folder, monkeypatch, django_capture_on_commit_callbacks
):
    document = received()
    monkeypatch.setattr(probe, "EICAR", b"%PDF-")  # in every file
    with django_capture_on_commit_callbacks():  # never executed
        assert examine(document.pk).state == DocumentState.REFUSED
    assert (len(names(folder)), known()) == (1, set())
    assert after_the_sweep(folder, monkeypatch) == set()


def test_a_storage_that_refuses_holds_the_document_and_says_so(folder, monkeypatch, settings):
    document = received()
    with monkeypatch.context() as broken:
        broken.setattr(custody.storage(), "open", full)
        assert examine(document.pk).state == DocumentState.CHECKING
    verdict = document.verdicts.get(check_name="virus")
    assert (verdict.outcome, verdict.word) == ("attente", "stockage")
    Document.objects.update(examining_until=None)
    assert examine(document.pk).state == DocumentState.KEPT


@pytest.mark.parametrize(("tries", "times"), [(1, 1), (2, 5), (3, 15), (9, 15)])
def test_what_could_not_be_checked_waits_longer_each_time(monkeypatch, settings, time_machine, tries, times):
    time_machine.move_to("2026-11-25T12:00:00+00:00", tick=False)
    document = received()
    monkeypatch.setattr(custody, "read", full)
    Document.objects.update(attempts=tries - 1)
    held = examining.examine(document.pk)
    assert (held.examining_until.timestamp() - held.deposited_at.timestamp()) == times * settings.DOCUMENTS_FIRST_WAIT
