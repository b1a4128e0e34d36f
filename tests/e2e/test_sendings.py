"""Real browser: pieces of a change of address prepared, sent, refused by the service, completed, taken back."""

from pathlib import Path

import pikepdf
import pytest

from documents.models import Submission
from security.enums import Role
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.documents import proof_of_address, refused_by_service, sent_address

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
PROCEDURES = "/mes-documents/procedures/"


@pytest.mark.req("S14", "S54", "K6", "E26")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_from_the_gap_to_the_receipt_then_completed(live_server, open_page, scheme, width):
    owner = full_career().user
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, owner)
    page.goto(live_server.url + PROCEDURES)
    page.get_by_role("link", name="Changement d'adresse").click()
    page.get_by_text("L'envoi sera possible dès que la pièce manquante sera déposée").wait_for()
    check(page, f"envoi-manque-{width}-{scheme}")
    gap = page.get_by_role("link", name="Déposer cette pièce").get_attribute("href")
    assert gap == "/mes-documents/deposer/?type=justificatif_domicile&procedure=changement_adresse"

    document = proof_of_address(owner)
    page.reload()
    page.get_by_label("Message au service").fill("Depuis le 1er octobre.")
    page.get_by_role("button", name="Relire avant d'envoyer").click()
    page.get_by_text("Rien n'est encore envoyé.").wait_for()
    check(page, f"envoi-relire-{width}-{scheme}")
    assert not Submission.objects.exists()
    page.get_by_role("button", name="Modifier").click()
    assert page.get_by_label("Message au service").input_value() == "Depuis le 1er octobre."
    page.get_by_role("button", name="Relire avant d'envoyer").click()
    page.get_by_role("button", name="Transmettre les pièces").dblclick()
    page.get_by_text("Vos pièces sont transmises.").wait_for()
    sent = Submission.objects.get()
    assert page.url == live_server.url + sent.get_absolute_url()
    assert page.get_by_text(document.sha256).is_visible()
    check(page, f"envoi-recepisse-{width}-{scheme}")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Télécharger le récépissé (PDF)").click()
    with pikepdf.open(Path(waited.value.path())) as receipt:
        assert "Récépissé" in str(receipt.docinfo.Title)

    refused_by_service(sent, staff(Role.GESTIONNAIRE))
    better = proof_of_address(owner, lines=17)
    page.goto(f"{live_server.url}/mes-documents/envois/")
    check(page, f"envoi-liste-{width}-{scheme}")
    page.get_by_role("link", name="Changement d'adresse").click()
    page.get_by_role("heading", name="Le service demande un autre document").wait_for()
    check(page, f"envoi-completer-{width}-{scheme}")
    page.locator(f"input[value='{better.pk}']").check(force=True)
    page.get_by_role("button", name="Compléter l'envoi").click()
    page.get_by_text("Votre envoi est complété et de nouveau transmis au service.").wait_for()
    sent.refresh_from_db()
    assert sent.attempt == 2


@pytest.mark.req("S14", "S54")
def test_send_and_take_back_without_script(live_server, open_page):
    owner = full_career().user
    proof_of_address(owner)
    page = open_page(script=False)
    sign_in(page, live_server.url, owner)
    page.goto(f"{live_server.url}{PROCEDURES}changement_adresse/")
    page.get_by_role("button", name="Relire avant d'envoyer").click()
    page.get_by_role("button", name="Transmettre les pièces").click()
    page.get_by_role("link", name="Retirer cet envoi").click()
    page.locator("main form button[type=submit]").click()
    page.get_by_text("Votre envoi est retiré : le service ne voit plus ces pièces.").wait_for()


def test_the_sending_of_somebody_else_is_nowhere(live_server, open_page):
    other = sent_address(full_career().user)
    page = open_page()
    sign_in(page, live_server.url, full_career().user)
    answer = page.goto(live_server.url + other.get_absolute_url())
    assert answer is not None
    assert answer.status == 404
