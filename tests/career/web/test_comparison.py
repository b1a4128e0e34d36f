"""« Comparaison »: means of the académie from the loaded data, small groups kept secret, nothing invented (S47, E19)."""

import csv
import datetime as dt
import html
import io
import re

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from career.models import Agent, CareerStep, FeedRun
from tests.career.web.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.career import AgentFactory, CareerStepFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S47")]
URL, CSV = "/ma-carriere/comparaison/", "/ma-carriere/comparaison.csv"
SECRET = "Moins de 5 personnes : non affiché."
COMPLEMENT = "Non affiché : avec les autres échelons"
AGREGE_5 = {"corps": "agreges", "grade": "classe_normale", "echelon": "5"}


def colleagues(number: int, *, since: dt.date, **step) -> list[Agent]:
    """Agents without account who stand on one step since a day."""
    agents = AgentFactory.create_batch(number, user=None)
    for agent in agents:
        CareerStepFactory(agent=agent, effective_on=since, **step)
    return agents


def means(response) -> dict[str, str]:
    """Name of each line of the tables → what it says first."""
    found = {}
    for line in response.content.decode().split("<tr")[1:]:
        cells = line.split("</th>")
        if 'scope="row"' in line:
            name = words_of(cells[0].split(">", 2)[2])
            found[name] = words_of(cells[1].split("<details")[0].split(">", 1)[1])
    return found


def words_of(source: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).replace("\u202f", " ").split())


def test_the_teacher_beside_the_three_perimeters(client, teacher):
    """The teacher is certifié since 10 February 2025: 652 days; five colleagues since 1 September 2016: 3736 days."""
    colleagues(5, since=dt.date(2016, 9, 1), echelon=6)
    response = client.get(URL)
    lines = means(response)
    assert lines["Vous"] == "1,8 an"
    assert lines["Académie de Reims"] == "8,8 ans"  # (652 + 5 × 3736) / 6 = 3222 days
    assert lines["Région académique Grand Est"].startswith("non publié Aucune moyenne n'est publiée")
    assert lines["France"].startswith("non publié")
    text = words(response)
    assert "Écart avec la moyenne académique −7,0 ans 1,8 − 8,8 = −7,0 ans : de moins que la moyenne." in text
    assert "Personnes du groupe : au moins 5" in text
    assert "6e échelon (le vôtre)" in lines


@pytest.mark.req("E19", "E18")
def test_the_chart_tells_what_the_table_tells(client, teacher):
    colleagues(5, since=dt.date(2016, 9, 1), echelon=6)
    source = client.get(URL).content.decode().replace("\u202f", " ")
    svg = source[source.index('<svg class="chart chart--bars"') : source.index("</svg>", source.index("chart--bars"))]
    assert 'role="img" aria-labelledby="bars-title bars-told"' in svg
    assert "Vous : 1,8 an, Académie de Reims : 8,8 ans, Région académique Grand Est : non publié" in svg
    assert svg.count("chart__bar--own") == 1
    assert svg.count('fill="url(#bars-hatch)"') == 1  # what is not published has no bar


def test_an_agrege_of_the_fifth_echelon(client, teacher):
    colleagues(6, corps="agreges", echelon=5, since=dt.date(2022, 11, 24))
    colleagues(7, corps="agreges", echelon=9, since=dt.date(2012, 11, 24))
    response = client.get(URL, AGREGE_5)
    lines = means(response)
    assert "Professeurs agrégés, classe normale, 5e échelon" in words(response)
    assert lines["Académie de Reims"] == "4,0 ans"
    assert lines["9e échelon"] == "14,0 ans"
    assert "Vous" not in lines
    assert means(client.get(URL, AGREGE_5 | {"echelon": "tous"}))["Académie de Reims"] == "9,4 ans"


def test_only_the_perimeter_asked_for(client, teacher):
    lines = means(client.get(URL, {"perimetre": "national"}))
    assert "France" in lines
    assert "Académie de Reims" not in lines
    assert "Région académique Grand Est" not in lines


def test_under_five_persons_nothing_is_shown(client, teacher):
    colleagues(4, corps="agreges", echelon=5, since=dt.date(2022, 11, 24))
    lines = means(client.get(URL, AGREGE_5))
    assert lines["Académie de Reims"] == lines["5e échelon"] == SECRET
    assert "au moins" not in words(client.get(URL, AGREGE_5))
    colleagues(1, corps="agreges", echelon=5, since=dt.date(2022, 11, 24))
    Agent.objects.filter(user=None).first().steps.update(cancelled=True)
    assert means(client.get(URL, AGREGE_5))["Académie de Reims"].startswith(("Moins de 5", "Non affiché"))


def test_a_hidden_echelon_cannot_be_found_by_subtraction(client, teacher):
    """Two agents at the 5th: with the mean of the grade and the other échelons, theirs would follow."""
    colleagues(2, corps="agreges", echelon=5, since=dt.date(2024, 11, 24))
    colleagues(6, corps="agreges", echelon=7, since=dt.date(2020, 11, 24))
    colleagues(9, corps="agreges", echelon=8, since=dt.date(2016, 11, 24))
    lines = means(client.get(URL, AGREGE_5 | {"echelon": "tous"}))
    assert lines["Académie de Reims"] == "7,6 ans"  # (2 × 2 + 6 × 6 + 9 × 10) / 17
    assert lines["8e échelon"] == "10,0 ans"
    assert lines["5e échelon"] == SECRET
    assert lines["7e échelon"].startswith(COMPLEMENT)
    assert means(client.get(URL, AGREGE_5 | {"echelon": "7"}))["Académie de Reims"].startswith(
        ("Moins de 5", "Non affiché")
    )


def test_who_counts(client, teacher):
    """Neither who left, nor who has not come, nor a step withdrawn or to come; the grade counts from its first step."""
    colleagues(5, corps="agreges", echelon=5, since=dt.date(2022, 11, 24))
    gone, later, withdrawn, coming = colleagues(4, corps="agreges", echelon=5, since=dt.date(2000, 11, 24))
    Agent.objects.filter(pk=gone.pk).update(left_on=dt.date(2026, 11, 24), left_reason="retraite")
    Agent.objects.filter(pk=later.pk).update(entered_on=dt.date(2026, 11, 25))
    withdrawn.steps.update(cancelled=True)
    coming.steps.update(effective_on=dt.date(2026, 11, 25))
    assert means(client.get(URL, AGREGE_5))["Académie de Reims"] == "4,0 ans"


def test_the_seniority_starts_with_the_first_step_of_the_grade(client, teacher):
    for agent in colleagues(5, corps="agreges", echelon=5, since=dt.date(2024, 11, 24)):
        CareerStepFactory(agent=agent, corps="agreges", echelon=4, effective_on=dt.date(2020, 11, 24))
        CareerStepFactory(agent=agent, corps="certifies", echelon=4, effective_on=dt.date(2010, 11, 24))
    assert means(client.get(URL, AGREGE_5))["Académie de Reims"] == "6,0 ans"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"corps": "licorne"}, "Ce corps n'existe pas."),
        (
            {"grade": "grade_unique"},
            "Ce grade n'existe pas dans ce corps. Choisissez parmi : classe normale, hors-classe",
        ),
        ({"corps": "agreges", "grade": "hors_classe", "echelon": "7"}, "Cet échelon n'existe pas dans ce grade."),
        ({"echelon": "99"}, "Cet échelon n'existe pas. Choisissez-en un dans la liste."),
        ({"perimetre": "monde"}, "Ce périmètre n'existe pas."),
    ],
)
def test_a_wrong_filter_is_explained_and_the_own_group_stays(client, teacher, query, sentence):
    response = client.get(URL, query)
    assert response.status_code == 400
    assert sentence in words(response)
    assert "Professeurs certifiés, classe normale, tous échelons" in words(response)


def test_without_grade_the_means_are_shown_alone(client, today):
    agent = AgentFactory()
    client.force_login(agent.user)
    assert "Votre dossier ne porte aucun grade" in words(client.get(URL))
    CareerStepFactory(agent=agent, corps="contractuels", grade="premiere_categorie", echelon=None)
    assert "Votre dossier ne porte aucun grade" in words(client.get(URL))
    CareerStep.objects.all().delete()
    CareerStepFactory(agent=agent)
    Agent.objects.update(left_on=dt.date(2026, 9, 1), left_reason="retraite")
    assert "Votre dossier ne porte aucun grade" in words(client.get(URL))


@pytest.mark.req("E18")
def test_the_csv_holds_what_the_page_shows(client, teacher):
    colleagues(5, since=dt.date(2016, 9, 1), echelon=6)
    response = client.get(CSV)
    assert response.headers["Content-Disposition"] == 'attachment; filename="comparaison-2026-11-24.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    by_name = {row[1]: row for row in rows[1:]}
    assert by_name["Vous"][2] == "1,8"
    assert by_name["Académie de Reims"][2:5] == ["8,8", "au moins 5", "2026-11-24"]
    assert by_name["France"][2] == "non publié"
    assert by_name["5e échelon"][2] == "non affiché"


def test_an_account_without_file_has_no_comparison(client, today):
    client.force_login(UserFactory(username="sansdossier"))
    assert client.get(URL).status_code == client.get(CSV).status_code == 404


def test_the_query_count_does_not_grow_and_the_day_is_read_once(client, teacher, django_assert_num_queries):
    with django_assert_num_queries(7):
        client.get(URL)
    colleagues(20, since=dt.date(2016, 9, 1), echelon=6)
    with django_assert_num_queries(5):
        client.get(URL)


def test_another_file_is_read_anew(client, teacher):
    assert means(client.get(URL))["Académie de Reims"].startswith(("Moins de 5", "Non affiché"))
    colleagues(5, since=dt.date(2016, 9, 1), echelon=6)
    FeedRun.objects.create(door="api", finished_at=timezone.now())  # calls do not have everything counted again
    assert means(client.get(URL))["Académie de Reims"].startswith(("Moins de 5", "Non affiché"))
    FeedRun.objects.create(door="fichier", finished_at=timezone.now())
    assert means(client.get(URL))["Académie de Reims"] == "8,8 ans"
    assert "chargées le 24 novembre 2026" in words(client.get(URL))


@settings(max_examples=30)
@given(
    query=st.dictionaries(
        st.sampled_from(["corps", "grade", "echelon", "perimetre"]),
        st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=12)
        | st.sampled_from(["agreges", "hors_classe", "5", "²", "tous", "grade_unique", "chaires_superieures", "11"]),
    )
)
@pytest.mark.parametrize("page", [URL, CSV])
def test_any_query_string(client, teacher, page, query):
    assert client.get(page, query).status_code in {200, 400}


def test_each_sees_their_own(client, teacher):
    stranger = full_career()
    stranger.steps.update(corps="agreges")
    client.force_login(stranger.user)
    assert "Professeurs agrégés, classe normale, tous échelons" in words(client.get(URL))


def test_what_another_release_kept_is_not_read(client, teacher):
    cache.set("career.seniority:2026-11-24:0", [("certifies", "classe_normale", 6, 9, 9000)], 60)
    assert client.get("/ma-carriere/comparaison/").status_code == 200
