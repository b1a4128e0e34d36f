"""A teacher asks for a copy and for an early deletion; the délégué decides; each page held against axe."""

import zipfile

import pytest

from documents.enums import DocumentState
from documents.enums_privacy import ExportState
from documents.models import DestructionCertificate, PersonalExport
from documents.services import exports
from documents.services.deposit import Details
from security.enums import Role
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import full_career
from tests.factories.documents import kept_document

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


@pytest.mark.req("S65", "D22")
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_a_copy_is_asked_waited_for_and_downloaded(live_server, open_page, view, monkeypatch, tmp_path):
    owner = full_career().user
    kept_document(owner, Details(kind="bail", title="Bail Reims"))
    monkeypatch.setattr(exports.make_export_task, "delay", lambda key: None)  # the worker is busy
    page = open_page(scheme=view[0], width=view[1])
    sign_in(page, live_server.url, owner)
    page.goto(f"{live_server.url}/mes-donnees/")
    page.get_by_text("Pièces justificatives", exact=True).click()
    check(page, f"privacy-home-{view[0]}-{view[1]}")
    page.get_by_role("link", name="Obtenir ma copie").click()
    page.get_by_role("button", name="Demander la copie de mes données").click()
    if page.get_by_label("Mot de passe").count():  # not asked again within five minutes of signing in
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Confirmer").click()
    page.get_by_text("Elle attend son tour").wait_for()
    check(page, f"privacy-waiting-{view[0]}-{view[1]}")
    exports.make_export(PersonalExport.objects.get().public_id)
    page.get_by_role("link", name="Actualiser").click()
    page.get_by_role("heading", name="Votre copie est prête").wait_for()
    check(page, f"privacy-ready-{view[0]}-{view[1]}")
    with page.expect_download() as got:
        page.get_by_role("button", name="Télécharger (ZIP)").click()
    got.value.save_as(tmp_path / "copie.zip")
    assert {"donnees.json", "donnees.pdf", "documents/001-Bail Reims.pdf"} <= set(
        zipfile.ZipFile(tmp_path / "copie.zip").namelist()
    )
    assert PersonalExport.objects.get().state == ExportState.READY


@pytest.mark.req("S90", "T8", "S66")
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def test_an_early_deletion_is_asked_then_decided(live_server, open_page, view):
    owner, delegate = full_career().user, staff(Role.DPO, username="dpo", first_name="Inès", last_name="Aubert")
    document = kept_document(owner, Details(kind="bail", title="Bail Reims"))
    teacher, office = (open_page(scheme=view[0], width=view[1]) for _ in range(2))
    sign_in(teacher, live_server.url, owner)
    teacher.goto(f"{live_server.url}/mes-donnees/demandes/nouvelle/?demande=suppression")
    teacher.get_by_role("button", name="Envoyer la demande").click()
    teacher.get_by_text("Aucun document n'est choisi").first.wait_for()
    check(teacher, f"privacy-refused-{view[0]}-{view[1]}")
    teacher.get_by_label("Bail Reims").check()
    teacher.get_by_label("Votre explication").fill("Ce bail est rompu.")
    teacher.get_by_role("button", name="Envoyer la demande").click()
    teacher.get_by_text("transmise au délégué").wait_for()
    check(teacher, f"privacy-asked-{view[0]}-{view[1]}")

    sign_in(office, live_server.url, delegate)
    office.goto(f"{live_server.url}/gestion/documents/privacyrequest/")
    check(office, f"privacy-queue-{view[0]}-{view[1]}")
    office.get_by_role("link", name="Suppression anticipée").first.click()
    office.get_by_label("Réponse à l'agent").fill("Accordé : le document est sans utilité.")
    check(office, f"privacy-decide-{view[0]}-{view[1]}")
    office.get_by_role("button", name="Accepter et répondre").click()
    office.get_by_text("La décision est enregistrée").wait_for()
    certificate = DestructionCertificate.objects.get()
    office.goto(f"{live_server.url}/gestion/documents/destructioncertificate/{certificate.pk}/change/")
    check(office, f"privacy-certificate-{view[0]}-{view[1]}")
    office.goto(f"{live_server.url}/gestion/documents/privacyrequest/audit/")
    office.get_by_role("button", name="Établir le rapport").click()
    office.get_by_text("Documents détruits avec certificat").first.wait_for()
    check(office, f"privacy-audit-{view[0]}-{view[1]}")

    teacher.reload()
    teacher.get_by_text("Accordé : le document est sans utilité.").wait_for()
    document.refresh_from_db()
    assert document.state == DocumentState.DESTROYED
