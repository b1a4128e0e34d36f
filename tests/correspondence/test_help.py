"""« Aide »: what teachers type finds the right answer first, signed out too, and no text breaks the search (S85 to S91)."""

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.exceptions import RedisError

from iprof.correspondence import tasks
from iprof.correspondence.models import EmptySearch, HelpArticle
from iprof.correspondence.selectors.faq import LONGEST, search, words_of
from iprof.correspondence.services import faq
from iprof.correspondence.services.faq import (
    IN_VAIN,
    TEXTS_AN_HOUR,
    keep_empty_searches,
    note_empty_search,
    save_article,
    shipped,
    sync_after_migrate,
    sync_shipped,
)
from iprof.kernel.errors import DomainError
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.correspondence import HelpFactory

pytestmark = pytest.mark.django_db
URL = "/aide/"
QUERIES = yaml.safe_load((Path(__file__).parent / "help_queries.yaml").read_text(encoding="utf-8"))
TODAY = dt.date(2026, 11, 24)


def first(text: str) -> str:
    found = search(text)
    return found[0].article.code if found else ""


@pytest.mark.req("S75", "S85", "S86", "S87", "S88", "S89", "S90", "S91")
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query["asked"])
def test_the_right_answer_comes_first(query):
    assert first(query["asked"]) == query["first"]


@pytest.mark.parametrize(
    "asked", ["pièces justificatives", "piece justificatif", "PIECES JUSTIFICATIVES", "pièçe justificatifs"]
)
def test_accents_case_and_endings_change_nothing(asked):
    assert first(asked) == "trois-erreurs"


@pytest.mark.parametrize(
    ("asked", "code"),
    [("vpnn depuis l'étranjer", "etranger"), ("navigatuer", "navigateur"), ("antivirsu", "proteger-poste")],
)
def test_a_slip_is_read_as_the_nearest_word(asked, code):
    assert first(asked) == code


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param("mot-de-passe-perdu", ["messagerie académique et vers votre adresse de secours"], marks=pytest.mark.req("S85")),
        pytest.param("erreur-envoi", ["PDF, de moins de 3 Mo", "actualisez la page"], marks=pytest.mark.req("S86")),
        pytest.param("probleme-persistant", ["Si le problème persiste", "Assistance DSDEN"], marks=pytest.mark.req("S87")),
        pytest.param("etranger", ["VPN", "connexion fiable", "quinze jours"], marks=pytest.mark.req("S88")),
        pytest.param("conservation-pieces", ["archivées dix ans"], marks=pytest.mark.req("S89")),
        pytest.param("effacement", ["formulaire RGPD"], marks=pytest.mark.req("S90")),
        pytest.param("ent", ["cahier de textes", "sans ressaisir"], marks=pytest.mark.req("S91")),
        pytest.param("a-savoir", ["complet renforce votre barème", "même acceptée"], marks=pytest.mark.req("S72")),
        pytest.param("trois-erreurs", ["scan001.pdf", "trois mois", "messagerie privée"], marks=pytest.mark.req("S75")),
    ],
)  # fmt: skip
def test_the_questions_of_the_brief_are_answered(client, code, told):
    text = words(client.get(reverse("correspondence:help_article", args=[code])))
    for part in told:
        assert part in text


def test_every_page_an_answer_leads_to_opens():
    """For a teacher signed in; a visitor is asked to sign in, a sign-in page sends whoever is in back home."""
    agent = full_career()
    client = PortalClient()
    client.force_login(agent.user)
    links = {link for article in shipped() for link in re.findall(r'href="([^"]+)"', article.answer)}
    assert len(links) > 15
    assert {link for link in links if client.get(link).status_code not in {200, 302}} == set()


def test_the_words_found_are_marked_and_nothing_else_is_markup(client):
    HelpFactory(plain="La cantine & ses prix < 3 €", keywords="cantine")
    (found,) = search("cantine")
    assert found.excerpt == "La <mark>cantine</mark> &amp; ses prix &lt; 3 €"
    html = client.get(URL, {"q": "<script>alert(1)</script> cantine"}).content.decode()
    assert "<script>alert" not in html


def test_an_excerpt_says_what_it_leaves_out():
    plain = "Le rectorat. " * 30 + "La cantine est là. " + "La DSDEN aussi. " * 30
    HelpFactory(plain=plain, question="Repas")
    (found,) = search("cantine")
    assert found.excerpt.startswith("… ")
    assert found.excerpt.endswith(" …")
    assert "<mark>cantine</mark>" in found.excerpt


def test_what_the_academie_adds_is_found_and_what_it_hides_is_not(client):
    article = HelpFactory()
    assert first("payer cantine") == "cantine"
    assert "Auprès de l'intendance." in words(client.get(article.get_absolute_url()))
    HelpArticle.objects.update(published=False)
    assert search("payer cantine") == ()
    assert client.get(article.get_absolute_url()).status_code == 404


def test_an_article_is_cleaned_and_journalled():
    author = UserFactory(username="auteur")
    article = save_article(article=HelpFactory.build(answer="<p>Oui <script>x</script><b>non</b></p>"), by=author)
    assert (article.answer, article.plain) == ("<p>Oui <strong>non</strong></p>", "Oui non")
    assert AccessEvent.objects.get(kind="aide.gestion").detail == {"article": "cantine"}
    with pytest.raises(DomainError, match="help_empty"):
        save_article(article=HelpFactory.build(answer="<p><script>x</script></p>"), by=author)


def test_migrating_again_rewrites_what_is_shipped_and_leaves_the_rest(monkeypatch):
    HelpFactory()
    HelpArticle.objects.filter(code="ent").update(published=False, question="Changée")
    kept = [article for article in shipped() if article.code != "vieux"]
    HelpFactory(code="vieux", from_portal=True)
    sync_after_migrate(apps.get_app_config("correspondence"), "default", apps=apps)
    rows = dict(HelpArticle.objects.values_list("code", "published"))
    assert rows.keys() == {article.code for article in kept} | {"cantine"}
    assert rows["ent"] is False
    assert HelpArticle.objects.get(code="ent").question == "Quelle différence entre I-Prof et l'ENT ?"
    ids = set(HelpArticle.objects.values_list("pk", flat=True))
    assert sync_shipped() == len(kept)
    assert set(HelpArticle.objects.values_list("pk", flat=True)) == ids


def test_an_article_of_the_academie_is_never_written_over():
    HelpArticle.objects.filter(code="ent").delete()
    HelpFactory(code="ent", question="Notre ENT")
    assert sync_shipped() == len(shipped()) - 1
    assert HelpArticle.objects.get(code="ent").question == "Notre ENT"


def test_migrations_that_stop_before_the_table_are_no_error():
    class Before:
        all_models = {"correspondence": {}}

    sync_after_migrate(apps.get_app_config("correspondence"), "default", apps=Before())


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("", "Le champ est vide"),
        ("   ", "Le champ est vide"),
        ("a" * 401, "Votre question dépasse 200 caractères"),
        ("mot\x00de passe", "contient un caractère nul"),
    ],
)
def test_bad_input_is_told_at_the_field_and_kept(client, asked, sentence):
    response = client.get(URL, {"q": asked})
    assert response.status_code == 400
    assert sentence in words(response)
    assert asked.replace("\x00", "")[:50] in response.content.decode().replace("\x00", "")
    assert "J'ai perdu mon mot de passe." in words(response)


@pytest.mark.parametrize(
    "asked", ["?", "crème", "le la les", "bonjour", "🙂🙂", "\u202e", "' OR 1=1 --", "a & !b | (c", "\ue000x\ue001"]
)
def test_what_holds_no_word_is_answered_by_a_sentence(client, asked):
    response = client.get(URL, {"q": asked})
    assert response.status_code == 200
    assert "Aucune réponse à" in words(response)


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text):
    for found in search(text):
        assert found.excerpt
    assert len(words_of(text)) <= LONGEST
    assert PortalClient().get(URL, {"q": text.encode("utf-8", "replace").decode()}).status_code in {200, 400}


@pytest.mark.parametrize("n", [1, 40])
def test_the_pages_hold_their_queries(client, django_assert_num_queries, n):
    for number in range(n):
        HelpFactory(code=f"cantine-{number}")
    with django_assert_num_queries(3):  # guides, search, articles
        client.get(URL, {"q": "cantine"})
    with django_assert_num_queries(2):  # guides, articles
        client.get(URL)
    with django_assert_num_queries(2):  # article, guides
        client.get(f"{URL}reponses/cv/")
    assert len(search("cantine")) == min(n, 10)
    assert len(search("cantine", limit=3)) == min(n, 3)


def in_vain() -> dict[str, int]:
    return cache.get(IN_VAIN) or {}


def test_a_search_in_vain_is_counted_without_writing_on_the_page(client):
    with CaptureQueriesContext(connection) as queries:
        for text in ("Xylophone", "xylophone !", "mot de passe"):
            client.get(URL, {"q": text})
    assert {query["sql"].split()[0] for query in queries} <= {"SELECT", "WITH"}
    assert in_vain() == {"xylophone": 2}
    assert keep_empty_searches(on=TODAY) == 1
    client.get(URL, {"q": "xylophone"})
    keep_empty_searches(on=TODAY)
    assert keep_empty_searches(on=TODAY) == 0
    assert list(EmptySearch.objects.values_list("text", "day", "times")) == [("xylophone", TODAY, 3)]


@pytest.mark.parametrize("text", ["0612345678 zut", "zut@exemple.fr", "12E3456789ABC", "???", ""])
def test_what_may_name_somebody_is_not_counted(text):
    note_empty_search(text)
    assert in_vain() == {}


def test_what_is_counted_has_a_limit_and_a_length():
    for n in range(TEXTS_AN_HOUR + 5):
        note_empty_search("x" * (n + 1) if n < 3 else "".join(chr(97 + int(digit)) for digit in f"{n:05}"))
    note_empty_search("y" * 500)
    assert len(in_vain()) == TEXTS_AN_HOUR
    cache.delete(IN_VAIN)
    note_empty_search("y" * 500)
    assert list(in_vain()) == ["y" * 80]


def test_the_task_keeps_what_was_counted(time_machine):
    time_machine.move_to("2026-11-24T10:00:00+01:00", tick=False)
    note_empty_search("xylophone")
    tasks.keep_empty_searches()
    assert EmptySearch.objects.get().day == TODAY


def test_searches_in_vain_are_forgotten_after_ninety_days():
    for days in (89, 90, 91):
        EmptySearch.objects.create(text="xylophone", day=TODAY - dt.timedelta(days=days), times=1)
    keep_empty_searches(on=TODAY)
    assert list(EmptySearch.objects.values_list("day", flat=True)) == [TODAY - dt.timedelta(days=89)]


def test_the_page_answers_without_its_cache(client, monkeypatch):
    def down(*args):
        raise RedisError

    monkeypatch.setattr(faq.shared, "get", down, raising=False)
    assert client.get(URL, {"q": "xylophone"}).status_code == 200
