"""Real browser: a gestionnaire publishes, a teacher reads and marks as seen, a visitor finds an answer; axe in every view."""

import pytest

from iprof.correspondence.models import NewsMark
from security.enums import Role
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.correspondence import NewsFactory

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
    pytest.mark.req("S73", "S75", "S85", "E22"),
]


def test_a_gestionnaire_writes_looks_and_publishes(live_server, open_page):
    writer = staff(Role.GESTIONNAIRE, username="redac")
    page = open_page()
    sign_in(page, live_server.url, writer)
    page.goto(f"{live_server.url}/gestion/correspondence/newsitem/add/")
    page.get_by_label("Titre").fill("Ouverture du serveur")
    page.get_by_label("Résumé").fill("Les vœux se saisissent.")
    page.get_by_label("Rubrique").select_option("mobilite")
    page.get_by_label("Texte").fill("Le serveur est ouvert.")
    page.get_by_role("button", name="Enregistrer et continuer les modifications").click()
    page.get_by_role("heading", name="Aperçu et publication").wait_for()
    check(page, "news-admin")
    page.get_by_role("link", name="Voir l'aperçu").click()
    page.get_by_text("Aperçu. État : Brouillon.").wait_for()
    check(page, "news-preview")
    page.get_by_role("link", name="Revenir à la gestion").click()
    page.get_by_role("button", name="Publier").click()
    page.get_by_text("L'actualité est publiée.").wait_for()
    page.goto(f"{live_server.url}/actualites/")
    page.get_by_role("link", name="Ouverture du serveur").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_teacher_reads_and_marks_as_seen(live_server, open_page, script):
    agent = full_career()
    NewsFactory(published_from="2026-11-20T08:00:00Z")
    page = open_page(script=script, width=360)
    sign_in(page, live_server.url, agent.user)
    assert page.locator(".callout", has_text="À savoir").bounding_box()["width"] > 250  # a whole column of the phone
    page.get_by_role("link", name="Toutes les actualités").click()
    page.get_by_role("button", name="Tout marquer comme vu").click()
    page.get_by_text("Les actualités sont marquées comme vues.").wait_for()
    assert page.get_by_text("Nouveau", exact=True).count() == 0
    assert NewsMark.objects.filter(user=agent.user).exists()


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_visitor_searches(live_server, open_page, scheme, width):
    page = open_page(scheme=scheme, width=width)
    page.goto(f"{live_server.url}/aide/")
    page.get_by_label("Votre question").fill("mdp oublié")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("heading", name="réponse").wait_for()
    check(page, f"help-found-{width}-{scheme}")
    page.get_by_role("link", name="J'ai perdu mon mot de passe.").click()
    check(page, f"help-article-{width}-{scheme}")
    page.get_by_role("link", name="Mot de passe perdu").click()
    page.get_by_role("button", name="Recevoir le lien").wait_for()
    for query in ("xyzzy", ""):
        page.goto(f"{live_server.url}/aide/?q={query}")
        check(page, f"help-{query or 'empty'}-{width}-{scheme}")
    page.goto(f"{live_server.url}/actualites/?rubrique=autre")
    check(page, f"news-wrong-{width}-{scheme}")
