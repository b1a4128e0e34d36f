"""Établissements in the administration: found by what a manager types, never edited."""

import pytest
from django.urls import reverse

from career.models import AnnuaireImport, Establishment
from iprof.kernel.text import sort_key
from security.enums import Role
from tests.factories.accounts import staff
from tests.factories.career import EstablishmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("D16")]
LIST = "admin:career_establishment_changelist"


def establishment(name: str, commune: str, **fields) -> Establishment:
    return EstablishmentFactory(name=name, commune=commune, sort_key=sort_key(name, commune), **fields)


@pytest.fixture
def manager(client):
    client.force_login(staff(Role.GESTIONNAIRE))
    return client


@pytest.mark.parametrize("search", ["etang", "L'Étang", "EPERNAY", "étang épernay", "0519777"])
def test_found_by_name_commune_or_uai(manager, search) -> None:
    digits = "0519777"
    found = establishment("Collège de l'Étang", "Épernay", uai=digits + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(digits) % 23])
    establishment("Collège des Sablons", "Reims")
    page = manager.get(reverse(LIST), {"q": search})
    assert page.status_code == 200
    assert list(page.context["cl"].queryset) == [found]


@pytest.mark.parametrize("filters", [{"departement": "08"}, {"kind": "Lycée"}, {"priority_network": "REP"}])
def test_filtered(manager, filters) -> None:
    found = establishment("Lycée du Pont", "Sedan", departement="08", kind="Lycée", priority_network="REP")
    establishment("Collège des Sablons", "Reims")
    page = manager.get(reverse(LIST), filters)
    assert list(page.context["cl"].queryset) == [found]


def test_nothing_can_be_written(manager) -> None:
    row = establishment("Collège des Sablons", "Reims")
    url = reverse("admin:career_establishment_change", args=[row.pk])
    assert manager.get(url).status_code == 200
    assert manager.post(url, {"name": "Autre"}).status_code == 403
    assert manager.get(reverse("admin:career_establishment_add")).status_code == 403
    assert manager.post(reverse("admin:career_establishment_delete", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.name == "Collège des Sablons"


def test_the_list_costs_the_same_whatever_its_length(manager, django_assert_num_queries) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    counts = []
    for wanted in (2, 40):
        EstablishmentFactory.create_batch(wanted)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            manager.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_imports_are_shown_to_those_who_run_them(client) -> None:
    row = AnnuaireImport.objects.create(file_name="annuaire.csv", counts={"created": 12}, problems=[{"line": 4}])
    client.force_login(staff(Role.IT))
    page = client.get(reverse("admin:career_annuaireimport_changelist"))
    assert "12 ajoutés" in page.content.decode()
    assert client.get(reverse("admin:career_annuaireimport_change", args=[row.pk])).status_code == 200
