import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.career import CareerStepFactory, TrainingFactory, full_career

pytestmark = pytest.mark.django_db


def test_anonymous_visitors_are_sent_to_the_sign_in_page(client):
    assert client.get(reverse("career:history")).status_code == 302


def test_an_account_without_file_gets_404(client):
    client.force_login(UserFactory())
    assert client.get(reverse("career:history")).status_code == 404


@pytest.mark.req("S38")
def test_the_situation_is_shown_and_explained(client):
    agent = full_career()
    client.force_login(agent.user)
    html = client.get(reverse("career:history")).content.decode()
    assert "classe normale, 6e échelon" in html
    assert "2\u202f446,62\u202f€" in html
    assert "Pourquoi ?" in html
    assert "Décret n° 85-1148" in html


def test_an_unpublished_index_is_said_so(client):
    agent = full_career()
    agent.steps.update(corps="instituteurs", grade="grade_unique", echelon=1)
    client.force_login(agent.user)
    assert "non publié" in client.get(reverse("career:history")).content.decode()


@pytest.mark.parametrize("page", ["career:history", "career:cv", "home:dashboard"])
def test_the_number_of_queries_does_not_grow(client, page, django_assert_max_num_queries):
    counts = []
    for more in (1, 12):
        agent = full_career()
        for n in range(more):
            CareerStepFactory(agent=agent, effective_on=f"20{10 + n}-09-01")
            TrainingFactory(agent=agent)
        client.force_login(agent.user)
        with django_assert_max_num_queries(12 if page == "home:dashboard" else 15) as queries:
            assert client.get(reverse(page)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
