"""Gauge, what gains points, what does not, ordered criteria, liste d'aptitude: on the page (S41–S43, S82, E20, T6)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from career.domain import promotion_gauge
from career.domain.promotion_thresholds import Threshold, load_thresholds
from career.models import Evaluation, Training
from iprof.kernel.legal import LegalSource
from tests.career.web.pages import words
from tests.career.web.test_promotion import URL, placed
from tests.factories.career import CareerStepFactory, TrainingFactory

pytestmark = pytest.mark.django_db
TENTH = {"corps": "certifies", "grade": "classe_normale", "echelon": "10", "entree": "2025-03-01"}


@pytest.fixture
def threshold(monkeypatch):
    """165 points, as an académie that publishes its last promoted would write it."""
    one = Threshold("19", ("certifies",), 2026, 165, LegalSource("Bulletin académique n° 14"))
    none = load_thresholds()
    monkeypatch.setattr(promotion_gauge, "load_thresholds", lambda: replace(none, known=(one,)))


@pytest.mark.req("S42", "E20")
@pytest.mark.parametrize(
    ("appreciation", "state", "word", "icon"),
    [
        ("Satisfaisant", "below", "En dessous du seuil observé", "M12 2 1 21"),  # 145
        ("Tres_satisfaisant", "reached", "Au niveau du seuil observé, ou au-dessus", "m5 12 5 5"),  # 165
        ("Excellent", "reached", "Au niveau du seuil observé, ou au-dessus", "m5 12 5 5"),
    ],
)
def test_the_gauge_is_a_word_an_icon_and_figures(client, teacher, threshold, appreciation, state, word, icon):
    response = client.get(URL, {**TENTH, "appreciation": appreciation})
    page, text = response.content.decode(), words(response)
    assert f'class="gauge gauge--{state}"' in page
    assert word in text
    assert icon in page
    assert "points sur 305, seuil observé 165 (campagne 2026)." in text
    assert "probab" not in text.lower()
    assert "Les textes consultés ne publient aucun seuil" not in text


@pytest.mark.req("S42")
def test_near_the_threshold_is_orange_and_says_so(client, teacher, threshold):
    text = words(client.get(URL, {**TENTH, "appreciation": "Satisfaisant"}))
    assert "Proche du seuil observé" in text  # 155 in 2028
    assert "« Proche » commence 10 points au-dessous." in text


@pytest.mark.req("S42", "E20")
def test_without_threshold_the_gauge_judges_nothing(client, teacher):
    response = client.get(URL, {**TENTH, "appreciation": "Excellent"})
    assert 'class="gauge gauge--unknown"' in response.content.decode()
    assert "Seuil non publié" in words(response)
    for name in ("gauge__zone--below", "gauge__zone--near", "gauge__zone--reached"):
        assert name not in response.content.decode()


@pytest.mark.req("S43")
def test_what_would_gain_points_or_time(client, teacher):
    text = words(client.get(URL, {**TENTH, "entree": "2024-03-01", "appreciation": "Satisfaisant"}))
    gains = text[text.index("Ce qui ferait gagner") : text.index("Ce que vous ne pouvez pas changer")]
    assert "Une année de plus, de la campagne 2027 à la campagne 2028 10 points" in gains
    assert "Passage au 11e échelon 1er mars 2028" in gains
    assert "Appréciation « Excellent » 40 points" in gains
    assert "par une demande de révision, dans son délai" in gains
    assert "30 jours" in gains
    fixed = text[text.index("Ce que vous ne pouvez pas changer") :]
    assert "Ancienneté dans l'échelon comptée depuis le 1er mars 2024" in fixed
    assert "Appréciation revue à chaque campagne Non" in fixed


@pytest.mark.req("S43")
def test_the_best_appreciation_has_none_above(client, teacher):
    text = words(client.get(URL, {**TENTH, "appreciation": "Excellent"}))
    assert "Une appréciation plus élevée" not in text


@pytest.mark.req("S43")
def test_nothing_awaited_is_said(client, teacher):
    text = words(client.get(URL, {**TENTH, "grade": "hors_classe", "echelon": "7", "entree": "2021-09-01"}))
    assert "Rien n'est attendu d'ici la dernière campagne affichée" in text


@pytest.mark.req("S43")
def test_trainings_are_listed_without_points(client, teacher):
    Training.objects.filter(agent=teacher).delete()
    TrainingFactory(agent=teacher, label="Certification en français langue seconde", certifying=True, hours=Decimal(18))
    TrainingFactory(agent=teacher, label="Parcours numérique", origin="pix", hours=Decimal("4.5"))
    TrainingFactory(agent=teacher, label="Animation de bassin", hours=Decimal(3))
    text = words(client.get(URL, {**TENTH, "appreciation": "Excellent"}))
    trainings = text[text.index("Vos formations certifiantes") : text.index("Ce que vaut cette estimation")]
    assert "Points donnés par une formation 0 point" in trainings
    assert "une formation, même certifiante, n'y ajoute aucun point" in trainings
    assert "Certification en français langue seconde, 18 h, 18 novembre 2025" in trainings
    assert "Heures certifiées 18 heures" in trainings
    assert "Heures PIX 4,5 heures" in trainings
    assert "Animation de bassin" not in trainings


@pytest.mark.req("S41", "S82")
def test_the_classe_exceptionnelle_shows_ordered_criteria(client, teacher):
    placed(teacher, echelon=11, effective_on=dt.date(2017, 9, 1), ref="E-1")
    CareerStepFactory(agent=teacher, ref="E-2", grade="hors_classe", echelon=5, effective_on=dt.date(2022, 9, 1))
    CareerStepFactory(agent=teacher, ref="E-3", grade="hors_classe", echelon=6, effective_on=dt.date(2025, 9, 1))
    response = client.get(URL)
    text, page = words(response), response.content.decode()
    assert '<ol class="ranks">' in page
    order = [
        "Nombre d'avis très favorables non connu du portail",
        "Ancienneté dans le corps Entrée dans le corps : 1er septembre 2017",
        "Ancienneté dans la hors-classe Entrée dans le grade : 1er septembre 2022",
        "Échelon Échelon tenu : 6e",
        "Ancienneté dans l'échelon Début de l'ancienneté : 1er septembre 2025",
        "Âge Date de naissance : 12 mai 1984",
    ]
    assert [text.index(line) for line in order] == sorted(text.index(line) for line in order)
    assert "publiés par deux organisations syndicales" in text
    assert "vos avis pour la classe exceptionnelle, que le portail ne reçoit pas" in text
    assert "gauge" not in page
    assert "Points donnés par une formation" not in text


def test_a_situation_typed_borrows_only_what_it_shares(client, teacher):
    text = words(client.get(URL, {**TENTH, "corps": "pe", "grade": "hors_classe", "echelon": "6"}))
    assert "Ancienneté dans le corps non connu du portail" in text
    assert "Ancienneté dans la hors-classe non connu du portail" in text
    same = words(client.get(URL, {**TENTH, "grade": "hors_classe", "echelon": "6"}))
    assert "Entrée dans le corps : 10 février 2025" in same
    assert "Ancienneté dans la hors-classe non connu du portail" in same


@pytest.mark.req("S41")
def test_each_appreciation_has_its_row(client, teacher):
    text = words(client.get(URL, TENTH))
    assert "Excellent 185 points" in text
    assert "À consolider 135 points" in text
    assert "Une année de plus, de la campagne 2027 à la campagne 2028 10 points" in text
    Evaluation.objects.filter(agent=teacher).delete()
    assert "(3e rendez-vous de carrière, du " in words(client.get(URL))


@pytest.mark.parametrize(
    ("corps", "since", "said"),
    [
        ("certifies", dt.date(2017, 9, 1), "Candidature possible Oui"),
        ("certifies", dt.date(2021, 9, 1), "Première liste 2031"),
        ("agreges", dt.date(2010, 9, 1), ""),
        ("pe", dt.date(2010, 9, 1), ""),
    ],
)
def test_the_liste_d_aptitude_of_the_corps_concerned(client, teacher, corps, since, said):
    """Services known are those in the corps: ten years on 1 October of the list, at forty."""
    placed(teacher, corps=corps, echelon=6, effective_on=since, ref="E-1")
    CareerStepFactory(agent=teacher, ref="E-2", corps=corps, echelon=7, effective_on=dt.date(2026, 1, 1))
    text = words(client.get(URL))
    assert ("Devenir agrégé par la liste d'aptitude" in text) == bool(said)
    assert said in text


def test_an_echelon_that_does_not_exist_hides_the_advice_not_the_page(client, teacher):
    """The feed sent a 12th échelon: each figure says why it is missing, nothing is invented beside."""
    placed(teacher, echelon=12, effective_on=dt.date(2025, 3, 1))
    response = client.get(URL)
    assert response.status_code == 200
    assert "Le 12e échelon n'existe pas dans ce grade" in words(response)
    assert "Rien n'est attendu" in words(response)
