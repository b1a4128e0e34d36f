"""The letter in hand: login and NUMEN, a password, a recovery address, the dashboard; then the NUMEN opens nothing."""

import datetime

import pypdfium2
import pytest

from career.letters import print_letters
from iprof.web.crypto import lookup_digest, seal
from security.enums import Role
from security.models import AccessEvent, User
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import staff
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
GOOD = "Mouton-Bleu-71-Colline"


def waiting_career(numen: str):
    agent = full_career()
    agent.numen_sealed, agent.numen_digest = seal(numen, context="numen"), lookup_digest(numen, context="numen")
    agent.save()
    User.objects.filter(pk=agent.user_id).update(
        activated_at=None, activation_digest=lookup_digest(numen, context="activation"), password="!"
    )
    agent.user.refresh_from_db()
    return agent


def read_letter(pdf: bytes) -> tuple[str, str]:
    """(login, NUMEN) as a person reads them on the letter."""
    (page,) = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    lines = [line.strip() for line in page.splitlines()]
    login = next(line.rsplit(" ", 1)[-1] for line in lines if line.startswith("Votre identifiant"))
    numen = next(line.rsplit(" ", 1)[-1] for line in lines if line.startswith("NUMEN"))
    return login, numen


@pytest.mark.req("S01", "S17", "S19", "S20", "S21", "S22", "D10")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_from_the_letter_to_the_dashboard(live_server, open_page, scheme, width, caplog):
    agent = waiting_career("19E" + "99" + "00042" + "XYZ")
    login, numen = read_letter(
        print_letters(agents=[agent], by=staff(Role.GESTIONNAIRE), on=datetime.date(2026, 11, 23))
    )
    view = f"{width}-{scheme}"
    page = open_page(scheme=scheme, width=width)
    visited: list[str] = []
    page.on("request", lambda request: visited.append(request.url))
    page.goto(f"{live_server.url}/")
    check(page, f"connexion-{view}")
    page.get_by_role("link", name="Ouvrir mon compte").click()
    check(page, f"premiere-connexion-{view}")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("NUMEN", exact=True).fill(numen)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nouveau mot de passe").fill("mouton")
    page.get_by_text("La composition ne suffit pas encore.").wait_for()
    check(page, f"mot-de-passe-{view}")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    check(page, f"mot-de-passe-refuse-{view}")
    page.get_by_label("Nouveau mot de passe").fill(GOOD)
    page.get_by_label("Le même, une seconde fois").fill(GOOD)
    page.get_by_text("La composition convient.").wait_for()
    page.get_by_role("button", name="Ouvrir mon compte").click()
    page.get_by_role("heading", name="Adresse de secours", exact=True).wait_for()
    check(page, f"adresse-de-secours-{view}")
    page.get_by_label("Adresse de secours").fill("maud@boite.example")
    page.get_by_role("button", name="Recevoir le lien").click()
    page.wait_for_url(f"{live_server.url}/")
    check(page, f"accueil-{view}")
    content = page.content()
    page.goto(f"{live_server.url}/compte/")
    check(page, f"mon-compte-{view}")
    page.goto(f"{live_server.url}/compte/profil/")
    page.get_by_text("Impression du courrier").wait_for()
    check(page, f"mon-profil-{view}")

    again = open_page(scheme=scheme, width=width)
    again.goto(f"{live_server.url}/premiere-connexion/")
    again.get_by_label("Identifiant").fill(login)
    again.get_by_label("NUMEN", exact=True).fill(numen)
    again.get_by_role("button", name="Continuer").click()
    again.get_by_text("n'ouvrent aucun compte en attente").wait_for()
    check(again, f"numen-refuse-{view}")
    for place in (*visited, content, again.content(), caplog.text, str(list(AccessEvent.objects.values()))):
        assert numen not in place


@pytest.mark.req("E27")
def test_the_first_access_needs_no_script(live_server, open_page):
    agent = waiting_career("19E" + "99" + "00043" + "XYZ")
    page = open_page(script=False)
    page.goto(f"{live_server.url}/premiere-connexion/")
    page.locator("#id_login").fill(agent.user.username)
    page.locator("#id_secret").fill("19E" + "99" + "00043" + "XYZ")
    page.locator("main button[type=submit]").click()
    page.locator("#id_password1").fill(GOOD)
    page.locator("#id_password2").fill(GOOD)
    page.locator("main button[type=submit]").click()
    page.get_by_role("button", name="Plus tard").click()
    assert page.url == f"{live_server.url}/"
