"""Real browser: documents deposited, refused, described and taken back; photographs from a phone made one document."""

import pytest
from django.urls import reverse

from documents.models import Document
from tests.documents.papers import letter, paper, photo
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
GOOD = {"name": "attestation.pdf", "mimeType": "application/pdf", "buffer": paper()}
WRONG = {"name": "devis.docx", "mimeType": "application/msword", "buffer": b"PK\x03\x04" + b"0" * 100}
HEAVY = {"name": "lourd.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + b"0" * 3_000_000}


def shot(lines: int) -> dict[str, object]:
    return {"name": f"IMG_{lines}.jpg", "mimeType": "image/jpeg", "buffer": photo(letter(lines=lines))}


@pytest.mark.req("S86", "S69", "E07")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_files_are_sent_told_described_and_taken_back(live_server, open_page, scheme, width):
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, full_career().user)
    page.goto(live_server.url + reverse("documents:deposit"))
    page.get_by_label("Fichiers", exact=True).set_input_files([GOOD, HEAVY])
    page.get_by_text("« lourd.pdf » pèse 3 Mo ou plus").wait_for()
    page.get_by_text("1 fichier choisi").wait_for()
    check(page, f"depot-lourd-{width}-{scheme}")
    page.get_by_role("button", name="Enlever attestation.pdf").press("Enter")
    page.get_by_text("1 fichier choisi").wait_for(state="hidden")
    assert not Document.objects.exists()
    page.get_by_label("Fichiers", exact=True).set_input_files([GOOD, WRONG])
    page.get_by_role("button", name="Déposer").click()
    page.get_by_role("heading", name="Ce que nous avons reçu").wait_for()
    page.get_by_text("ni un PDF ni une photo").wait_for()
    check(page, f"depot-recu-{width}-{scheme}")
    page.get_by_role("link", name="Dire ce qu'est").click()
    page.get_by_label("Type de document").select_option("justificatif_domicile")
    page.get_by_label("Date du document").fill("2026-04-15")
    page.get_by_label("Titre").fill("scan001.pdf")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Prendre le titre « JustifDomicile_Avril2026 »").click()
    page.get_by_role("heading", name="JustifDomicile_Avril2026", level=1).wait_for()
    check(page, f"document-decrit-{width}-{scheme}")
    page.get_by_role("link", name="Retirer").click()
    page.get_by_role("button", name="Détruire ce document").click()
    page.get_by_text("est détruit").wait_for()
    check(page, f"documents-{width}-{scheme}")


@pytest.mark.req("S86")
@pytest.mark.parametrize("script", [True, False])
def test_photographs_of_a_phone_make_one_document_with_and_without_script(live_server, open_page, script):
    page = open_page(scheme="light", width=360, script=script)
    sign_in(page, live_server.url, full_career().user)
    address = reverse("documents:deposit") + "?type=diplome&procedure=formation"
    page.goto(live_server.url + address)
    page.get_by_label("Fichier", exact=True).set_input_files([shot(6), shot(9)])
    page.get_by_label("Réunir les photos").check(force=True)
    page.get_by_label("Titre").fill("Licence de lettres")
    page.get_by_role("button", name="Déposer").click()
    page.get_by_role("heading", name="Attestation de stage ou diplôme", level=1).wait_for()
    assert "« Licence de lettres » est reçu" in page.locator("main").inner_text()
    assert Document.objects.get().pages == 2
