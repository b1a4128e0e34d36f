"""« Ma projection »: stages with their reasons, the hypothesis of a bonification, chart, table, refusals (S39, S82, E19)."""

import datetime as dt
import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from career.models import CareerStep
from tests.career.web.pages import words
from tests.career.web.test_exports import rows
from tests.factories.accounts import UserFactory
from tests.factories.career import AgentFactory, CareerStepFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S39", "S77", "S82")]
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
    assert ("Avec bonification" in text) == bool(day)
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
    with django_assert_num_queries(4):
        client.get(URL, {"annees": "10", "bonification": "8"})


@settings(max_examples=30)
@given(
    query=st.dictionaries(
        st.sampled_from(["annees", "bonification"]),
        st.lists(st.text(max_size=6) | st.sampled_from(["5", "10", "6", "8"]), max_size=3),
    )
)
def test_any_query(client, teacher, query):
    query = {
        name: [value.replace("{", "").encode("utf-8", "replace").decode() for value in values]
        for name, values in query.items()
    }
    assert client.get(URL, query).status_code in {200, 400}
    assert client.get(CSV, query).status_code in {200, 400}
