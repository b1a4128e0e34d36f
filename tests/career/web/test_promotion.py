"""« Promotion de grade »: two campaigns, the barème as the law gives it, what is not published said so (S41, S82, E20)."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from career.models import CareerStep, Evaluation
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.career import AgentFactory, CareerStepFactory, EvaluationFactory, TrainingFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S41", "S82")]
URL = "/ma-carriere/promotion/"


def placed(agent, **step):
    CareerStep.objects.filter(agent=agent).delete()
    CareerStepFactory(agent=agent, **step)
    return agent


@pytest.fixture
def tenth(teacher):
    """Certifié, 10e échelon since 1 March 2025, « Excellent » at the third rendez-vous."""
    Evaluation.objects.filter(agent=teacher).delete()
    EvaluationFactory(
        agent=teacher, ref="RDV-3", kind="rdv_carriere_3", appreciation="Excellent", held_on=dt.date(2023, 3, 1)
    )
    return placed(teacher, echelon=10, effective_on=dt.date(2025, 3, 1))


def test_the_next_two_campaigns_with_their_points(client, tenth):
    text = words(client.get(URL))
    assert "vers la hors-classe" in text
    assert "Campagne 2027 Situation observée au 31 août 2027, effet au 1er septembre 2027." in text
    assert "Campagne 2028" in text
    assert "Campagne 2029" not in text
    # 10e since 1 March 2025: two full years in 2027 (40 points), three in 2028 (50 points), and 145 for « Excellent »
    assert "145 + 40 = 185 points." in text
    assert "145 + 50 = 195 points." in text
    assert "Cette appréciation est celle de votre dossier" in text


def test_another_appreciation_can_be_supposed_and_says_so(client, tenth):
    text = words(client.get(URL, {"appreciation": "Satisfaisant"}))
    assert "105 + 40 = 145 points." in text
    assert "Ce n'est pas celle de votre dossier" in text
    assert 'value="Satisfaisant" selected' in client.get(URL, {"appreciation": "Satisfaisant"}).content.decode()


@pytest.mark.parametrize("kind", ["rdv_carriere_1", "rdv_carriere_2", "inspection"])
def test_an_earlier_appraisal_gives_no_appreciation(client, tenth, kind):
    Evaluation.objects.filter(agent=tenth).update(kind=kind)
    text = words(client.get(URL))
    assert "Aucune appréciation n'a encore été transmise" in text
    assert "Il manque « appréciation finale »" in text
    assert "Promouvable Oui" in text


@pytest.mark.req("E20")
def test_no_threshold_nor_rate_is_invented(client, tenth):
    text = words(client.get(URL))
    assert "Les textes consultés ne publient aucun seuil de points" in text
    assert "Le taux de promotion de la campagne 2027 n'est pas publié" in text
    assert "Dernier taux connu (campagne 2025) 23 % des promouvables" in text
    assert "185 points sur 305, seuil non publié." in text
    assert "estimation indicative" in text
    assert "probab" not in text.lower()


def test_the_place_and_the_gain_if_promoted(client, tenth):
    """10e with 30 months on 1 September 2027: 4e of the hors-classe (720), the published row of the reclassement."""
    text = words(client.get(URL))
    assert "Si vous étiez promu Professeur certifié, hors-classe, 4e échelon" in text
    assert "Gain brut mensuel" in text


def test_the_classe_exceptionnelle_has_no_points(client, teacher):
    placed(teacher, grade="hors_classe", echelon=6, effective_on=dt.date(2026, 3, 1))
    text = words(client.get(URL))
    assert "vers la classe exceptionnelle" in text
    assert "ne se fait plus à points" in text
    assert "Barème" not in text.replace("Aucun barème", "")
    assert "Promouvable Oui" in text
    assert "seuil" not in text.lower()


def test_who_is_too_early_is_told_the_first_campaign(client, teacher):
    placed(teacher, echelon=8, effective_on=dt.date(2025, 9, 1))
    text = words(client.get(URL))
    assert "Promouvable Non Au 31 août 2027, l'échelon demandé n'est pas atteint." in text
    assert "Première campagne 2031" in text
    assert "Barème Aucun point Le barème ne donne pas de points pour un an dans le 8e échelon" in text
    assert "Si vous étiez promu" not in text


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"grade": "classe_exceptionnelle", "echelon": 2}, "Aucun grade ne suit le vôtre"),
        ({"corps": "contractuels", "grade": "premiere_categorie", "echelon": None}, "Aucun grade ne suit le vôtre"),
        ({"corps": "instituteurs", "grade": "grade_unique", "echelon": 11}, "Aucun grade ne suit le vôtre"),
    ],
)
def test_whom_no_campaign_concerns_is_told_why(client, teacher, step, said):
    placed(teacher, **step)
    assert said in words(client.get(URL))


def test_without_step_or_gone_nothing_is_simulated(client, today):
    agent = AgentFactory()
    client.force_login(agent.user)
    assert "Votre échelon n'a pas encore été transmis" in words(client.get(URL))
    agent.left_on, agent.left_reason = dt.date(2026, 9, 1), "retraite"
    agent.save()
    assert "aucune campagne ne vous concerne" in words(client.get(URL))


def test_a_wrong_appreciation_is_told_and_the_campaigns_stay(client, tenth):
    response = client.get(URL, {"appreciation": "Génial"})
    assert response.status_code == 400
    assert "Cette appréciation n'existe pas." in words(response)
    assert "145 + 40 = 185 points." in words(response)


def test_each_sees_their_own(client, tenth):
    client.force_login(full_career().user)
    assert "185 points" not in words(client.get(URL))
    client.force_login(UserFactory(username="sansdossier"))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("number", [1, 5])
def test_the_query_count_does_not_grow(client, teacher, number, django_assert_num_queries):
    for n in range(number):
        TrainingFactory(agent=teacher, ref=f"T-{n}", certifying=True)
        CareerStepFactory(agent=teacher, ref=f"E-{n}", echelon=n + 5, effective_on=dt.date(2018 + n, 9, 1))
        EvaluationFactory(agent=teacher, ref=f"V-{n}", kind="campagne", appreciation="Satisfaisant")
    with django_assert_num_queries(6):
        client.get(URL)


@settings(max_examples=20)
@given(text=st.text(max_size=30))
def test_any_appreciation(client, tenth, text):
    text = text.replace("{", "").encode("utf-8", "replace").decode()
    assert client.get(URL, {"appreciation": text}).status_code in {200, 400}


def test_each_appreciation_is_told_under_its_campaign(client, teacher):
    """9e since 1 February 2026: no points in 2027, where one full year is short of the plage d'appel, some in 2028."""
    Evaluation.objects.filter(agent=teacher).delete()
    placed(teacher, echelon=9, effective_on=dt.date(2026, 2, 1))
    table = html.fromstring(client.get(URL).content.decode()).xpath("//section[@aria-labelledby='levels-title']//tr")
    years = [head.text_content().removeprefix("Campagne ") for head in table[0].xpath("th")][1:]
    assert years == ["2027", "2028"]
    for row in table[1:]:
        cells = row.xpath("td")
        assert [cell.get("data-label").removeprefix("Campagne ") for cell in cells] == years
        assert cells[0].text_content().startswith("Aucun point")
        assert "points" in cells[1].text_content()
