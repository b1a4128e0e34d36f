"""The examples of the fictional académie: papers that say so, sent once, by the services of the product."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from documents.demo.rights import ask_demo_rights
from documents.demo.sendings import EXAMPLES, send_demo_pieces
from documents.enums import DocumentState
from documents.models import Document, PrivacyRequest, Submission
from documents.policies import submissions_for
from security.enums import Role
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document

pytestmark = pytest.mark.django_db


def test_examples_are_sent_once_and_one_is_sent_back():
    owners = [full_career().user for _ in EXAMPLES]
    manager, on = staff(Role.GESTIONNAIRE), timezone.localdate()
    assert send_demo_pieces(owners=owners, manager=manager, on=on) == len(EXAMPLES)
    assert send_demo_pieces(owners=owners, manager=manager, on=on) == 0
    assert set(Document.objects.values_list("state", flat=True)) == {DocumentState.KEPT}
    assert sorted(Submission.objects.values_list("state", flat=True)) == ["a-completer", *["transmis"] * 3]
    assert submissions_for(staff(Role.MEDICAL), on=on).count() == 1
    assert all(document.title.endswith("_Exemple") for document in Document.objects.all())


def test_requests_are_asked_once():
    owner = full_career().user
    assert ask_demo_rights(owner=owner) == 1
    assert ask_demo_rights(owner=owner) == 0
    PrivacyRequest.objects.all().delete()
    kept_document(owner)
    assert ask_demo_rights(owner=owner) == 2


def test_a_person_more_than_examples_is_left_alone():
    owner = full_career().user
    assert send_demo_pieces(owners=[owner], manager=staff(Role.GESTIONNAIRE), on=dt.date(2026, 11, 24)) == 1
    assert Submission.objects.get().owner == owner


def test_a_database_that_is_not_the_demo_is_left_alone(monkeypatch, tmp_path):
    with pytest.raises(CommandError, match="IPROF_DEMO_DIR"):
        call_command("demo_documents")
    monkeypatch.setenv("IPROF_DEMO_DIR", str(tmp_path))
    UserFactory(username="gestionnaire", staff=True)
    full_career()
    out = StringIO()
    call_command("demo_documents", stdout=out)
    assert "Aucun envoi de démonstration" in out.getvalue()
    assert not Submission.objects.exists()
