"""Pieces verified by the service that received them, in a real browser."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from documents.domain.procedures import procedures
from documents.services.deposit import Details
from documents.services.submit import submit
from security.enums import Role, ScopeKind
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document
from tests.factories.submissions import decide, sent_pieces

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


def paper(owner, kind: str, title: str, lines: int):
    day = timezone.localdate() - dt.timedelta(5)
    ends = timezone.localdate() + dt.timedelta(300) if kind == "rqth" else None
    return kept_document(owner, Details(kind, title, day, ends), lines=lines)


@pytest.mark.req("S54", "K6", "D16")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_each_service_verifies_its_pieces(live_server, open_page, scheme, width):
    owner = full_career().user
    chosen = {
        "enfants": [paper(owner, "livret_famille", "Livret de famille", 12)],
        "residence": [paper(owner, "bail", "Bail", 13)],
        "handicap": [paper(owner, "rqth", "Notification confidentielle", 14)],
    }
    submission = submit(owner=owner, procedure=procedures()["mobilite_inter"], chosen=chosen, message="Bonjour.")
    office = staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")
    clerk = open_page(scheme=scheme, width=width)
    sign_in(clerk, live_server.url, office)
    clerk.goto(f"{live_server.url}/gestion/")
    clerk.get_by_role("link", name="Envois de pièces à vérifier").click()
    clerk.get_by_role("heading", name="Pièces à vérifier").wait_for()
    check(clerk, f"verification-queue-{width}-{scheme}")
    clerk.get_by_role("link", name="Mouvement interacadémique").first.click()
    assert "Notification confidentielle" not in clerk.content()
    bail = clerk.get_by_role("region", name="Justificatif de domicile : Bail")
    with clerk.expect_response(re.compile(r"/apercu/1/$")) as drawn:
        bail.locator("summary", has_text="Voir la page").click()
    assert drawn.value.headers["content-type"] == "image/png"
    bail.get_by_role("img", name="Page 1 de Bail").wait_for()
    with clerk.expect_download() as got:
        clerk.get_by_role("link", name="Télécharger Bail.pdf").click()
    assert got.value.suggested_filename == "Bail.pdf"
    bail.get_by_label("Refuser, pour un motif").check(force=True)
    bail.get_by_label("Précision lue par l'agent").fill("La page 2 est coupée.")
    clerk.get_by_role("button", name="Enregistrer les décisions").click()
    clerk.get_by_text("Le motif manque", exact=False).first.wait_for()
    check(clerk, f"verification-refused-{width}-{scheme}")
    assert bail.get_by_label("Précision lue par l'agent").input_value() == "La page 2 est coupée."
    bail.get_by_label("Motif du refus").select_option("Pages manquantes")
    family = clerk.get_by_role("region", name="Livret de famille ou acte de naissance")
    family.get_by_label("Accepter").check(force=True)
    clerk.get_by_role("button", name="Enregistrer les décisions").click()
    clerk.get_by_text("2 décisions enregistrées.", exact=False).wait_for()
    check(clerk, f"verification-decided-{width}-{scheme}")

    medical = open_page(scheme=scheme, width=width)
    sign_in(medical, live_server.url, staff(Role.MEDICAL))
    medical.goto(f"{live_server.url}/gestion/documents/submission/")
    medical.get_by_role("link", name="Mouvement interacadémique").first.click()
    medical.get_by_role("heading", name="Notification confidentielle").wait_for()
    assert "Livret de famille" not in medical.content()
    medical.get_by_label("Demander un autre document").check(force=True)
    medical.get_by_label("Précision lue par l'agent").fill("Joignez la notification complète.")
    medical.get_by_role("button", name="Enregistrer les décisions").click()
    medical.get_by_text("L'envoi est à compléter.", exact=False).wait_for()
    check(medical, f"verification-medical-{width}-{scheme}")
    submission.refresh_from_db()
    assert (submission.state, submission.first_complete) == ("a-completer", False)


@pytest.mark.req("S55")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_several_at_once_then_the_figures(live_server, open_page, scheme, width):
    office = staff(Role.GESTIONNAIRE)
    for number in range(6):
        sent_pieces(full_career(last_name=f"Agent{number}").user)
    decide(sent_pieces(full_career().user), office, domicile="illisible")
    page = open_page(scheme=scheme, width=width, script=width > 400)  # on the phone, without script
    sign_in(page, live_server.url, office)
    page.goto(f"{live_server.url}/gestion/documents/submission/")
    for box in page.locator("input[name=_selected_action]").all():
        box.check(force=True)
    page.get_by_label("Action :").select_option("Accepter les pièces sans anomalie des envois choisis")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("heading", name="Ce qui sera accepté").wait_for()
    if width > 400:  # axe is a script
        check(page, f"verification-several-{width}-{scheme}")
    page.get_by_role("button", name="Accepter 6 pièces").click()
    page.get_by_text("6 pièces acceptées.", exact=False).wait_for()
    dpo = open_page(scheme=scheme, width=width)
    sign_in(dpo, live_server.url, staff(Role.DPO))
    dpo.goto(f"{live_server.url}/gestion/")
    dpo.get_by_role("link", name="Complétude des envois de pièces").click()
    dpo.get_by_text("6 sur 7").first.wait_for()
    for summary in dpo.locator("details summary").all()[:3]:
        summary.click()
    check(dpo, f"completeness-{width}-{scheme}")
