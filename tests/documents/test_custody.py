"""The content at rest: nothing to read without the key, nothing that opens in the place of another (issue's custody)."""

import uuid

import pytest

from documents import custody
from documents.enums import DocumentState
from documents.models import Document, StoredFile
from documents.services.deposit import deposit
from documents.services.examine import examine
from tests.documents.papers import sent
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def kept(owner=None) -> Document:
    document = deposit(owner=owner or UserFactory(), upload=sent())
    examine(document.pk)
    document.refresh_from_db()
    return document


@pytest.mark.req("S14")
def test_a_document_received_is_read_back_as_it_was_kept(django_capture_on_commit_callbacks):
    document = kept()
    assert document.state == DocumentState.KEPT
    content = custody.read(document.stored)
    assert content.startswith(b"%PDF-")
    with custody.storage().open(document.stored.name) as file:
        assert b"%PDF" not in file.read()


def test_a_content_put_in_the_place_of_another_does_not_open():
    one, other = kept(), kept()
    stored = StoredFile.objects.get(document=one)
    stored.document_id = other.pk
    with pytest.raises(custody.LostContent):
        custody.read(stored)


def test_a_content_gone_from_the_storage_is_told():
    stored = kept().stored
    custody.erase(stored.name)
    with pytest.raises(custody.LostContent):
        custody.read(stored)


def test_writing_under_another_document_changes_the_content_kept():
    written = custody.write(b"same", document=uuid.uuid4())
    again = custody.write(b"same", document=uuid.uuid4())
    assert (written.name, written.sha256) != (again.name, again.sha256)
