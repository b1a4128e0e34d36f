"""« Dispositifs spécifiques »: list, page with its guide, application from draft to receipt (S58, S59, S80, S81)."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from documents.selectors.receipts import receipts_of
from iprof.correspondence.models import Alert
from mobility.domain.scheme_states import SchemeAct
from mobility.domain.schemes import schemes
from mobility.models import SchemeApplication, SchemeEvent, SchemeGuide
from mobility.services.scheme_campaigns import write_guide
from mobility.services.scheme_decisions import decide_application
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.schemes import ANSWERS, application_draft, cv_of, scheme_campaign, sent_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(teacher):
    """A teacher of the Marne, of the second degré, signed in."""
    return teacher


def page(name: str, **args) -> str:
    return reverse(f"mobility:{name}", kwargs=args)


def typed(row: SchemeApplication, **changed: str) -> dict[str, object]:
    answers = {f"champ_{code}": value for code, value in ANSWERS[row.campaign.scheme].items()}
    return {"revision": row.revision, "etape": "garder", **answers, **changed}


@pytest.mark.req("S58", "S81")
def test_the_list_tells_what_who_when_and_whether_open(client, owner):
    scheme_campaign()
    told = words(client.get(page("scheme_list")))
    for label in (
        "Nouvelle-Calédonie",
        "Détachement dans une organisation internationale",
        "Poste Appear",
        "Passerelle Move4Monde",
    ):
        assert label in told
    assert "Ouvert" in told
    assert "Dates de l'année : non publié" in told
    assert "Exeat" not in told  # of the first degré only


@pytest.mark.req("S58", "S81")
def test_the_names_given_by_the_brief_are_settings(client, owner, settings):
    settings.MOVE4MONDE_LABEL, settings.APPEAR_LABEL = "Guichet monde", "Poste pilote"
    told = words(client.get(page("scheme_list")))
    assert "Guichet monde" in told
    assert "Poste pilote" in told
    assert "Move4Monde" not in told
    assert "cahier des charges" in words(client.get(page("scheme", code="move4monde")))


@pytest.mark.parametrize("code", list(schemes()))
def test_every_scheme_has_its_page_with_its_sources_and_what_is_not_published(client, owner, code):
    response = client.get(page("scheme", code=code))
    assert response.status_code == 200
    assert "non publié" in words(response)
    assert b'<aside class="card" id="guide"' in response.content


@pytest.mark.req("S59")
def test_the_guide_of_one_s_dsden_replaces_that_of_the_academie_which_replaces_the_first_text(client, owner):
    where = page("scheme", code="nouvelle_caledonie")
    assert "Texte de départ du portail" in words(client.get(where))
    by = UserFactory(username="dsden")
    for place, text in (("", "Guide de l'académie"), ("51", "Guide de la Marne"), ("08", "Guide des Ardennes")):
        write_guide(guide=SchemeGuide(scheme="nouvelle_caledonie", departement=place, text=text), by=by)
    write_guide(guide=SchemeGuide(scheme="nouvelle_caledonie", departement="51", text="Guide revu"), by=by)
    response = client.get(where)
    told = words(response)
    assert "Guide revu" in told
    assert "Version 2, écrite par Maëlle Durand pour la DSDEN : Marne" in told
    assert "Guide de la Marne" not in told
    assert 'href="#guide"' in response.content.decode()


def test_a_scheme_that_is_not_open_begins_nothing(client, owner):
    scheme_campaign(opens_at=timezone.now() + dt.timedelta(1))
    response = client.post(page("scheme_begin", code="nouvelle_caledonie"))
    assert response.status_code == 409
    assert "n'est pas ouvert" in words(response)
    assert not SchemeApplication.objects.exists()
    assert client.post(page("scheme_begin", code="inconnu")).status_code == 404


def test_a_scheme_of_the_other_degree_begins_nothing(client, owner):
    scheme_campaign("exeat_ineat")
    assert client.post(page("scheme_begin", code="exeat_ineat")).status_code == 409


@pytest.mark.req("S58")
def test_from_the_first_page_to_the_receipt(client, owner):
    scheme_campaign()
    where = page("scheme_begin", code="nouvelle_caledonie")
    first, second = client.post(where), client.post(where)
    assert first.url == second.url
    row = SchemeApplication.objects.get()
    assert client.post(row.get_absolute_url(), typed(row, champ_motivation="")).status_code == 302
    recap = page("scheme_recap", public_id=row.public_id)
    assert "« Vos raisons et votre projet » est vide" in words(client.get(recap))
    row.refresh_from_db()
    chosen = {"piece_cv": [str(cv_of(owner).pk)]}
    assert client.post(row.get_absolute_url(), typed(row, etape="relire") | chosen).url == recap
    row.refresh_from_db()
    assert "Enseigner à Nouméa" in words(client.get(recap))
    assert client.post(recap, {"revision": row.revision}).status_code == 400
    sending = {"revision": row.revision, "accord": "oui"}
    assert client.post(recap, sending).url == row.get_absolute_url()
    assert client.post(recap, sending).url == row.get_absolute_url()  # a double click sends once
    told = words(client.get(row.get_absolute_url()))
    receipt = receipts_of(owner).get(kind="dispositif")
    assert receipt.code in told
    assert "Chef d'établissement : Attendu" in told
    assert list(SchemeEvent.objects.values_list("act", flat=True)) == ["envoyer"]
    assert Alert.objects.filter(user=owner, cause__startswith="candidature:").count() == 1


@pytest.mark.req("S80", "S81")
def test_a_local_contract_abroad_is_asked_by_the_one_procedure(client, owner):
    row = sent_application(owner, scheme_campaign("move4monde"))
    told = words(client.get(row.get_absolute_url()))
    assert "Lycée français de Mexico" in told
    assert "Contrat local" in told


def test_a_missing_piece_stops_the_sending_and_loses_nothing(client, owner):
    row = application_draft(owner)
    row.chosen_pieces.all().delete()
    recap = page("scheme_recap", public_id=row.public_id)
    assert "Pièce à joindre : Curriculum vitae" in words(client.get(recap))
    response = client.post(recap, {"revision": row.revision, "accord": "oui"})
    assert response.status_code == 400
    assert "Enseigner à Nouméa" in response.content.decode()
    row.refresh_from_db()
    assert row.state == "brouillon"


def test_two_tabs_see_both_texts(client, owner):
    row = application_draft(owner)
    stale = typed(row, champ_motivation="Écrit dans le second onglet")
    assert client.post(row.get_absolute_url(), typed(row, champ_motivation="Écrit dans le premier")).status_code == 302
    response = client.post(row.get_absolute_url(), stale)
    assert response.status_code == 409
    told = words(response)
    assert "Écrit dans le premier" in told
    assert "Écrit dans le second onglet" in told
    row.refresh_from_db()
    assert row.answers["motivation"] == "Écrit dans le premier"
    assert client.post(row.get_absolute_url(), stale | {"revision": row.revision}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("champ_depart", "demain", "Cette date n'est pas comprise"),
        ("champ_accompagnants", "beaucoup", "Écrivez un nombre entier de 0 à 99"),
        ("champ_accompagnants", "-3", "Écrivez un nombre entier de 0 à 99"),
        ("champ_sejour", "peut-etre", "ne fait pas partie de la liste"),
        ("champ_motivation", "x" * 4001, "Raccourcissez-la"),
        ("piece_cv", "0b8e1c7e-5d5e-4c0c-8f6a-2f6f0a1b2c3d", "plus disponible"),
    ],
)
def test_what_is_typed_wrong_is_told_at_its_field_and_kept(client, owner, field, value, sentence):
    row = application_draft(owner)
    response = client.post(row.get_absolute_url(), typed(row) | {field: value})
    assert response.status_code == 400
    assert sentence in words(response)
    assert "Enseigner à Nouméa" in response.content.decode() or field == "champ_motivation"
    row.refresh_from_db()
    assert row.answers["motivation"] == "Enseigner à Nouméa"


@pytest.mark.parametrize("revision", ["", "abc", "-4", "9" * 30, "１"])
def test_an_odd_revision_writes_nothing(client, owner, revision):
    row = application_draft(owner)
    assert client.post(row.get_absolute_url(), typed(row, revision=revision)).status_code == 409


def test_after_the_closing_nothing_is_written_and_what_was_typed_stays(client, owner):
    row = application_draft(owner)
    with time_machine.travel(row.campaign.closes_at, tick=False):
        client.force_login(owner)
        response = client.post(row.get_absolute_url(), typed(row, champ_motivation="Trop tard"))
        assert response.status_code == 409
        assert "Trop tard" in response.content.decode()
        recap = page("scheme_recap", public_id=row.public_id)
        assert client.post(recap, {"revision": row.revision, "accord": "oui"}).status_code == 409


def test_a_withdrawn_application_is_taken_up_and_sent_again(client, owner):
    row = sent_application(owner)
    withdraw = page("scheme_withdraw", public_id=row.public_id)
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"motif": "Autre projet"}).url == row.get_absolute_url()
    assert client.post(withdraw).status_code == 302  # asked twice
    assert receipts_of(owner).filter(kind="retrait").count() == 1
    assert "Autre projet" in words(client.get(row.get_absolute_url()))
    assert client.post(page("scheme_reopen", public_id=row.public_id)).status_code == 302
    row.refresh_from_db()
    assert row.state == "brouillon"
    client.post(page("scheme_recap", public_id=row.public_id), {"revision": row.revision, "accord": "oui"})
    row.refresh_from_db()
    assert (row.state, row.sending) == ("envoyee", 2)


def test_a_decided_application_is_not_withdrawn(client, owner):
    row = sent_application(owner, scheme_campaign("move4monde"))
    decide_application(application=row, act=SchemeAct.ACCEPT, reason="Profil retenu", by=UserFactory(username="bureau"))
    response = client.post(page("scheme_withdraw", public_id=row.public_id))
    assert response.status_code == 409
    assert client.post(page("scheme_reopen", public_id=row.public_id)).status_code == 302
    told = words(client.get(row.get_absolute_url()))
    assert "Candidature retenue" in told
    assert "Profil retenu" in told


def test_what_was_sent_is_no_more_a_form(client, owner):
    row = sent_application(owner)
    assert client.post(row.get_absolute_url(), typed(row)).status_code == 409
    assert client.get(page("scheme_recap", public_id=row.public_id)).status_code == 302


@pytest.mark.parametrize("name", ["scheme_application", "scheme_recap", "scheme_withdraw"])
def test_that_of_another_does_not_exist(client, owner, name):
    row = application_draft(UserFactory(username="autre"))
    assert client.get(page(name, public_id=row.public_id)).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_openings(client, owner, django_assert_max_num_queries):
    client.get(page("scheme_list"))
    for year in range(2020, 2040):
        scheme_campaign(year=year)
    with django_assert_max_num_queries(16):
        client.get(page("scheme_list"))
