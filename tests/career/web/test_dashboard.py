import pytest

from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db


@pytest.mark.req("S08")
def test_the_dashboard_shows_where_the_agent_stands(client):
    agent = full_career()
    client.force_login(agent.user)
    html = client.get("/").content.decode()
    assert "Professeur certifié" in html
    assert "Pourquoi ?" in html


def test_an_account_without_file_is_told_so(client):
    client.force_login(UserFactory())
    html = client.get("/").content.decode()
    assert "dossier n'est pas encore arrivé" in html.replace("&#x27;", "'")


@pytest.mark.req("S17")
def test_signing_in_by_login_and_password_opens_the_dashboard(client):
    user = UserFactory()
    assert client.get("/connexion/").status_code == 200
    response = client.post("/connexion/", {"login": user.username, "password": PASSWORD})
    assert response.status_code == 302
    assert response.headers["Location"] == "/"


def test_a_wrong_password_keeps_the_login_typed(client):
    user = UserFactory()
    html = client.post("/connexion/", {"login": user.username, "password": "faux"}).content.decode()
    assert user.username in html
    assert "Le formulaire est à corriger" in html
