"""Real browser: the files chosen for a deposit are shown, weighed, taken off; a sending that fails keeps them."""

import pytest

from documents.models import Document
from tests.documents.papers import letter, paper, photo
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import full_career

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
    pytest.mark.req("S86", "E07"),
]
PDF = "application/pdf"


def file(name: str, content: bytes, kind: str = PDF) -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def arrive(live_server, page):
    sign_in(page, live_server.url, full_career().user)
    page.goto(f"{live_server.url}/mes-documents/deposer/")


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_what_is_too_heavy_never_leaves_and_a_cut_loses_no_choice(live_server, open_page, scheme, width):
    page = open_page(scheme=scheme, width=width)
    arrive(live_server, page)
    heavy = file("lourd.pdf", b"%PDF-1.7" + b"0" * 2_999_992)
    chosen = [
        file("bail.pdf", paper()),
        heavy,
        file("photo.jpg", photo(letter()), "image/jpeg"),
        file("b.pdf", paper()),
    ]
    page.get_by_label("Fichiers").set_input_files(chosen)
    page.get_by_text("« lourd.pdf » pèse 3 Mo ou plus : il n'est pas envoyé.").wait_for()
    page.get_by_text("3 fichiers choisis, ").wait_for()
    page.get_by_role("button", name="Enlever b.pdf").click()
    page.get_by_text("2 fichiers choisis, ").wait_for()
    check(page, f"depot-choix-{width}-{scheme}")

    page.route("**/deposer/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.get_by_text("L'envoi a été coupé.").wait_for()
    page.get_by_text("Vos fichiers sont toujours choisis.").wait_for()
    assert not Document.objects.exists()
    check(page, f"depot-coupe-{width}-{scheme}")

    page.unroute("**/deposer/")
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.get_by_role("heading", name="Ce que nous avons reçu").wait_for()
    assert sorted(Document.objects.values_list("original_name", flat=True)) == ["bail.pdf", "photo.jpg"]
    page.get_by_label("Fichiers").set_input_files([file("autre.pdf", paper(lines=15))])  # the page is alive again
    page.get_by_text("1 fichier choisi, ").wait_for()
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.get_by_text("Le fichier est reçu. Dites maintenant ce qu'il est.").wait_for()
    assert page.url == live_server.url + Document.objects.get(original_name="autre.pdf").get_absolute_url()


def test_files_are_dropped_on_the_form(live_server, open_page):
    page = open_page()
    arrive(live_server, page)
    dropped = page.evaluate_handle(
        "() => { const held = new DataTransfer(); held.items.add(new File(['%PDF'], 'lache.pdf', {type: 'application/pdf'})); return held; }"
    )
    page.dispatch_event("main form", "drop", {"dataTransfer": dropped})
    page.get_by_text("lache.pdf (1 ko)").wait_for()


def test_a_session_that_ended_keeps_the_choice_and_sends_after_a_new_sign_in(live_server, open_page):
    agent = full_career()
    page = open_page()
    sign_in(page, live_server.url, agent.user)
    page.goto(f"{live_server.url}/mes-documents/deposer/")
    page.get_by_label("Fichiers").set_input_files([file("bail.pdf", paper())])
    page.context.clear_cookies()
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.get_by_text("Votre connexion au portail a pris fin").wait_for()
    other = page.context.new_page()
    sign_in(other, live_server.url, agent.user)
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.get_by_text("Le fichier est reçu.").wait_for()
