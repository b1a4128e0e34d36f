"""Withdrawing and changing late, on screen."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobility.models import LateChange
from tests.career.web.pages import words
from tests.factories.documents import proof_of_address

pytestmark = [pytest.mark.django_db, pytest.mark.req("S56", "S72")]
WHY = "Mon conjoint est muté à Nice au 1er janvier."


def address(name: str, version) -> str:
    return reverse(f"mobility:{name}", kwargs={"public_id": version.request.public_id})


@pytest.fixture
def typed(owner, displayed):
    return {
        "evenement": "mutation_conjoint", "survenu_le": timezone.localdate().isoformat(), "voeux": "NICE\nlyon",
        "code_postal": "06000", "message": WHY, "piece_preuve": [proof_of_address(owner).pk], "etape": "envoyer",
    }  # fmt: skip


def test_a_request_is_withdrawn_after_a_question(client, displayed):
    page = words(client.get(address("withdraw", displayed)))
    assert "vous ne pourrez pas reprendre votre demande" in page
    asked = client.post(address("withdraw", displayed), {"motif": "Je reste."})
    assert asked.status_code == 400
    assert "Cochez la case" in words(asked)
    assert "Je reste." in words(asked)
    client.post(address("withdraw", displayed), {"motif": "Je reste.", "accord": "on"})
    displayed.request.refresh_from_db()
    assert displayed.request.state == "retire"
    again = client.post(address("withdraw", displayed), {"accord": "on"}, follow=True)
    assert again.status_code == 200


def test_past_the_date_nothing_is_withdrawn(client, displayed, owner):
    with time_machine.travel(displayed.request.campaign.late_until, tick=False):
        client.force_login(owner)
        page = client.post(address("withdraw", displayed), {"accord": "on"})
    assert page.status_code == 409
    assert "la date d'annulation de la campagne est passée" in words(page)


def test_a_late_change_is_told_written_checked_sent(client, displayed, typed):
    page = words(client.get(address("late", displayed)))
    assert "reporte l'examen de votre demande" in page
    assert "Décès du conjoint ou d'un enfant" in page
    recap = client.post(address("late", displayed), typed | {"etape": "verifier"})
    assert "06000 Nice (département 06)" in words(recap)
    assert not LateChange.objects.exists()
    sent = client.post(address("late", displayed), typed, follow=True)
    row = LateChange.objects.get()
    assert row.voeux == ["Nice", "Lyon"]
    assert row.claims["conjoint_departement"] == "06"
    assert "Accusé de réception (PDF)" in words(sent)
    assert client.get(address("late", displayed)).status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("evenement", "", "Aucun événement n'est choisi."),
        ("evenement", "autre", "Cet événement n'est pas dans la liste."),
        ("survenu_le", "hier", "Cette date n'est pas comprise."),
        ("survenu_le", "2090-01-01", "Cette date est à venir."),
        ("voeux", "", "Il n'y a plus aucun vœu."),
        ("voeux", "Nice\nAtlantide", "« Atlantide » n'est pas un lieu de ce mouvement."),
        ("voeux", "Nice\nnice", "Un même lieu est écrit deux fois."),
        ("code_postal", "0600", "Un code postal a cinq chiffres"),
        ("code_postal", "52100", "désigne plusieurs départements"),
        ("departement", "75", "Ce code postal est dans : 06."),
        ("message", "Oui.", "Votre explication est trop courte."),
        ("piece_preuve", [], "le motif doit être prouvé"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, displayed, typed, field, value, sentence):
    page = client.post(address("late", displayed), typed | {field: value})
    assert page.status_code == 400
    assert sentence in words(page)
    assert not LateChange.objects.exists()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.dictionaries(st.sampled_from(["evenement", "voeux", "code_postal", "departement", "survenu_le"]), st.text())
)
def test_any_form_is_answered(client, displayed, told):
    assert client.post(address("late", displayed), told).status_code == 400
