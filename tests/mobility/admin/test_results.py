"""Results in the administration: tried, imported, released by another person, called back; who may what (K3)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mobility.models import ResultBatch
from security.enums import Role
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.mobility import campaign
from tests.factories.mobility_results import at_the_results, imported, results_file, settled

pytestmark = [pytest.mark.django_db, pytest.mark.req("K3", "S57")]
ADD = "/gestion/mobility/resultbatch/add/"


def signed(role: Role) -> PortalClient:
    client = PortalClient()
    client.force_login(staff(role))
    return client


@pytest.fixture
def row():
    return settled(full_career().user, campaign())


def upload(row, act: str, outcome: str = "obtenu;1;Dijon;626.2") -> dict:
    file = SimpleUploadedFile("resultats.csv", results_file([row], outcome), "text/csv")
    return {"campaign": row.campaign.pk, "file": file, "acte": act}


def test_a_file_is_tried_then_imported_then_released_by_somebody_else(row):
    importer, other = staff(Role.SUPERADMIN), staff(Role.SUPERADMIN, username="seconde")
    first, second = PortalClient(), PortalClient()
    first.force_login(importer)
    second.force_login(other)
    page = first.post(ADD, upload(row, "essayer"))
    assert "Rien n'est écrit" in words(page)
    assert ResultBatch.objects.count() == 0
    assert first.post(ADD, upload(row, "importer")).status_code == 302
    batch = ResultBatch.objects.get()
    url = reverse("admin:mobility_resultbatch_change", args=[batch.pk])
    act = {"acte": "publier", "lignes": "1"}
    refused = second.post(url, act)
    assert refused.status_code == 409
    assert "La date des résultats n'est pas venue" in words(refused), words(refused)
    with at_the_results(row.campaign):
        for client, user in ((first, importer), (second, other)):  # sessions as old as the clock
            client.force_login(user)
        assert "une autre personne le publie" in words(first.post(url, act))
        assert second.post(url, act).status_code == 302
        owner = PortalClient()
        owner.force_login(row.owner)
        text = words(owner.get(row.get_absolute_url()))
        assert "Vous obtenez votre vœu 1 : Dijon." in text
        assert second.post(url, {"acte": "rappeler", "motif": "Mauvais fichier"}).status_code == 302
        text = words(owner.get(row.get_absolute_url()))
        assert "est rappelé" in text
        assert "Vous obtenez" not in text


def test_before_the_release_the_page_of_the_owner_reveals_nothing(row):
    imported([row], outcome="extension;;Créteil;")
    owner = PortalClient()
    owner.force_login(row.owner)
    for address in (row.get_absolute_url(), "/mutation/", "/"):
        assert "Créteil" not in words(owner.get(address))


def test_problems_are_told_by_line_and_nothing_is_imported(row):
    page = signed(Role.SUPERADMIN).post(ADD, upload(row, "importer", "obtenu;9;Dijon;"))
    assert page.status_code == 400
    assert "Ligne 2 : Le vœu 9 de cette demande n'est pas « Dijon »." in words(page)
    assert ResultBatch.objects.count() == 0


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.HEAD, Role.DPO, Role.IT])
def test_other_roles_neither_import_nor_read(row, role):
    batch = imported([row])
    client = signed(role)
    assert client.post(ADD, upload(row, "importer")).status_code in {403, 404}
    assert client.get(reverse("admin:mobility_resultbatch_change", args=[batch.pk])).status_code in {403, 404}
