"""Real browser: sign in, read one's career, with axe and in every view."""

import pytest

from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


@pytest.mark.req("S01", "S16", "S24")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_teacher_signs_in_and_reads_an_accessible_career(live_server, open_page, scheme, width):
    agent = full_career()
    page = open_page(scheme=scheme, width=width)
    page.goto(f"{live_server.url}/connexion/")
    page.get_by_label("Identifiant").fill(agent.user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{live_server.url}/")
    for path, name in (
        ("/", "accueil-dossier"),
        ("/ma-carriere/", "ma-carriere"),
        ("/ma-carriere/demandes/", "demandes"),
    ):
        page.goto(live_server.url + path)
        if (why := page.locator("#content .why summary")).count():
            why.first.click()
        check(page, f"{name}-{width}-{scheme}")
