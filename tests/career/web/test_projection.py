"""« Ma projection »: stages with their reasons, the hypothesis of a bonification, chart, table, refusals (S39, S82, E19)."""

import datetime as dt
import io
import re
from html import unescape

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from career.forms_projection import ProjectionForm
from career.models import CareerStep, SavedScenario
from tests.career.web.pages import words
from tests.career.web.test_exports import rows
from tests.factories.accounts import UserFactory
from tests.factories.career import AgentFactory, CareerStepFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S39", "S77", "S82")]
VALUES = ["5", "10", "6", "8", "2027", "2028", "2036", "agreges", "80", "reunion", "on", ""]
URL, CSV = "/ma-carriere/projection/", "/ma-carriere/projection.csv"


@pytest.fixture
def fifth(teacher):
    """Certifié, 5e échelon since 1 September 2025: 6e on 1 March 2028."""
    CareerStep.objects.filter(agent=teacher).delete()
    CareerStepFactory(agent=teacher, echelon=5, effective_on=dt.date(2025, 9, 1))
    return teacher


def test_the_stages_are_told_with_their_reasons(client, fifth):
    text = words(client.get(URL))
    assert "du 24 novembre 2026 au 24 novembre 2031" in text
    assert "Une information, pas une promesse." in text
    assert "1er mars 2028 Pourquoi ? Passage au 6e échelon" in text
    assert "Entrée le 1er septembre 2025, plus 30 mois" in text
    assert "Professeur certifié, classe normale, 6e échelon" in text
    assert "Écart au terme" in text
    assert "8e échelon" not in text


@pytest.mark.parametrize(("query", "day"), [({}, None), ({"bonification": "6"}, "1er mars 2030")])
def test_a_bonification_is_a_second_scenario(client, fifth, query, day):
    response = client.get(URL, query | {"annees": "10"})
    text = words(response)
    assert "1er mars 2031" in text
    assert ("Ce que change mon scénario" in text) == bool(day)
    assert ("par bonification" in text) == bool(day)
    if day:
        assert day in text
        assert response.content.decode().count("chart__series--") == 2


@pytest.mark.req("E19")
def test_every_point_of_the_chart_is_in_the_table_and_can_be_reached(client, fifth):
    html = unescape(client.get(URL, {"annees": "10", "bonification": ["6", "8"]}).content.decode())
    points = re.findall(r'class="chart__point" tabindex="0" role="img" aria-label="([^"]+)"', html)
    found = rows(client.get(CSV, {"annees": "10", "bonification": ["6", "8"]}))
    assert len(points) == len(found) > 6
    for label, row in zip(points, found, strict=True):
        assert label.startswith(row["Scénario"])
        whole, cents = row["Brut mensuel"].split(",")
        assert f"{int(whole):,}".replace(",", "\u202f") + f",{cents}" in label


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"annees": "12"}, "Cette durée n'est pas proposée."),
        ({"bonification": "9"}, "Aucune bonification n'est possible à cet échelon"),
        ({"bonification": ["6", "²"]}, "Aucune bonification n'est possible à cet échelon"),
    ],
)
def test_a_wrong_hypothesis_is_told_and_the_projection_stays(client, fifth, query, said):
    response = client.get(URL, query)
    assert response.status_code == 400
    assert said in words(response)
    assert "Passage au 6e échelon" in words(response)


def test_what_cannot_be_projected_says_why(client, today):
    agent = AgentFactory()
    client.force_login(agent.user)
    assert "Votre échelon n'a pas encore été transmis" in words(client.get(URL))
    assert rows(client.get(CSV)) == []
    CareerStepFactory(agent=agent, corps="contractuels", grade="premiere_categorie", echelon=None)
    assert "Aucune grille nationale ne s'applique" in words(client.get(URL))
    agent.left_on, agent.left_reason = dt.date(2026, 9, 1), "mutation"
    agent.save()
    assert "Vous n'êtes plus affecté dans l'académie" in words(client.get(URL))


def test_the_last_echelon_stays_where_it_is(client, teacher):
    CareerStep.objects.filter(agent=teacher).delete()
    CareerStepFactory(agent=teacher, echelon=11, effective_on=dt.date(2020, 9, 1))
    assert "Aucun avancement automatique n'a lieu dans la période." in words(client.get(URL, {"annees": "10"}))


def test_each_sees_their_own_projection(client, fifth):
    client.force_login(full_career().user)
    assert client.get(URL).status_code == 200
    client.force_login(UserFactory(username="sansdossier"))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_the_query_count_does_not_grow(client, teacher, number, django_assert_num_queries):
    for n in range(number):
        CareerStepFactory(agent=teacher, ref=f"E-{n}", echelon=n + 1, effective_on=dt.date(2018 + n, 9, 1))
    with django_assert_num_queries(5):
        client.get(URL, {"annees": "10", "bonification": "8"})


@pytest.mark.req("S77")
def test_what_is_uncertain_is_told_with_its_assumptions(client, teacher):
    CareerStep.objects.filter(agent=teacher).delete()
    CareerStepFactory(agent=teacher, echelon=10, effective_on=dt.date(2025, 1, 1))
    text = words(client.get(URL, {"annees": "10"}))
    assert "Estimation indicative, jamais une promesse" in text
    assert "Passage à la hors-classe Entre le 1er septembre 2027 et le 1er septembre 2036" in text
    assert "Taux publié pour la campagne 2025, le dernier connu, supposé reconduit pour 2027 à 2036" in text
    assert "Taux de promotion à la hors-classe 23" in text
    assert "huit trajectoires sur dix au moins" in text


def test_nothing_uncertain_shows_no_forecast(client, today):
    agent = AgentFactory()
    CareerStepFactory(
        agent=agent, corps="instituteurs", grade="grade_unique", echelon=9, effective_on=dt.date(2024, 9, 1)
    )
    client.force_login(agent.user)
    assert "Ce qui est incertain" not in words(client.get(URL))


@pytest.mark.req("S09")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            {"concours": "agreges", "concours_rentree": "2028"},
            ["concours supposé", "Professeur agrégé, classe normale"],
        ),
        ({"quotite": "80", "quotite_rentree": "2027"}, ["rémunération supposée", "1er septembre 2027"]),
        ({"outre_mer": "reunion"}, ["rémunération supposée", "1er septembre 2027", "La Réunion"]),
        ({"reforme": "2027"}, ["un projet de texte qui n'est pas en vigueur"]),
        ({"formation": "on"}, ["Effet d'une formation sur les dates et l'indice Aucun"]),
    ],
)
def test_each_hypothesis_stands_beside_the_certain_path(client, fifth, query, said):
    response = client.get(URL, query | {"annees": "10"})
    assert response.status_code == 200
    text = words(response)
    for words_said in said:
        assert words_said in text
    assert ("Ce que change mon scénario" in text) == ("formation" not in query)


def test_a_promotion_the_law_does_not_allow_is_refused_at_its_field(client, fifth):
    response = client.get(URL, {"annees": "10", "hors_classe": "2028"})
    html, text = response.content.decode(), words(response)
    assert response.status_code == 400
    assert 'id="id_hors_classe-error"' in html
    assert "au moins 24 mois dans le 9e échelon" in text
    assert '<option value="2028" selected>' in html
    assert "Passage au 6e échelon" in text
    assert "Ce que change mon scénario" not in text  # nothing is left of it
    both = words(client.get(URL, {"annees": "10", "hors_classe": "2028", "bonification": "6"}))
    assert "au moins 24 mois dans le 9e échelon" in both
    assert "Ce que change mon scénario" in both


def test_a_year_beyond_the_period_supposes_nothing(client, fifth):
    """A competition of 2035 is not one of the next rentrée, neither typed nor in a scenario kept for ten years."""
    response = client.get(URL, {"concours": "agreges", "concours_rentree": "2035"})
    assert (response.status_code, "concours supposé" in words(response)) == (400, False)
    kept = SavedScenario.objects.create(
        agent=fifth, name="Loin", query="annees=10&concours=agreges&concours_rentree=2035"
    )
    assert "concours supposé" not in words(client.get(URL, {"annees": "5", "face": str(kept.public_id)}))
    assert "concours supposé" in words(client.get(URL, {"annees": "10", "face": str(kept.public_id)}))


@pytest.mark.req("S39")
def test_a_scenario_is_kept_compared_renamed_and_removed(client, fifth):
    kept = {"nom": "Bonif", "hypotheses": "annees=10&bonification=6"}
    response = client.post(f"{URL}scenarios/", kept, follow=True)
    assert "Votre scénario est enregistré." in words(response)
    scenario = SavedScenario.objects.get()
    assert (scenario.name, scenario.query) == ("Bonif", "annees=10&bonification=6")
    beside = words(client.get(URL, {"annees": "10", "face": str(scenario.public_id)}))
    assert "Bonif" in beside
    assert "12 mois plus tard" in beside
    page = f"{URL}scenarios/{scenario.public_id}/"
    assert "Le scénario a changé de nom." in words(client.post(page, {"nom": "Autre"}, follow=True))
    assert "est supprimé" in words(client.post(f"{page}supprimer/", follow=True))
    assert not SavedScenario.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Donnez un nom à ce scénario"),
        ("x" * 61, "gardez au plus 60 caractères (61 saisis)"),
        ("Pris", "déjà un scénario de ce nom"),
    ],
)
def test_a_wrong_name_is_told_and_nothing_typed_is_lost(client, fifth, name, said):
    SavedScenario.objects.create(agent=fifth, name="Pris", query="")
    response = client.post(f"{URL}scenarios/", {"nom": name, "hypotheses": "annees=10&bonification=6"})
    html = response.content.decode()
    assert response.status_code == 400
    assert said in words(response)
    assert f'value="{name}"' in html or not name
    assert "par bonification" in words(response)
    other = SavedScenario.objects.create(agent=fifth, name="Autre", query="")
    response = client.post(f"{URL}scenarios/{other.public_id}/", {"nom": name})
    assert (response.status_code, said in words(response)) == (400, True)


def test_no_more_than_twenty_are_kept(client, fifth):
    for number in range(20):
        SavedScenario.objects.create(agent=fifth, name=f"n{number}", query="")
    response = client.post(f"{URL}scenarios/", {"nom": "Un de trop", "hypotheses": ""})
    assert (response.status_code, SavedScenario.objects.count()) == (400, 20)
    assert "Vous avez déjà 20 scénarios enregistrés." in words(response)


@pytest.mark.parametrize("tampered", ["annees=99&bonification=6", "hors_classe=abc", "face=1", "\x00", "a" * 3000])
def test_tampered_hypotheses_keep_only_what_is_possible(client, fifth, tampered):
    client.post(f"{URL}scenarios/", {"nom": "Essai", "hypotheses": tampered})
    assert SavedScenario.objects.get().query in {"bonification=6", "annees=5"}


def test_the_document_is_tagged_and_says_what_the_page_says(client, fifth):
    response = client.get("/ma-carriere/projection.pdf", {"annees": "10", "bonification": "6"})
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(response.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert str(document.docinfo["/Title"]).startswith("Ma projection")
    assert client.get("/ma-carriere/projection.pdf", {"annees": "abc"}).status_code == 200


@settings(max_examples=30)
@given(
    query=st.dictionaries(
        st.sampled_from(sorted(ProjectionForm.base_fields)),
        st.lists(st.text(max_size=6) | st.sampled_from(VALUES), max_size=3),
    )
)
def test_any_query(client, teacher, query):
    query = {
        name: [value.replace("{", "").encode("utf-8", "replace").decode() for value in values]
        for name, values in query.items()
    }
    assert client.get(URL, query).status_code in {200, 400}
    assert client.get(CSV, query).status_code in {200, 400}


@pytest.mark.parametrize(
    "query",
    [{"quotite": "80"}, {"outre_mer": "reunion"}, {"quotite": "80", "quotite_rentree": "2028"}, {"annees": "7"}],
)
@pytest.mark.parametrize("page", [URL, CSV, "/ma-carriere/projection.pdf"])
def test_without_echelon_a_hypothesis_is_no_failure(client, today, query, page):
    agent = AgentFactory()
    client.force_login(agent.user)
    response = client.get(page, query)
    assert response.status_code == (400 if page == URL else 200)
    if page == URL:
        text = words(response)
        assert "Votre échelon n'a pas encore été transmis" in text
        assert "n'est pas proposé" in text


def test_without_anything_to_project_no_hypothesis_is_asked(client, today):
    agent = AgentFactory()
    CareerStepFactory(agent=agent, corps="contractuels", grade="premiere_categorie", echelon=None)
    client.force_login(agent.user)
    text = words(client.get(URL))
    assert "fixées par votre contrat" in text
    assert "Hypothèses" not in text


def test_the_mainland_is_no_post_overseas(client, fifth):
    page = client.get(URL)
    assert "La Réunion" in words(page)
    assert "Métropole" not in words(page)
    assert client.get(URL, {"outre_mer": "metropole"}).status_code == 400


def test_an_empty_duration_is_the_shortest(client, fifth):
    response = client.get(URL, {"annees": "", "bonification": "5"})
    assert "au 24 novembre 2031" in words(response)


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "\u200b\u2060", "\u202e \u202c"])
def test_a_name_nobody_can_read_is_refused(client, fifth, name):
    response = client.post("/ma-carriere/projection/scenarios/", {"hypotheses": "", "nom": name})
    assert response.status_code == 400
    assert re.search("Donnez un nom|caractère illisible", words(response))
    assert not SavedScenario.objects.exists()


def test_a_name_cannot_turn_the_page_around(client, fifth):
    client.post("/ma-carriere/projection/scenarios/", {"hypotheses": "", "nom": "Reims \u202esmieR"})
    assert SavedScenario.objects.get().name == "Reims smieR"


@pytest.mark.req("S77")
def test_what_may_not_come_says_how_likely_it_is(client, fifth):
    """7e échelon surely, with or without the bonification of the 6e; 8e before the end only with it, three times in ten."""
    CareerStep.objects.filter(agent=fifth).update(echelon=6, effective_on=dt.date(2026, 3, 1))
    text = words(client.get(URL)).partition("Quand ?")[2]
    assert "Passage au 7e échelon Entre le 1er mars 2028 et le 1er mars 2029 Pourquoi" in text
    assert "Passage au 8e échelon 1er mars 2031, dans 30 % des cas Pourquoi" in text
    assert not re.search(r"\d,0 %", text)
