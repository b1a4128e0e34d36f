"""Receipts with a code: kept as given, checked by anyone, showing nothing else (norms D26, E26)."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from documents.models import Receipt
from documents.selectors.receipts import receipt_by_code, receipts_of
from documents.services import receipts
from documents.tasks import make_receipts
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.documents import sent_address

pytestmark = pytest.mark.django_db
VERIFY = "/mes-documents/verification/"


@pytest.fixture
def proof(owner):
    sent_address(owner)
    made = receipts_of(owner).get()
    receipts.make_receipt(made.pk)
    made.refresh_from_db()
    return made


def pdf(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("recu.pdf", content, "application/pdf")


def test_one_receipt_for_each_sending_with_a_code_nobody_guesses(owner, proof):
    assert (
        receipts.issue_receipt(
            kind=proof.kind,
            owner=owner,
            subject=proof.subject,
            text=receipts.ReceiptText("Autre", ()),
            at=proof.issued_at,
        )
        == proof
    )
    assert len(proof.code.replace("-", "")) == 16
    assert receipt_by_code(proof.code.lower().replace("-", " ")) == proof


def test_the_pdf_is_made_once_and_given_as_it_was_made(client, proof):
    url = reverse("documents:receipt_pdf", args=[proof.public_id])
    first = client.get(url)
    assert first["Content-Disposition"].startswith("attachment")
    assert first.content == client.get(url).content
    receipts.make_receipt(proof.pk)
    assert client.get(url).content == first.content
    with pikepdf.open(io.BytesIO(first.content)) as made:
        assert made.Root.MarkInfo.Marked
        assert str(made.Root.Lang) == "fr"
        assert "Récépissé" in str(made.docinfo["/Title"])


def test_before_the_task_the_same_bytes_are_given(client, owner):
    """Reading writes nothing; the task keeps what was read."""
    sent_address(owner)
    made = receipts_of(owner).get()
    given = client.get(reverse("documents:receipt_pdf", args=[made.public_id])).content
    made.refresh_from_db()
    assert made.pdf is None
    make_receipts()
    made.refresh_from_db()
    assert receipts.receipt_bytes(made) == given


def test_anyone_checks_a_code_and_sees_nothing_of_the_person(proof, owner):
    page = PortalClient().get(VERIFY, {"code": proof.code})
    text = words(page)
    assert page.status_code == 200
    assert "Ce code est celui d'un accusé de réception" in text
    assert "Récépissé de pièces transmises" in text
    assert proof.payload_digest in text
    for hidden in (owner.username, owner.last_name, "Changement d'adresse", str(proof.public_id)):
        assert hidden not in text


def test_one_changed_byte_is_detected(proof):
    given = receipts.receipt_bytes(proof)
    changed = bytearray(given)
    changed[len(changed) // 2] ^= 1
    said = {
        content: words(PortalClient().post(VERIFY, {"code": proof.code, "file": pdf(content)}))
        for content in (given, bytes(changed))
    }
    assert "octet par octet, le document délivré" in said[given]
    assert "n'est pas le document délivré" in said[bytes(changed)]


@pytest.mark.parametrize("code", ["", "ABCD", "K7QX-2MDA-94TZ-PB3H", "' OR 1=1 --", "\x00", "é" * 16])
def test_a_wrong_code_says_so_and_stays_in_the_field(proof, code):
    page = PortalClient().post(VERIFY, {"code": code})
    assert page.status_code == 400
    assert "code" in words(page).lower()
    assert Receipt.objects.count() == 1


def test_too_heavy_or_empty_files_are_refused_in_words(proof):
    heavy = words(PortalClient().post(VERIFY, {"code": proof.code, "file": pdf(b"%PDF" + b"0" * 2_000_001)}))
    assert "dépasse 2 Mo" in heavy
    assert "est vide" in words(PortalClient().post(VERIFY, {"code": proof.code, "file": pdf(b"")}))


def test_a_receipt_is_never_changed_nor_removed(proof):
    for statement in (
        lambda: Receipt.objects.filter(pk=proof.pk).update(code="AAAA"),
        lambda: Receipt.objects.filter(pk=proof.pk).update(payload={}),
        lambda: Receipt.objects.filter(pk=proof.pk).update(pdf=b"x", pdf_digest="0" * 64),
        lambda: Receipt.objects.filter(pk=proof.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def test_the_page_of_a_sending_shows_its_code(client, owner, proof):
    sent = owner.submissions.get()
    assert proof.code in words(client.get(sent.get_absolute_url()))
