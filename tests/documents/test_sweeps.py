"""The storage and the database tell the same: contents nobody knows go, contents that are lost are told."""

import datetime as dt
import io
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from documents import custody
from documents.domain.procedures import procedures
from documents.enums import DocumentState
from documents.models import Document, StoredFile
from documents.services import integrity
from documents.services.deposit import deposit
from documents.services.examine import examine
from documents.services.integrity import verify_contents
from documents.services.orphans import sweep_orphans
from documents.services.own import withdraw
from documents.services.submit import Incomplete, submit
from documents.tasks import sweep_orphans as sweep_task
from documents.tasks import verify_contents as verify_task
from iprof.correspondence.models import Alert
from security.enums import Role
from tests.client import PortalClient
from tests.documents.papers import sent
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document, sent_document

pytestmark = [pytest.mark.django_db, pytest.mark.req("S14", "S89")]
DAY = 86_400


def orphan(folder, name: str, *, days: float = 2) -> str:
    custody.storage().save(name, ContentFile(b"of nobody"))
    past = time.time() - days * DAY
    os.utime(folder / name, (past, past))
    return name


def told(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def lose(document: Document) -> None:
    custody.erase(document.stored.name)


def alter(folder, document: Document) -> None:
    path = folder / document.stored.name
    path.write_bytes(path.read_bytes()[:-1] + b"?")


# --- Contents without document ------------------------------------------------------------------------------------------
def test_a_content_nobody_knows_goes_after_a_day(folder):
    kept = kept_document(UserFactory())
    old, half = orphan(folder, "ab/abcd"), orphan(folder, "ab/abce.x1.part")
    recent = orphan(folder, "ab/abcf", days=0.9)
    found = sweep_orphans(apply=True)
    assert (found.held, sorted(found.found), found.erased, found.withheld) == (4, [old, half], 2, False)
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == {kept.stored.name, recent}


def test_nothing_goes_unless_asked(folder):
    orphan(folder, "ab/abcd")
    assert "1 sans document, 0 effacés.\nRien n'est effacé sans --apply." in told("sweep_documents")
    assert "1 effacés" in told("sweep_documents", "--apply")


def test_too_many_are_somebodys_to_look_at(folder, monkeypatch):
    """The database of another day: its rows do not know the contents of this one."""
    monkeypatch.setattr("documents.services.orphans.FEW", 2)
    for number in range(3):
        orphan(folder, f"ab/{number}")
    sweep_task()
    assert "Rien n'est effacé" in told("sweep_documents", "--apply")
    assert "3 effacés" in told("sweep_documents", "--apply", "--whatever")


def test_a_row_written_meanwhile_keeps_its_content(folder, monkeypatch):
    document = kept_document(UserFactory())
    os.utime(folder / document.stored.name, (0, 0))
    monkeypatch.setattr("documents.services.orphans._unknown", lambda names: names)
    assert sweep_orphans(apply=True).erased == 0
    assert custody.intact(document.stored)


def test_a_storage_that_does_not_answer_is_told(folder, monkeypatch):
    def refused(name):
        raise PermissionError(13, "refused")

    monkeypatch.setattr(custody.storage(), "listdir", refused)
    with pytest.raises(CommandError, match="ne répond pas"):
        told("sweep_documents", "--apply")


# --- Contents that are lost -----------------------------------------------------------------------------------------------
@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def three(folder, owner):
    return [kept_document(owner, lines=10 + number) for number in range(3)]


def test_whole_contents_are_verified_and_nobody_is_told(three):
    verify_task()
    assert StoredFile.objects.filter(verified_at__isnull=False, damaged_at=None).count() == 3
    assert not Alert.objects.exists()
    assert verify_contents(apply=True).checked == 0  # until next week


@pytest.mark.parametrize("harm", ["lost", "altered"])
def test_a_lost_content_is_told_to_its_owner_and_to_those_who_keep_the_machine(folder, owner, three, harm):
    keeper, former = staff(Role.IT), staff(Role.IT, username="ancien")
    former.habilitations.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    lose(three[1]) if harm == "lost" else alter(folder, three[1])
    for _ in range(2):
        verify_contents(apply=True)
    assert [document.pk for document in Document.objects.all() if document.damaged] == [three[1].pk]
    to_owner, to_keeper = Alert.objects.order_by("kind")
    assert (to_owner.user, to_owner.link) == (owner, three[1].get_absolute_url())
    assert to_keeper.user == keeper
    assert "abîmés : 1, sur 3 relus" in to_keeper.text


def test_its_page_says_so_and_it_cannot_be_sent(owner, three):
    lose(three[0])
    verify_contents(apply=True)
    client = PortalClient()
    client.force_login(owner)
    page = client.get(three[0].get_absolute_url()).content.decode()
    assert "Nous avons perdu le contenu de ce document" in page
    assert "Contenu perdu" in client.get(reverse("documents:home")).content.decode()
    assert client.get(reverse("documents:download", args=[three[0].pk])).status_code == 503
    with pytest.raises(Incomplete) as problems:
        submit(owner=owner, procedure=procedures()["changement_adresse"], chosen={"domicile": [three[0]]})
    assert "n'est plus lisible" in str(problems.value.problems["domicile"])


def test_the_service_that_received_it_reads_that_it_is_lost(folder, owner):
    sending = sent_document(owner)
    lose(sending.uses.get().document)
    verify_contents(apply=True)
    manager = PortalClient(strict=False)
    manager.force_login(staff(Role.GESTIONNAIRE))
    page = manager.get(reverse("admin:documents_submission_change", args=[sending.pk])).content.decode()
    assert "Contenu perdu" in page


def test_a_content_lost_before_its_checks_is_told_at_once(owner, three):
    document = deposit(owner=owner, upload=sent())
    lose(document)
    client = PortalClient()
    client.force_login(owner)
    for _ in range(2):
        Document.objects.update(examining_until=None)
        assert examine(document.pk).state == DocumentState.CHECKING
    assert StoredFile.objects.get(document=document).damaged_at is not None
    assert Alert.objects.filter(user=owner).count() == 1
    page = client.get(document.get_absolute_url()).content.decode()
    assert "est perdu : il ne peut pas être contrôlé. Déposez-le de nouveau." in page
    assert "Vous n&#x27;avez rien à refaire" not in page


def test_a_storage_that_is_not_there_loses_no_file_of_the_quarantine(owner, three):
    document = deposit(owner=owner, upload=sent())
    for one in (*three, document):
        lose(one)
    examine(document.pk)
    assert document.verdicts.get(check_name="virus").word == "stockage"
    assert not StoredFile.objects.filter(damaged_at__isnull=False).exists()
    assert not Alert.objects.filter(user=owner).exists()


def test_a_content_given_back_is_found_again(folder, three):
    path = folder / three[0].stored.name
    content = path.read_bytes()
    path.unlink()
    verify_contents(apply=True)
    path.write_bytes(content)
    assert verify_contents(apply=True).found_again == 1
    assert not any(document.damaged for document in Document.objects.all())


def test_nothing_is_said_nor_written_unless_asked(three):
    lose(three[0])
    assert "1 perdus ou abîmés" in told("verify_documents", "--all")
    assert not StoredFile.objects.exclude(verified_at=None).exists()
    assert not Alert.objects.exists()
    told("verify_documents", "--apply")
    assert StoredFile.objects.filter(damaged_at__isnull=False).count() == 1


def test_a_storage_that_is_not_there_alarms_no_owner(three):
    staff(Role.IT)
    for document in three:
        lose(document)
    assert verify_contents(apply=True).withheld
    assert [alert.user.username for alert in Alert.objects.all()] == ["agent-informatique"]
    assert not StoredFile.objects.filter(damaged_at__isnull=False).exists()
    assert "Trop de contenus manquent" in told("verify_documents", "--apply")
    assert "3 perdus" in told("verify_documents", "--apply", "--whatever")
    assert StoredFile.objects.filter(damaged_at__isnull=False).count() == 3


def test_a_storage_that_does_not_answer_says_nothing_of_the_contents(three, monkeypatch):
    def refused(stored):
        raise TimeoutError

    monkeypatch.setattr(custody, "intact", refused)
    found = verify_contents(apply=True)
    assert (found.unreachable, found.lost) == (3, 0)
    assert not StoredFile.objects.exclude(verified_at=None).exists()


def test_a_document_withdrawn_while_it_is_read_is_not_lost(
    owner, three, monkeypatch, django_capture_on_commit_callbacks
):
    """Its row goes before its content."""
    seen = custody.intact

    def withdrawn(stored):
        document = Document.objects.get(pk=stored.document_id)
        with django_capture_on_commit_callbacks(execute=True):
            withdraw(document, by=owner)
        return seen(stored)

    monkeypatch.setattr(integrity, "_doubtful", lambda lost, whole: False)
    monkeypatch.setattr(custody, "intact", withdrawn)
    verify_contents(apply=True)
    assert not StoredFile.objects.exists()
    assert not Alert.objects.filter(user=owner).exists()
    assert Document.objects.filter(state=DocumentState.DESTROYED).count() == 3
