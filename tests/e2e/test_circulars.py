"""Real browser: a correspondence from the gestionnaire who writes it to the teacher who answers, by their own hands."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import full_career
from tests.factories.correspondence import clerk
from tests.factories.files import pdf_bytes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


@pytest.mark.req("S11", "E22")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_circular_is_written_simulated_released_read_and_answered(live_server, open_page, scheme, width):
    agent = full_career()
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, clerk("secretaire"))
    page.goto(live_server.url + reverse("admin:correspondence_circular_add"))
    page.get_by_label("Titre").fill("Dépôt des dossiers")
    page.get_by_label("Texte").fill("Les dossiers se déposent sur le portail.")
    page.get_by_label("À faire au plus tard le").fill(f"{timezone.localdate() + dt.timedelta(days=10):%d/%m/%Y}")
    page.get_by_label("Pièces à joindre").set_input_files(
        {"name": "annexe.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Personne n'est choisi").first.wait_for()
    assert page.get_by_label("Titre").input_value() == "Dépôt des dossiers"
    check(page, f"circulaire-refusee-{width}-{scheme}")
    page.get_by_label("Tous les agents").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Simuler l'envoi").click()
    page.get_by_role("button", name="Diffuser à 1 destinataire").wait_for()
    check(page, f"circulaire-simulee-{width}-{scheme}")
    page.get_by_role("button", name="Diffuser à 1 destinataire").click()
    page.get_by_text("est diffusée à 1 personne").wait_for()

    reader = open_page(scheme=scheme, width=width, script=False)
    sign_in(reader, live_server.url, agent.user)
    reader.goto(live_server.url + reverse("correspondence:circular_list"))
    reader.get_by_role("button", name="Ouvrir : Dépôt des dossiers").click()
    assert reader.get_by_role("heading", level=1).inner_text() == "Dépôt des dossiers"
    reader.get_by_role("button", name="J'ai fait le nécessaire").click()
    assert "avoir fait le nécessaire" in reader.locator("main").inner_text()
    page.reload()
    assert "1 sur 1" in page.locator("main").inner_text()

    page.get_by_label("Motif du rappel").fill("La date est fausse.")
    page.get_by_role("button", name="Rappeler").click()
    page.get_by_text("est rappelée").first.wait_for()
    reader.reload()
    assert "Motif : La date est fausse." in reader.locator("main").inner_text()
    told = open_page(scheme=scheme, width=width)
    sign_in(told, live_server.url, agent.user)
    told.goto(live_server.url + reverse("correspondence:circular_list"))
    check(told, f"circulaires-{width}-{scheme}")
    told.get_by_role("link", name="Dépôt des dossiers").click()
    check(told, f"circulaire-rappelee-{width}-{scheme}")
