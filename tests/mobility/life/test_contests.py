"""The barème kept and contested, on screen (K4, K5)."""

import io
from decimal import Decimal

import pikepdf
import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobility.models import Contest
from mobility.services.contests import answer_contest
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.documents import proof_of_address
from tests.factories.mobility_life import contest

pytestmark = [pytest.mark.django_db, pytest.mark.req("S56", "S57")]
WHY = "Mon échelon est le 8e depuis septembre."


def address(name: str, version, **more) -> str:
    return reverse(f"mobility:{name}", kwargs={"public_id": version.request.public_id, **more})


def typed(displayed, **changed) -> dict[str, object]:
    place = displayed.result["voeux"][0]["place"]
    told = {"voeu": place, "ligne": "echelon", "version": displayed.number, "objet": "points", "points": "56"}
    return told | {"message": WHY, "etape": "envoyer"} | changed


def test_every_version_is_listed_with_what_changed(client, displayed):
    row = contest(displayed, at=None)
    answer_contest(contest=row, by=UserFactory(), accepted=True, points=Decimal("56.5"), reason="Arrêté du 3 mars.")
    page = words(client.get(address("versions", displayed)))
    assert "Version 3" in page
    assert "Version 1" in page
    assert f"{row.place}, Ancienneté de service : 49 → 56,5 points." in page
    assert "Arrêté du 3 mars." in page


def test_a_version_is_read_line_by_line(client, displayed):
    page = words(client.get(address("version", displayed, number=displayed.number)))
    assert "149 points" in page
    assert "Aucun département de l'académie n'est demandé." in page
    assert "Non officiel." in page
    assert displayed.digest in page
    assert client.get(address("version", displayed, number=99)).status_code == 404


def test_the_number_of_queries_does_not_follow_the_versions(client, displayed, django_assert_max_num_queries):
    url = address("versions", displayed)
    with django_assert_max_num_queries(20) as before:
        client.get(url)
    for points in (50, 51, 52):
        row = contest(displayed.request.versions.latest("number"), at=None)
        answer_contest(contest=row, by=UserFactory(), accepted=True, points=Decimal(points), reason="Oui.")
    with django_assert_max_num_queries(len(before)):
        assert "Version 5" in words(client.get(url))


def test_the_pdf_of_a_version_is_tagged_and_stays_the_same(client, displayed):
    url = address("version_pdf", displayed, number=displayed.number)
    first = client.get(url)
    with pikepdf.open(io.BytesIO(first.content)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "fr"
    assert first.content == client.get(url).content


def test_a_line_is_contested_from_the_page_to_the_receipt(client, displayed, owner):
    page = client.get(address("contest", displayed))
    assert "ligne=echelon" in page.content.decode()
    assert "Ancienneté de service : 49 points." in words(page)
    document = proof_of_address(owner)
    told = typed(displayed, piece_preuve=[document.pk], points="56,5", etape="verifier")
    recap = client.post(address("contest", displayed), told)
    assert WHY in words(recap)
    assert str(document) in words(recap)
    assert not Contest.objects.exists()
    sent = client.post(address("contest", displayed), told | {"etape": "envoyer"}, follow=True)
    row = Contest.objects.get()
    assert (row.expected, row.reason) == (Decimal("56.5"), WHY)
    assert "Accusé de réception (PDF)" in words(sent)
    assert "non publié" in words(sent)


def test_going_back_keeps_what_was_typed(client, displayed):
    page = client.post(address("contest", displayed), typed(displayed, etape="modifier")).content.decode()
    assert WHY in page
    assert 'value="56"' in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("objet", "", "Dites ce que vous contestez"),
        ("objet", "absente", "Cette réponse n'est pas proposée pour cette ligne."),
        ("points", "beaucoup", "Écrivez les points en chiffres"),
        ("points", "-1", "Des points ne sont pas négatifs."),
        ("message", "", "Votre explication est vide"),
        ("message", "Trop.", "Votre explication est trop courte."),
        ("message", "x" * 2001, "2000 au plus"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, displayed, field, value, sentence):
    page = client.post(address("contest", displayed), typed(displayed, **{field: value}))
    assert page.status_code == 400
    assert sentence in words(page).replace("2 000", "2000")
    assert not Contest.objects.exists()


def test_a_line_already_contested_or_overtaken_is_told(client, displayed):
    contest(displayed, at=None)
    again = client.post(address("contest", displayed), typed(displayed))
    assert again.status_code == 409
    assert "Une contestation est déjà en cours sur cette ligne." in words(again)
    older = client.post(address("contest", displayed), typed(displayed, ligne="enfants") | {"version": "1"})
    assert older.status_code == 409
    assert WHY in older.content.decode()


def test_a_line_that_does_not_exist_is_not_found(client, displayed):
    assert client.get(address("contest", displayed), {"voeu": "Dijon", "ligne": "inventée"}).status_code == 404


def test_outside_the_window_nothing_is_sent(client, displayed, owner):
    with time_machine.travel(displayed.request.campaign.contest_until, tick=False):
        client.force_login(owner)
        page = client.post(address("contest", displayed), typed(displayed))
    assert page.status_code == 409
    assert "la période de contestation n'est pas ouverte" in words(page)
    assert not Contest.objects.exists()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.dictionaries(
        st.sampled_from(["voeu", "ligne", "version", "points", "message", "objet", "piece_preuve"]), st.text()
    )
)
def test_any_form_is_answered(client, displayed, told):
    assert client.post(address("contest", displayed), told).status_code in {200, 400, 404, 409}
