"""« Priorités légales et sociales »: the file first, points of what is typed, each refusal in its words (S52, S53)."""

import datetime as dt

import pytest

from mobility.models import Claims
from mobility.services.drafts import save_claims
from tests.career.web.pages import words
from tests.factories.mobility import FAMILY
from tests.mobility.web.sections import close, now, send_claims, send_voeux, typed, url

pytestmark = pytest.mark.django_db


def claims(one) -> Claims:
    return Claims.objects.get(request=one)


@pytest.mark.req("S52", "S61")
def test_the_page_tells_what_the_file_says_with_its_origin(client, mine):
    text = words(client.get(url("priorites", mine)))
    assert "Académie d'affectation Reims Source : SIAE Reims, transmis le" in text
    assert "Votre dossier : Mariage. Source : SIAE Reims" in text
    assert "transmis le 2 septembre 2026. diffère du dossier" not in text
    other = words(send_claims(client, mine, poste_years="9", acte="voir"))
    assert "Votre dossier : 6 ans. Source : SIAE Reims, transmis le 2 septembre 2026. diffère du dossier" in other


@pytest.mark.req("S52")
def test_what_is_saved_is_what_was_typed(client, mine):
    response = send_claims(
        client,
        mine,
        separation_active="2",
        boe="on",
        imposition_commune="oui",
        enfant_2="12/03/2022",
        cimm="Martinique",
    )
    assert response.status_code == 302
    assert response.url == f"{url('priorites', mine)}#points"
    saved = claims(mine)
    assert (saved.separation_active, saved.boe, saved.imposition_commune, saved.cimm) == (2, True, True, "Martinique")
    assert saved.children_birthdates == [dt.date(2020, 1, 9), dt.date(2022, 3, 12)]
    assert (saved.conjoint_commune, saved.conjoint_departement) == ("Dijon", "21")


@pytest.mark.req("S53")
@pytest.mark.parametrize(
    ("code", "commune", "shown"),
    [
        ("21000", "", "Dijon, Côte-d'Or, académie de Dijon"),
        ("21 000", "", "académie de Dijon"),
        ("21051", "", "Code CEDEX ou absent de la liste"),
        ("20090", "", "Corse-du-Sud, académie de Corse"),
        ("20200", "", "Haute-Corse, académie de Corse"),
        ("97410", "", "La Réunion, académie de La Réunion"),
        ("52100", "52045", "Haute-Marne, académie de Reims"),
        ("52100", "51478", "Marne, académie de Reims"),
    ],
)
def test_a_postal_code_gives_its_place_as_soon_as_it_is_typed(client, mine, code, commune, shown):
    before = now(mine).revision
    response = client.post(url("points", mine), typed(mine, conjoint_postal_code=code, commune=commune))
    assert response.status_code == 200
    assert shown in words(response)
    assert now(mine).revision == before
    assert claims(mine).conjoint_postal_code == "21000"


@pytest.mark.req("S53")
def test_the_points_follow_the_code(client, mine):
    near = words(client.post(url("points", mine), typed(mine)))
    assert "Votre vœu 1, Dijon 702,2 points" in near  # 42 + 170 + 150,2 + 100 + 190 + 50
    far = words(client.post(url("points", mine), typed(mine, conjoint_postal_code="06000")))
    assert "Rapprochement de conjoints" not in far
    assert "Le premier vœu doit être Nice" in far


@pytest.mark.req("S53")
@pytest.mark.parametrize(
    ("code", "field", "sentence"),
    [
        ("2100", "id_conjoint_postal_code", "« 2100 » n'est pas un code postal : il compte cinq chiffres"),
        ("abcde", "id_conjoint_postal_code", "n'est pas un code postal"),
        ("٢١٠٠٠", "id_conjoint_postal_code", "n'est pas un code postal"),
        ("00123", "id_conjoint_postal_code", "Aucun département français ne commence par « 00 »"),
        ("52100", "id_commune", "couvre plusieurs départements (Haute-Marne, Marne) : choisissez la commune"),
    ],
)
def test_a_code_that_is_no_place_is_told_at_its_field(client, mine, code, field, sentence):
    response = send_claims(client, mine, conjoint_postal_code=code)
    assert response.status_code == 400
    assert sentence in words(response)
    assert f'href="#{field}"' in response.content.decode()
    assert f'value="{code}"' in response.content.decode()
    assert claims(mine).conjoint_postal_code == "21000"
    assert "Rapprochement de conjoints : 150,2" not in words(response)  # no points for a place nobody knows


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"strategy": "rc,apc"}, "Une seule situation familiale est prise en compte"),
        ({"lien": "x"}, "Ce choix n'existe pas"),
        ({"lien_on": "31/02/2020"}, "Cette date n'existe pas"),
        ({"lien_on": "2030-01-01"}, "Cette date est à venir"),
        ({"enfant_1": "2030-01-01"}, "Cette date est à venir"),
        ({"separation_active": "1,5"}, "Ce nombre n'est pas entier"),
        ({"separation_active": "-1"}, "ne peut pas être négatif"),
        ({"poste_years": "99"}, "Ce nombre dépasse 45 ans"),
        ({"unborn_recognised_on": "2026-10-01"}, "porte sur un enfant attendu"),
        ({"conjoint_pays": "Belgique"}, "gardez le code postal, ou le pays"),
        ({"conjoint_pays": "x" * 61, "conjoint_postal_code": ""}, "dépasse 60 caractères"),
        ({"conjoint_pays": "B\x00", "conjoint_postal_code": ""}, "caractère nul"),
        ({"partner_voeux": "Dijon\nAtlantide"}, "« Atlantide » n'est pas un lieu de ce mouvement"),
    ],
)
def test_a_wrong_entry_has_its_sentence_and_loses_nothing(client, mine, changed, sentence):
    response = send_claims(client, mine, **{"separation_leave": "3", **changed})
    assert response.status_code == 400
    assert sentence in words(response)
    assert 'name="separation_leave" value="3"' in response.content.decode()
    assert claims(mine).separation_leave == 0


REFUSALS = {
    "rc_voeu1_absent": {"conjoint_postal_code": "06000"},
    "pacs_sans_imposition_commune": {"lien": "pacs", "imposition_commune": "non"},
    "lien_posterieur_au_31_08": {"lien_on": "2026-10-01"},
    "pacs_dissous": {"lien": "pacs", "imposition_commune": "oui", "dissolved_on": "2025-01-01"},
    "activite_trop_ancienne": {"activity": "chomage", "last_activity_end": "2020-01-01"},
    "pays_sans_frontiere_terrestre": {"conjoint_postal_code": "", "conjoint_pays": "Portugal", "frontalier": "64"},
    "teletravail_non_retenu": {"activity": "teletravail"},
    "reconnaissance_hors_delai": {
        "lien": "enfant", "unborn_expected_on": "2027-03-01", "unborn_recognised_on": "",
    },
    "statuts_incompatibles": {"strategy": "simultanee", "partner_kind": "stagiaire", "partner_voeux": "Dijon\nLyon\nNice"},
    "listes_differentes": {"strategy": "simultanee", "partner_kind": "titulaire", "partner_voeux": "Lyon"},
}  # fmt: skip
SENTENCES = {
    "rc_voeu1_absent": "Le premier vœu doit être",
    "pacs_sans_imposition_commune": "le PACS compte avec une imposition commune",
    "lien_posterieur_au_31_08": "est postérieure au",
    "pacs_dissous": "Le PACS est dissous",
    "activite_trop_ancienne": "La dernière activité du conjoint s'est terminée le",
    "pays_sans_frontiere_terrestre": "n'a pas de frontière terrestre",
    "teletravail_non_retenu": "lieu de télétravail n'est pas une résidence professionnelle",
    "reconnaissance_hors_delai": "doit être reconnue au plus tard le",
    "statuts_incompatibles": "réunit deux titulaires ou deux stagiaires",
    "listes_differentes": "suppose les mêmes vœux, dans le même ordre",
}


@pytest.mark.req("S52", "S54")
@pytest.mark.parametrize("code", REFUSALS)
def test_each_refusal_of_the_rules_is_told_in_its_words(client, mine, code):
    """Before it is saved, once it is, and in what is left to do before the confirmation."""
    assert SENTENCES[code] not in words(client.get(url("priorites", mine)))
    assert SENTENCES[code] in words(client.post(url("points", mine), typed(mine, **REFUSALS[code])))
    assert send_claims(client, mine, **REFUSALS[code]).status_code == 302
    assert SENTENCES[code] in words(client.get(url("priorites", mine)))
    assert SENTENCES[code] in words(client.get(url("recap", mine)))


@pytest.mark.req("S53", "E27")
def test_my_points_without_script_write_nothing(client, mine):
    before = now(mine).revision
    response = send_claims(client, mine, conjoint_postal_code="69001", acte="voir")
    assert response.status_code == 200
    assert "Le premier vœu doit être Lyon" in words(response)
    assert now(mine).revision == before


@pytest.mark.req("T15", "E24")
def test_two_tabs(client, mine):
    seen = now(mine).revision
    save_claims(request=mine, revision=seen, claims={**FAMILY, "separation_active": 3})
    response = send_claims(client, mine, separation_active="2", revision=seen)
    assert response.status_code == 409
    assert "Années séparées en activité : 3 (ici : 2)" in words(response)
    assert 'name="separation_active" value="2"' in response.content.decode()
    assert claims(mine).separation_active == 3


@pytest.mark.req("K2", "E24")
def test_a_closed_campaign_keeps_what_was_typed(client, mine):
    close(mine)
    response = send_claims(client, mine, separation_active="2")
    assert response.status_code == 409
    assert "La saisie de cette campagne est close" in words(response)
    assert 'name="separation_active" value="2"' in response.content.decode()


@pytest.mark.req("S52")
def test_the_département_of_the_file_counts_until_a_place_is_typed(client, mine):
    send_voeux(client, mine, voeu=["Dijon"])
    assert send_claims(client, mine, conjoint_postal_code="").status_code == 302
    assert claims(mine).conjoint_departement == "21"
    assert "Rapprochement de conjoints 150,2" in words(client.get(url("recap", mine)))


def test_a_conjoint_abroad(client, mine):
    response = send_claims(client, mine, conjoint_postal_code="", conjoint_pays="Belgique", frontalier="08")
    assert response.status_code == 302
    assert (claims(mine).conjoint_pays, claims(mine).conjoint_departement) == ("Belgique", "08")
    assert "Le premier vœu doit être Reims" in words(client.get(url("priorites", mine)))


def test_one_more_field_than_children(client, mine):
    births = {f"enfant_{number}": f"20{number + 9}-01-09" for number in range(1, 12)}
    assert send_claims(client, mine, **births).status_code == 302
    assert len(claims(mine).children_birthdates) == 11
    page = client.get(url("priorites", mine)).content.decode()
    assert 'name="enfant_12"' in page
    assert 'name="enfant_13"' not in page
