"""A teacher and a gestionnaire write to each other, then a problem goes to the support, in a real browser."""

import re

import pytest

from iprof.correspondence.enums import ThreadState
from iprof.correspondence.models import Thread
from security.enums import Role, ScopeKind
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.accounts import staff
from tests.factories.career import full_career
from tests.factories.correspondence import HelpFactory
from tests.factories.files import pdf_bytes
from tests.factories.threads import ReplyTemplateFactory, answered, dialogue, ticket

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


def upload(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf_bytes()}


@pytest.mark.req("S03")
@pytest.mark.parametrize("script", [True, False])
def test_a_question_goes_there_and_back(live_server, open_page, script):
    agent = full_career()
    office = staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="51", last_name="Marchand")
    ReplyTemplateFactory(title="Pièce reçue", body="Votre pièce est bien reçue.")
    teacher, clerk = open_page(script=script), open_page(script=script)
    sign_in(teacher, live_server.url, agent.user)
    teacher.get_by_role("link", name="Messages").click()
    teacher.get_by_role("link", name="Échanges").click()
    teacher.get_by_role("link", name="Écrire à mon gestionnaire").click()
    teacher.get_by_label("Objet").fill("Mon arrêté")
    teacher.get_by_label("Pièces jointes").set_input_files(
        [upload("arrete.pdf"), {"name": "photo.pdf", "mimeType": "image/gif", "buffer": b"GIF89a"}]
    )
    teacher.get_by_label("Votre message").fill("Bonjour,\nvoici mon arrêté.")
    teacher.get_by_role("button", name="Envoyer").click()
    teacher.get_by_text("« photo.pdf » n'est pas un PDF", exact=False).first.wait_for()
    if script:  # axe is a script
        check(teacher, "thread-refused")
    assert teacher.get_by_label("arrete.pdf").is_checked()
    teacher.get_by_role("button", name="Envoyer").click()
    teacher.get_by_text("Votre message est envoyé à votre gestionnaire.").wait_for()
    address = teacher.url

    sign_in(clerk, live_server.url, office)
    clerk.goto(f"{live_server.url}/gestion/")
    clerk.get_by_role("link", name="Échanges à traiter").click()
    clerk.get_by_role("link", name="Mon arrêté").click()
    clerk.get_by_role("button", name="Prendre en charge").click()
    clerk.get_by_label("Partir d'un modèle").select_option("Pièce reçue")
    clerk.get_by_role("button", name="Insérer").click()
    assert clerk.get_by_label("Réponse à l'agent").input_value() == "Votre pièce est bien reçue."
    clerk.get_by_label("Nouvelle note").fill("Vu.")
    clerk.get_by_role("button", name="Répondre à l'agent").click()
    clerk.get_by_text("La réponse est envoyée.").wait_for()
    if script:
        check(clerk, "thread-answered")

    teacher.goto(f"{live_server.url}/")
    teacher.get_by_text("Votre gestionnaire a répondu").first.wait_for()
    teacher.goto(address)
    teacher.get_by_text("Votre pièce est bien reçue.").wait_for()
    with teacher.expect_download() as got:
        teacher.get_by_role("link", name=re.compile("arrete.pdf")).click()
    assert got.value.suggested_filename == "arrete.pdf"
    teacher.get_by_role("button", name="Clore l'échange").click()
    teacher.get_by_text("L'échange est clos.").wait_for()
    assert Thread.objects.get().state == ThreadState.CLOSED


@pytest.mark.req("S87")
def test_a_problem_is_filed_and_solved(live_server, open_page):
    agent, helper = full_career(), staff(Role.IT, username="informatique")
    HelpFactory(code="page-vide", question="Pourquoi une page reste-t-elle vide ?", answer="Actualisez la page.")
    page = open_page()
    sign_in(page, live_server.url, agent.user)
    page.goto(f"{live_server.url}/ma-carriere/")
    page.get_by_role("link", name="Messages").click()
    page.get_by_role("link", name="Support").click()
    page.get_by_role("link", name="Signaler un problème").click()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("Le type n'est pas choisi", exact=False).first.wait_for()
    check(page, "ticket-refused")
    page.get_by_label("Type de problème").select_option("Affichage d'une page")
    page.get_by_label("Objet").fill("Page vide")
    page.get_by_label("Votre message").fill("Rien ne s'affiche.")
    page.get_by_label("Joindre le nom de mon navigateur").check(force=True)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("heading", name="Une de ces réponses suffit-elle ?").wait_for()
    check(page, "ticket-answers")
    page.get_by_role("button", name="Envoyer quand même").click()
    page.get_by_text("Votre demande est enregistrée.").wait_for()
    filed = Thread.objects.get()
    assert "Chrome" in filed.browser
    assert filed.page == "/alertes/"
    answered(filed, helper)
    page.reload()
    page.get_by_label("Oui, le problème est résolu").check(force=True)
    page.get_by_role("button", name="Clore la demande").click()
    page.get_by_text("Résolu ?").wait_for()
    check(page, "ticket-closed")


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_the_pages_of_staff(live_server, open_page, scheme, width):
    agent = full_career()
    asked, filed = dialogue(agent.user, files=1), ticket(agent.user)
    answered(dialogue(agent.user, subject="Répondu"), staff(Role.GESTIONNAIRE, username="autre"))
    ReplyTemplateFactory()
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, staff(Role.SUPERADMIN, username="adm"))
    for name, path in (
        ("index", ""),
        ("threads", "correspondence/thread/"),
        ("tickets", "correspondence/ticket/"),
        ("thread", f"correspondence/thread/{asked.pk}/change/"),
        ("ticket", f"correspondence/ticket/{filed.pk}/change/"),
    ):
        page.goto(f"{live_server.url}/gestion/{path}")
        check(page, f"staff-{name}-{width}-{scheme}")
