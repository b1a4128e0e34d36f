"""Real browser: an offline copy chosen, refused for its password, downloaded and opened, with and without script."""

from pathlib import Path

import pytest

from documents.services.deposit import Details
from tests.documents.ae2 import opened
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import full_career
from tests.factories.documents import kept_document

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
    pytest.mark.req("S74", "E11", "E14"),
]
PASSWORD = "Quatre-Renards-Gris-58"
BUTTON = "Télécharger la copie (ZIP chiffré"


def arrive(live_server, page):
    """Two documents of theirs, on the page of the copy."""
    agent = full_career()
    kept_document(agent.user, Details("livret_famille", "Livret de famille"))
    kept_document(agent.user, Details("livret_famille", "Ancien livret"), lines=9)
    sign_in(page, live_server.url, agent.user)
    page.goto(f"{live_server.url}/mes-documents/copie-hors-ligne/")


def download(page, password: str) -> dict[str, bytes]:
    page.get_by_label("Mot de passe de la copie").fill(password)
    page.get_by_label("Le même, une seconde fois").fill(password)
    with page.expect_download() as waited:
        page.get_by_role("button", name=BUTTON).click()
    assert waited.value.suggested_filename.startswith("MesDocuments_")
    return opened(Path(waited.value.path()).read_bytes(), password)


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_copy_is_refused_for_its_password_then_taken_away(live_server, open_page, scheme, width):
    page = open_page(scheme=scheme, width=width)
    arrive(live_server, page)
    page.get_by_label("Ancien livret").uncheck()
    page.get_by_label("Mot de passe de la copie").fill("Moulin-Bleu7")
    page.locator(".rules__verdict").get_by_text("La composition ne suffit pas encore.").wait_for()
    page.get_by_label("Le même, une seconde fois").fill("Moulin-Bleu7")
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("link", name="où l'on peut l'essayer sans limite").wait_for()
    assert page.title().startswith("Erreur : ")
    assert not page.get_by_label("Ancien livret").is_checked()
    assert page.get_by_label("Mot de passe de la copie").input_value() == ""
    check(page, f"copie-hors-ligne-{width}-{scheme}")
    assert list(download(page, PASSWORD)) == ["00-index.pdf", "01.pdf"]
    page.locator("button:not([disabled])").filter(
        has_text=BUTTON
    ).wait_for()  # the page stays: another may be asked for


def test_a_copy_needs_no_script(live_server, open_page):
    page = open_page(script=False)
    arrive(live_server, page)
    assert list(download(page, PASSWORD)) == ["00-index.pdf", "01.pdf", "02.pdf"]
