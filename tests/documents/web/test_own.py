"""« Mes documents » as its owner uses it: nothing lost, each refusal told, nobody else's."""

import datetime as dt
import io
import os

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.domain.verdicts import Check
from documents.enums import DocumentState
from documents.models import Document, StoredFile
from documents.services.deposit import Details
from tests.documents.corpus import CASES
from tests.documents.corpus.make import signed_and_active
from tests.documents.papers import letter, paper, photo, sent
from tests.factories.career import full_career
from tests.factories.documents import kept_document
from tests.factories.files import pdf_bytes

pytestmark = pytest.mark.django_db
SENT = CASES if os.environ.get("EVERY_FILE") else CASES[::5]


def deposit_files(client, *files):
    return client.post(reverse("documents:deposit"), {"fichiers": list(files)})


def with_script() -> bytes:
    with pikepdf.open(io.BytesIO(paper())) as made:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


@pytest.mark.req("S14", "S86")
def test_one_file_is_kept_and_led_to_its_page(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = deposit_files(client, sent())
    document = Document.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == document.get_absolute_url()
    assert document.state == DocumentState.KEPT


@pytest.mark.req("S86")
def test_a_refused_file_takes_no_other_with_it(client):
    heavy = SimpleUploadedFile("lourd.pdf", b"%PDF-1.7" + b"0" * 3_000_000, "application/pdf")
    wrong = SimpleUploadedFile("devis.docx", b"PK\x03\x04" + b"0" * 100)
    answer = deposit_files(client, heavy, sent(), wrong)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "pèse 3 Mo ou plus" in text
    assert "ni un PDF ni une photo" in text
    assert sorted(Document.objects.values_list("state", flat=True)) == ["controle", "refuse", "refuse"]
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(("size", "refused"), [(3_000_000, True), (2_999_999, False)])
def test_the_limit_is_strict(client, size, refused):
    padded = paper() + b"\n%" + b"0" * (size - len(paper()) - 2)
    deposit_files(client, SimpleUploadedFile("grand.pdf", padded, "application/pdf"))
    assert (Document.objects.get().state == DocumentState.REFUSED) is refused
    assert Document.objects.get().received_size == size


def test_nothing_chosen_and_too_many_are_told(client):
    assert "Aucun fichier" in deposit_files(client).content.decode()
    many = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4", "application/pdf") for n in range(11)]
    answer = deposit_files(client, *many)
    assert answer.status_code == 400
    assert "11 fichiers, 10 au plus" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_photograph_is_taken_for_what_it_is(client):
    deposit_files(client, SimpleUploadedFile("IMG_1.JPG", photo(letter()), "image/jpeg"))
    assert Document.objects.get().original_name == "IMG_1.JPG"
    assert Document.objects.get().pages == 1


def test_the_same_file_again_is_told(client):
    deposit_files(client, sent())
    page = deposit_files(client, sent("autre.pdf"), sent("encore.pdf"))
    assert "déjà déposé ce même fichier" in page.content.decode()


def test_active_content_goes_with_the_consent_of_its_owner(client, django_capture_on_commit_callbacks):
    deposit_files(client, SimpleUploadedFile("formulaire.pdf", with_script(), "application/pdf"))
    document = Document.objects.get()
    assert document.state == DocumentState.CONSENT
    assert "Votre accord est attendu" in client.get(document.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("documents:agree", args=[document.pk]))
    document.refresh_from_db()
    assert document.state == DocumentState.KEPT
    content = client.get(reverse("documents:download", args=[document.pk])).content
    assert b"JavaScript" not in content
    assert StoredFile.objects.filter(document=document).count() == 1


def test_the_consent_says_that_a_signature_will_be_lost(client, django_capture_on_commit_callbacks):
    deposit_files(client, SimpleUploadedFile("convention.pdf", signed_and_active(), "application/pdf"))
    document = Document.objects.get()
    assert "La signature électronique ne sera plus valable" in client.get(document.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("documents:agree", args=[document.pk]))
    assert document.verdicts.get(check_name=Check.LOCK).word == "signature-perdue"
    page = client.get(document.get_absolute_url()).content.decode()
    assert "gardé tel quel" not in page


@pytest.mark.req("S69")
def test_a_title_that_says_nothing_is_answered_by_one_that_does(client, owner):
    document = kept_document(owner)
    typed = {"type": "justificatif_domicile", "date": "2025-04-15", "titre": "scan001.pdf"}
    answer = client.post(document.get_absolute_url(), typed)
    assert answer.status_code == 400
    assert "JustifDomicile_Avril2025" in answer.content.decode()
    assert "scan001.pdf" in answer.content.decode()
    client.post(document.get_absolute_url(), typed | {"titre": ""})
    document.refresh_from_db()
    assert (document.title, document.kind) == ("JustifDomicile_Avril2025", "justificatif_domicile")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"type": ""}, "type n&#x27;est pas choisi"),
        ({"type": "inconnu"}, "pas dans la liste"),
        ({"type": "pacs", "date": ""}, "La date manque"),
        ({"type": "pacs", "date": "2026-02-30"}, "existe pas"),
        ({"type": "pacs", "date": "2999-01-01"}, "est à venir"),
        ({"type": "pacs", "date": "1890-01-01"}, "antérieure à 1900"),
        ({"type": "rqth", "fin": ""}, "date de fin manque"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(client, owner, typed, told):
    document = kept_document(owner)
    answer = client.post(document.get_absolute_url(), {"titre": "Mon justificatif"} | typed)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert "Mon justificatif" in answer.content.decode()


@pytest.mark.req("S70")
def test_an_expired_document_is_shown_in_red_until_it_is_withdrawn(client, owner):
    document = kept_document(owner, Details("pacs", "JustifPacs_Janvier2020", dt.date(2020, 1, 15)))
    page = client.get(reverse("documents:home")).content.decode()
    assert "1 document périmé" in page
    assert "15 avril 2020" in page
    assert "plus de 3 mois après sa date" in page
    client.post(reverse("documents:withdraw", args=[document.pk]))
    assert "périmé" not in client.get(reverse("documents:home")).content.decode()


def test_a_withdrawn_document_leaves_its_row_and_no_content(client, owner):
    document = kept_document(owner)
    assert client.get(reverse("documents:withdraw", args=[document.pk])).status_code == 200
    client.post(reverse("documents:withdraw", args=[document.pk]))
    document.refresh_from_db()
    assert document.state == DocumentState.DESTROYED
    assert not StoredFile.objects.exists()
    assert client.get(reverse("documents:download", args=[document.pk])).status_code == 404


def test_the_download_is_an_attachment_that_nobody_guesses_at(client, owner):
    document = kept_document(owner, Details("livret_famille", "Livret de famille"))
    answer = client.get(reverse("documents:download", args=[document.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="Livret de famille.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"%PDF-")


def test_another_persons_document_does_not_exist(client):
    other = kept_document(full_career().user)
    for name in ("detail", "download", "withdraw"):
        assert client.get(reverse(f"documents:{name}", args=[other.pk])).status_code == 404
    assert client.post(reverse("documents:agree", args=[other.pk])).status_code == 404


def test_pages_ask_as_many_queries_for_one_document_as_for_many(client, owner):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("documents:home"))
        return len(queries)

    kept_document(owner, lines=3)
    first = count()
    for lines in range(4, 9):
        kept_document(owner, Details("livret_famille", f"Livret {lines}"), lines=lines)
    assert count() == first


def test_blank_pages_are_refused_by_the_worker_and_their_content_goes(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        deposit_files(client, SimpleUploadedFile("blanc.pdf", pdf_bytes(), "application/pdf"))
    document = Document.objects.get()
    assert document.state == DocumentState.REFUSED
    assert not StoredFile.objects.exists()
    assert "Toutes les pages sont blanches" in client.get(document.get_absolute_url()).content.decode()


@pytest.mark.req("S86")
@pytest.mark.parametrize("first", range(0, len(SENT), 40))
def test_the_corpus_goes_through_the_form_and_breaks_nothing(client, first):
    """Ten files a sending: each is answered by name, none is a server error, what is refused keeps no content. One file
    in five of the corpus, all of them with EVERY_FILE=1."""
    for start in range(first, min(first + 40, len(SENT)), 10):
        cases = SENT[start : start + 10]
        files = [SimpleUploadedFile(case.name, case.content(), "application/octet-stream") for case in cases]
        answer = deposit_files(client, *files)
        assert answer.status_code in (200, 400)
        assert b"<img src=x" not in answer.content
        assert b"<script>alert" not in answer.content
    kept = Document.objects.exclude(state=DocumentState.REFUSED)
    assert StoredFile.objects.count() == kept.count()
    assert not Document.objects.filter(original_name__regex=r"[/\\\u202e\u2066\u200b]").exists()
