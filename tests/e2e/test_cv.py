"""Real browser: the CV arranged with and without script, refused and conflicting entries, with axe in every view."""

import pytest

from career.models import Cv, CvEntry
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import CvEntryFactory, full_career

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
    pytest.mark.req("S46", "S16", "E22"),
]


@pytest.mark.parametrize("script", [True, False])
def test_the_buttons_say_which_was_pressed_with_and_without_script(live_server, open_page, script):
    agent = full_career()
    page = open_page(script=script)
    sign_in(page, live_server.url, agent.user)
    page.goto(f"{live_server.url}/ma-carriere/cv/")
    page.get_by_role("button", name="Monter la rubrique Langues").click()
    page.get_by_text("Langues. La rubrique est montée d'un rang.").wait_for()
    assert page.url.endswith("/ma-carriere/cv/#rubrique-langues")
    page.get_by_role("button", name="Masquer la rubrique Engagements").click()
    page.get_by_text("Engagements. La rubrique est masquée").wait_for()
    page.get_by_role("button", name="Masquer : Master MEEF").click()
    page.get_by_text("L'élément est masqué de votre CV").wait_for()
    cv = Cv.objects.get(agent=agent)
    codes = list(cv.sections.values_list("code", flat=True))
    assert codes.index("langues") < codes.index("competences")
    assert not cv.sections.get(code="engagements").visible
    assert cv.hidden_facts.count() == 1


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_each_state_of_the_cv_is_accessible(live_server, open_page, scheme, width):
    agent = full_career()
    entry = CvEntryFactory(cv__agent=agent)
    CvEntryFactory(cv=entry.cv, title="Formatrice", starts="2013", ends="")
    Cv.objects.update(updated_at="2025-01-10T08:00:00Z")
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, agent.user)

    def shown(name: str) -> None:
        check(page, f"cv-{name}-{width}-{scheme}")

    page.goto(f"{live_server.url}/ma-carriere/cv/")
    shown("rappel")
    page.get_by_role("link", name="Modifier : Libraire").click()
    CvEntry.objects.filter(pk=entry.pk).update(title="Libraire jeunesse", version=2)
    page.get_by_label("Fonction").fill("Vendeuse")
    page.get_by_role("button", name="Enregistrer").click()
    shown("conflit")
    page.get_by_role("button", name="Enregistrer ma saisie à sa place").click()
    page.get_by_text("L'entrée est modifiée.").wait_for()
    page.get_by_role("link", name="Supprimer : Vendeuse").click()
    shown("suppression")
    page.get_by_role("button", name="Supprimer").click()
    page.get_by_text("L'entrée est supprimée.").wait_for()
    page.get_by_role("link", name="Ajouter une entrée : Langues").click()
    page.get_by_label("Langue").fill("Italien")
    page.get_by_role("button", name="Ajouter à mon CV").click()
    shown("refus")
    page.get_by_label("Niveau").select_option("B2")
    page.get_by_role("button", name="Ajouter à mon CV").click()
    page.get_by_text("L'entrée est ajoutée à votre CV.").wait_for()
    page.get_by_role("link", name="Aperçu").click()
    shown("apercu")
