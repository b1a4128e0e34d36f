import datetime as dt
import uuid

import pytest
from django.urls import reverse

from career.enums import FactKind
from career.models import Tombstone
from career.selectors.history import KINDS, history
from tests.career.web.pages import titles, words
from tests.factories.accounts import UserFactory
from tests.factories.career import (
    AssignmentFactory,
    CareerStepFactory,
    DiplomaFactory,
    EstablishmentFactory,
    TrainingFactory,
    full_career,
)

pytestmark = pytest.mark.django_db
URL = "/ma-carriere/"
TITLES = {  # of full_career, by kind
    FactKind.STEP: "Professeur certifié, classe normale, 6e échelon",
    FactKind.ASSIGNMENT: "Reims",
    FactKind.EVALUATION: "Premier rendez-vous de carrière",
    FactKind.DIPLOMA: "Master MEEF second degré",
    FactKind.TRAINING: "Évaluer pour faire progresser",
    FactKind.SERVICE: "Service 2025-2026 validé",
    FactKind.ARRETE: "Avancement d'échelon",
    FactKind.FAMILY: "Mariage",
}


def listed(response) -> list[str]:
    """Facts of the history: the first title of the page is the present post."""
    return titles(response)[1:]


def test_anonymous_visitors_are_sent_to_the_sign_in_page(client):
    assert client.get(URL).status_code == 302


def test_an_account_without_file_gets_a_clear_404(client):
    client.force_login(UserFactory())
    response = client.get(URL)
    assert response.status_code == 404
    assert "Votre compte n'en a pas" in words(response)


@pytest.mark.req("S38")
def test_the_situation_is_shown_and_explained(client, teacher):
    text = words(client.get(URL))
    assert "Corps Professeur certifié Grade Classe normale Échelon 6e" in text
    assert "Indice majoré 497 points d'indice" in text
    assert "Traitement brut mensuel, à temps plein 2 446,62 € par mois" in text
    assert "497 points × 59,0734 € ÷ 12 = 2 446,62 €" in text
    assert "Décret n° 85-1148" in text
    assert "en vigueur depuis le 1er janvier 2024" in text
    assert "Source : Arrêté n° 2025-AR-0042 (SIAE Reims), transmis le 2 septembre 2026" in text


@pytest.mark.req("S08")
def test_facts_are_in_chronological_order_with_source_and_date(client, teacher):
    response = client.get(URL)
    days = [entry.on for entry in history(teacher).entries]
    assert days == sorted(days)
    assert len(listed(response)) == len(TITLES) == len(KINDS)
    assert listed(response)[0] == TITLES[FactKind.DIPLOMA]
    assert listed(response)[-1] == TITLES[FactKind.TRAINING]
    text = words(response)
    assert "Source : Scolarité Services · SIAE Reims, transmis le 2 septembre 2026" in text
    assert text.count("Source : ") == len(TITLES) + 3  # and the échelon, the post, the identity above and below


def test_the_newest_first_on_demand(client, teacher):
    assert listed(client.get(URL, {"ordre": "recent"})) == listed(client.get(URL))[::-1]


@pytest.mark.req("S38")
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_kept_alone(client, teacher, kind):
    response = client.get(URL, {"nature": str(kind)})
    assert len(listed(response)) == 1
    assert TITLES[kind] in listed(response)[0]
    assert "1 élément sur 8." in words(response)


def test_a_year_can_be_kept_alone_and_is_unfolded(client, teacher):
    response = client.get(URL, {"annee": "2016"})
    assert listed(response) == [TITLES[FactKind.DIPLOMA]]
    assert '<details class="year" open>' in response.content.decode()


def test_kind_and_year_combine(client, teacher):
    DiplomaFactory(agent=teacher, label="Licence d'histoire", awarded_on=dt.date(2014, 7, 1))
    assert listed(client.get(URL, {"nature": "diplome", "annee": "2014"})) == ["Licence d'histoire"]
    nothing = client.get(URL, {"nature": "famille", "annee": "2014"})
    assert "Aucun élément ne correspond à ces filtres" in words(nothing)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"nature": "licorne"}, "Cette nature d'élément n'existe pas. Choisissez-en une dans la liste."),
        ({"annee": "1812"}, "Aucun élément n'est daté de cette année. Choisissez-en une dans la liste."),
        ({"annee": "deux mille"}, "Aucun élément n'est daté de cette année. Choisissez-en une dans la liste."),
        ({"ordre": "zigzag"}, "Cet ordre n'existe pas. Choisissez-en un dans la liste."),
    ],
)
def test_a_wrong_filter_is_said_and_hides_nothing(client, teacher, query, sentence):
    response = client.get(URL, query)
    assert response.status_code == 400
    assert sentence in words(response)
    assert len(listed(response)) == len(TITLES)


def test_a_wrong_year_leaves_the_kind_at_work(client, teacher):
    response = client.get(URL, {"nature": "formation", "annee": "1812"})
    assert listed(response) == [TITLES[FactKind.TRAINING]]
    assert '<option value="formation" selected>' in response.content.decode()


def test_old_years_are_folded_until_asked_for(client, teacher):
    folded = client.get(URL).content.decode()
    assert folded.count('<details class="year" open>') == 2
    assert folded.count('<details class="year">') == 3
    unfolded = client.get(URL, {"deplier": "tout", "ordre": "recent"}).content.decode()
    assert unfolded.count('<details class="year">') == 0
    assert 'href="?ordre=recent#historique">Replier' in unfolded


def test_a_cancelled_fact_is_shown_apart_with_its_reason(client, teacher):
    teacher.diplomas.update(cancelled=True)
    Tombstone.objects.create(
        type="diploma.recorded",
        matricule=teacher.matricule,
        ref=teacher.diplomas.get().ref,
        seq=9000,
        event_id=uuid.uuid4(),
        time=dt.datetime(2026, 10, 1, 22, 30, tzinfo=dt.UTC),
        reason="Diplôme d'un homonyme",
    )
    response = client.get(URL)
    text = words(response)
    assert listed(response)[-1] == TITLES[FactKind.DIPLOMA]  # after every fact in force
    assert "Éléments annulés 1 élément, sans effet sur votre carrière" in text
    # 22:30 UTC is the next day in Paris, the only clock the reader knows.
    assert "Annulé par une rectification du 2 octobre 2026 : Diplôme d'un homonyme" in text
    assert "7 éléments, du plus ancien" in text


def test_posts_and_trainings_show_their_whole_period(client, teacher):
    AssignmentFactory(agent=teacher, starts_on=dt.date(2017, 9, 1), ends_on=dt.date(2021, 8, 31))
    TrainingFactory(agent=teacher, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 3))
    text = words(client.get(URL))
    assert "Du 1er septembre 2017 au 31 août 2021" in text
    assert "Depuis le 1er septembre 2021" in text
    assert "Du 1er mars 2026 au 3 mars 2026" in text


def test_facts_to_come_say_so(client, teacher):
    CareerStepFactory(agent=teacher, echelon=7, effective_on=dt.date(2027, 2, 10))
    assert "10 février 2027 à venir Échelon" in words(client.get(URL))


def test_texts_of_the_feed_are_escaped(client, teacher):
    DiplomaFactory(agent=teacher, label="<b>Master</b> & Cie", institution="Atelier <script>")
    html = client.get(URL + "?nature=diplome").content.decode()
    assert "&lt;b&gt;Master&lt;/b&gt; &amp; Cie" in html
    assert "<b>Master" not in html


def test_a_ref_of_any_shape_reaches_its_form(client, teacher):
    DiplomaFactory(agent=teacher, ref="a/b?c=d&e #é", label="Certification")
    page = client.get(URL, {"nature": "diplome"}).content.decode()
    link = next(part for part in page.split('href="') if "nouvelle" in part and "a%2Fb" in part).split('"')[0]
    response = client.get(link.replace("&amp;", "&"))
    assert response.status_code == 200
    assert "Certification" in words(response)


def test_nobody_sees_anyone_else(client, teacher):
    stranger = full_career(last_name="Vasseur", first_name="Côme")
    DiplomaFactory(agent=stranger, label="Doctorat de géologie")
    for page in (URL, URL + "cv/", URL + "ma-carriere.csv", "/"):
        assert "Doctorat de géologie" not in client.get(page).content.decode()


@pytest.mark.parametrize("page", ["career:history", "career:cv", "career:history_csv", "home:dashboard"])
def test_the_number_of_queries_does_not_grow(client, page, django_assert_max_num_queries):
    counts = []
    for more in (1, 12):
        agent = full_career()
        for n in range(more):
            CareerStepFactory(agent=agent, effective_on=f"20{10 + n}-09-01")
            TrainingFactory(agent=agent)
            AssignmentFactory(agent=agent, establishment=EstablishmentFactory())
        client.force_login(agent.user)
        with django_assert_max_num_queries(13 if page == "home:dashboard" else 15) as queries:
            assert client.get(reverse(page)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
