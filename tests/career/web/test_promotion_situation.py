"""« Simuler une autre situation »: kept in the address, told from the file, refused with a sentence at its field (S41)."""

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from career.models import CareerStep, Evaluation
from tests.career.web.pages import words
from tests.career.web.test_promotion import URL, placed
from tests.factories.career import AgentFactory, CareerStepFactory, EvaluationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S41")]
TENTH = {"corps": "certifies", "grade": "classe_normale", "echelon": "10", "entree": "2025-03-01"}
TYPED = "Situation saisie, pas celle de votre dossier"


def field_error(response, name: str) -> str:
    found = re.search(rf'id="id_{name}-error">(.*?)</div>', response.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(1)).replace("&#x27;", "'").split()) if found else ""


def test_the_form_is_filled_from_the_file(client, teacher):
    placed(teacher, corps="plp", echelon=7, effective_on=dt.date(2025, 2, 10))
    page = client.get(URL).content.decode()
    assert '<option value="plp" selected>' in page
    assert '<option value="classe_normale" selected>' in page
    assert 'name="echelon" value="7"' in page
    assert 'name="entree" value="2025-02-10"' in page
    assert '<details class="fold">' in page
    assert TYPED not in page


def test_another_situation_is_told_from_the_file(client, teacher):
    response = client.get(URL, {**TENTH, "appreciation": "Excellent"})
    text = words(response)
    assert f"{TYPED} : Professeur certifié, classe normale, 10e échelon, depuis le 1er mars 2025." in text
    assert "Revenir à mon dossier" in text
    assert "145 + 40 = 185 points." in text
    assert "celle de votre dossier, transmise" not in text
    assert "L'appréciation est « Excellent », par hypothèse." in text
    assert "liste d'aptitude" not in text  # a situation typed says nothing of the services
    page = response.content.decode()
    assert 'name="entree" value="2025-03-01"' in page
    assert '<option value="Excellent" selected>' in page
    assert '<details class="fold" open>' in page


def test_what_the_file_already_says_is_no_other_situation(client, teacher):
    placed(teacher, echelon=10, effective_on=dt.date(2025, 3, 1), kept_days=0)
    assert TYPED not in words(client.get(URL, TENTH))
    assert TYPED not in words(client.get(URL, {**TENTH, "entree": "01/03/2025"}))
    assert TYPED in words(client.get(URL, {**TENTH, "entree": "2025-03-02"}))


def test_a_file_older_than_the_grid_is_offered_its_first_day(client, teacher):
    placed(teacher, echelon=11, effective_on=dt.date(2014, 9, 1))
    assert 'name="entree" value="2017-09-01"' in client.get(URL).content.decode()
    eleventh = {**TENTH, "echelon": "11", "entree": "2017-09-01"}
    assert TYPED not in words(client.get(URL, eleventh))


def test_a_situation_typed_takes_no_appreciation_by_itself(client, teacher):
    Evaluation.objects.filter(agent=teacher).update(kind="rdv_carriere_3", appreciation="Excellent")
    text = words(client.get(URL, TENTH))
    assert "135 à 185 points" in text
    assert "Pour en dire plus, il faudrait connaître : l'appréciation finale." in text


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        ({"echelon": "12"}, "echelon", "compte 11 échelons au 1er mars 2025 : le 12e n'existe pas. Saisissez un nombre de 1 à 11."),
        ({"grade": "hors_classe", "echelon": "7", "entree": "2020-09-01"}, "echelon", "compte 6 échelons au 1er septembre 2020"),
        ({"echelon": "12", "entree": ""}, "echelon", "compte 11 échelons au 24 novembre 2026"),
        ({"echelon": "0"}, "echelon", "Les échelons commencent à 1."),
        ({"echelon": "100"}, "echelon", "Aucun grade n'a autant d'échelons."),
        ({"echelon": "dixième"}, "echelon", "L'échelon s'écrit en chiffres"),
        ({"echelon": ""}, "echelon", "L'échelon manque"),
        ({"entree": "2026-11-25"}, "entree", "Le 25 novembre 2026 n'est pas encore passé"),
        ({"entree": "2017-08-31"}, "entree", "La grille de ce grade commence le 1er septembre 2017"),
        ({"entree": "2025-02-30"}, "entree", "Cette date n'existe pas."),
        ({"entree": ""}, "entree", "La date manque"),
        ({"grade": "grade_unique"}, "grade", "Le grade « grade unique » n'existe pas dans le corps choisi (professeurs certifiés)"),
        ({"grade": "inconnu"}, "grade", "Ce grade n'est pas proposé."),
        ({"grade": ""}, "grade", "Le grade manque"),
        ({"corps": "contractuels"}, "corps", "Ce corps n'est pas proposé."),
        ({"corps": ""}, "corps", "Le corps manque"),
        ({"echelon": "8", "appreciation": "Excellent"}, "appreciation", "le 3e rendez-vous de carrière, au 9e échelon, est dû du 1er septembre 2029 au 31 août 2030."),
        ({"echelon": "9", "entree": "2026-01-10", "appreciation": "Excellent"}, "appreciation", "est dû du 10 janvier 2027 au 9 janvier 2028."),
        ({"grade": "hors_classe", "echelon": "5", "appreciation": "Excellent"}, "appreciation", "L'appréciation ne sert qu'à l'accès à la hors-classe"),
    ],
)  # fmt: skip
def test_an_impossible_situation_is_told_at_its_field(client, teacher, change, name, said):
    typed = {**TENTH, **change}
    response = client.get(URL, typed)
    assert response.status_code == 400
    assert said in field_error(response, name)
    assert f'href="#id_{name}"' in response.content.decode()
    for key in ("echelon", "entree"):
        if typed[key]:
            assert f'name="{key}" value="{typed[key]}"' in response.content.decode()
    assert "Campagne 2027" in words(response)


def test_a_situation_refused_shows_that_of_the_file(client, teacher):
    text = words(client.get(URL, {**TENTH, "echelon": "12", "appreciation": "Excellent"}))
    assert "ce qui suit est celle de votre dossier" in text
    assert "185 points" not in text
    assert TYPED not in text


def test_an_appreciation_before_its_rendez_vous_is_refused_for_the_file_too(client, teacher):
    response = client.get(URL, {"appreciation": "Excellent"})
    assert response.status_code == 400
    assert "le 3e rendez-vous de carrière" in field_error(response, "appreciation")


def test_what_was_transmitted_is_never_refused(client, teacher):
    """An appréciation given by a campaign, before the third rendez-vous: the file is as it is."""
    Evaluation.objects.filter(agent=teacher).update(kind="campagne", appreciation="Satisfaisant")
    assert client.get(URL).status_code == 200
    assert client.get(URL, {"appreciation": "Satisfaisant"}).status_code == 200


@pytest.mark.parametrize("corps", ["instituteurs", "chaires_superieures"])
def test_a_corps_without_table_says_so_and_the_form_stays(client, teacher, corps):
    text = words(client.get(URL, {"corps": corps, "grade": "grade_unique", "echelon": "5", "entree": "2024-09-01"}))
    assert TYPED in text
    assert "Aucun grade ne suit le vôtre" in text
    assert "Simuler une autre situation" in text


def test_without_a_step_the_file_names_what_it_lacks_and_a_situation_can_be_typed(client, today):
    agent = AgentFactory()
    client.force_login(agent.user)
    text = words(client.get(URL))
    assert "il faudrait connaître : votre échelon et sa date d'effet." in text
    assert "145 + 40 = 185 points." in words(client.get(URL, {**TENTH, "appreciation": "Excellent"}))
    CareerStepFactory(agent=agent, corps="contractuels", grade="premiere_categorie", echelon=None)
    assert client.get(URL).status_code == 200
    CareerStep.objects.filter(agent=agent).update(corps="certifies", grade="inventé", echelon=3)
    assert client.get(URL).status_code == 200


def test_who_left_gets_no_form_result(client, teacher):
    teacher.left_on, teacher.left_reason = dt.date(2026, 9, 1), "retraite"
    teacher.save()
    text = words(client.get(URL, TENTH))
    assert "aucune campagne ne vous concerne" in text
    assert "Campagne 2027" not in text


@settings(max_examples=30)
@given(
    corps=st.sampled_from(["certifies", "agreges", "plp", "pe"]),
    grade=st.sampled_from(["classe_normale", "hors_classe", "classe_exceptionnelle"]),
    echelon=st.integers(1, 12),
    since=st.dates(dt.date(2017, 9, 1), dt.date(2026, 11, 24)),
)
def test_every_possible_situation_is_answered(client, teacher, corps, grade, echelon, since):
    response = client.get(URL, {"corps": corps, "grade": grade, "echelon": str(echelon), "entree": since.isoformat()})
    refused = "échelons au" in field_error(response, "echelon")
    assert response.status_code == (400 if refused else 200)
    assert (TYPED in words(response)) == (not refused)


@pytest.mark.parametrize("rows", [1, 4])
def test_the_query_count_is_that_of_the_file(client, teacher, rows, django_assert_num_queries):
    for n in range(rows):
        EvaluationFactory(agent=teacher, ref=f"V-{n}", kind="campagne", appreciation="Satisfaisant")
    with django_assert_num_queries(6):
        client.get(URL, {**TENTH, "appreciation": "Excellent"})
