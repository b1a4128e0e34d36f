"""News and help in the administration: written, previewed, published, taken down; who may, and what a form refuses."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from iprof.correspondence.models import EmptySearch, HelpArticle, NewsItem
from security.enums import Role
from tests.factories.accounts import staff
from tests.factories.correspondence import HelpFactory, NewsFactory

pytestmark = pytest.mark.django_db
NEWS = {
    "title": "Ouverture du serveur", "summary": "Les vœux se saisissent.", "category": "mobilite", "departement": "51",
    "published_from": "2026-11-24T08:00", "published_until": "",
    "body": "Le serveur est ouvert.\n\nIl ferme le 9 décembre.",
}  # fmt: skip
HELP = {
    "question": "Où est le rectorat ?", "code": "rectorat", "kind": "question", "category": "assistance",
    "answer": "À Reims.", "keywords": "", "position": "100", "published": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


def page_of(row) -> str:
    return reverse(f"admin:correspondence_{row._meta.model_name}_change", args=[row.pk])


def step(client, item: NewsItem, act: str) -> str:
    address = reverse("admin:correspondence_newsitem_step", args=[item.pk])
    response = client.post(address, {"acte": act}, follow=True)
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


@pytest.mark.req("S73")
def test_an_item_from_the_form_to_the_page_and_back(client):
    author, other = staff(Role.GESTIONNAIRE, username="auteur"), staff(Role.GESTIONNAIRE, username="relectrice")
    client.force_login(author)
    assert client.post(reverse("admin:correspondence_newsitem_add"), NEWS).status_code == 302
    item = NewsItem.objects.get()
    assert (item.state, item.edited_by, item.concerns) == ("brouillon", author, "Marne")
    assert item.body == "<p>Le serveur est ouvert.</p><p>Il ferme le 9 décembre.</p>"
    preview = client.get(reverse("admin:correspondence_newsitem_preview", args=[item.pk])).content.decode()
    assert "Aperçu. État : Brouillon." in preview
    assert "<p>Il ferme le 9 décembre.</p>" in preview
    assert client.get(item.get_absolute_url()).status_code == 404
    assert "une autre personne peut la relire" in step(client, item, "relire")
    client.force_login(other)
    assert "est relue" in step(client, item, "relire")
    assert "est publiée" in step(client, item, "publier")
    assert "déjà publiée" in step(client, item, "publier")
    html = client.get(page_of(item)).content.decode()
    assert 'name="published_from"' not in html
    assert 'name="title"' in html
    assert client.get(item.get_absolute_url()).status_code == 200
    assert "est retirée" in step(client, item, "retirer")
    assert client.get(item.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"body": "<p><script>x</script></p>"}, "ce texte est vide"),
        ({"body": "a" * 20_001}, "dépasse 20 000 caractères"),
        ({"summary": "NUMEN 12E1234567ABC"}, "contient un NUMEN"),
        ({"published_until": "2026-11-23T08:00"}, "La fin d&#x27;affichage vient après"),
        ({"published_from": "hier"}, "Cette date n&#x27;existe pas."),
        ({"departement": "75"}, "Sélectionnez un choix valide"),
        ({"title": "a\x00b"}, "caractère"),
    ],
)
def test_what_the_form_refuses_is_told_and_kept(client, change, sentence):
    client.force_login(staff(Role.GESTIONNAIRE))
    response = client.post(reverse("admin:correspondence_newsitem_add"), NEWS | change)
    assert response.status_code == 200
    html = response.content.decode()
    assert sentence in html
    assert "Les vœux se saisissent." in html or "summary" in change
    assert not NewsItem.objects.exists()


@pytest.mark.parametrize("role", [Role.HEAD, Role.DPO, Role.IT, Role.SUPPORT])
def test_the_other_roles_have_no_hand_on_news(client, role):
    item = NewsFactory(state="brouillon")
    client.force_login(staff(role))
    assert client.get(page_of(item)).status_code == 403
    assert client.get(reverse("admin:correspondence_newsitem_preview", args=[item.pk])).status_code == 403
    assert step(client, item, "publier") == "403"


@pytest.mark.parametrize("act", ["", "supprimer"])
def test_an_unknown_step_does_nothing(client, act):
    client.force_login(staff(Role.GESTIONNAIRE))
    assert step(client, NewsFactory(), act) == "403"


@pytest.mark.req("S75")
def test_an_article_of_the_academie_is_written_and_searched(client):
    author = staff(Role.SUPPORT)
    client.force_login(author)
    assert client.post(reverse("admin:correspondence_helparticle_add"), HELP).status_code == 302
    article = HelpArticle.objects.get(code="rectorat")
    assert (article.answer, article.updated_by, article.from_portal) == ("<p>À Reims.</p>", author, False)
    assert "Où est le rectorat ?" in client.get("/aide/", {"q": "rectorat"}).content.decode()
    assert 'name="answer"' in client.get(page_of(article)).content.decode()
    emptied = client.post(page_of(article), HELP | {"answer": "<p></p>"}).content.decode()
    assert "cette réponse est vide" in emptied


def test_a_shipped_article_is_hidden_and_no_more(client):
    client.force_login(staff(Role.SUPPORT))
    article = HelpArticle.objects.get(code="ent")
    assert client.post(page_of(article), HELP | {"published": ""}).status_code == 302
    article.refresh_from_db()
    assert (article.published, article.question) == (False, "Quelle différence entre I-Prof et l'ENT ?")
    assert client.get("/aide/reponses/ent/").status_code == 404


def test_what_was_searched_in_vain_is_listed_without_anyone(client):
    EmptySearch.objects.create(text="xylophone", day=dt.date(2026, 11, 24), times=3)
    client.force_login(staff(Role.SUPPORT))
    html = client.get(reverse("admin:correspondence_emptysearch_changelist")).content.decode()
    assert "Recherches de l&#x27;aide restées sans réponse" in html
    assert "xylophone" in html


@pytest.mark.parametrize("n", [1, 8])
def test_the_lists_hold_their_queries(client, django_assert_max_num_queries, n):
    client.force_login(staff(Role.SUPERADMIN))
    for number in range(n):
        NewsFactory(title=f"Numéro {number}")
        HelpFactory(code=f"cantine-{number}")
    for name in ("newsitem", "helparticle"):
        with django_assert_max_num_queries(12):
            client.get(reverse(f"admin:correspondence_{name}_changelist"))
