"""An application to a specific scheme in a browser, on a desk and on a phone (S58, S59, E22, E23)."""

import pytest

from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_every_page import sign_in
from tests.factories.career import full_career
from tests.factories.schemes import cv_of, scheme_campaign

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


@pytest.mark.req("S58", "S59")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_from_the_list_to_the_receipt(live_server, open_page, scheme, width):
    agent = full_career()
    scheme_campaign()
    cv_of(agent.user)
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, agent.user)
    page.goto(f"{live_server.url}/mutation/dispositifs/")
    page.get_by_role("link", name="Nouvelle-Calédonie", exact=True).click()
    page.get_by_role("link", name="Voir le pas à pas").click()
    assert page.url.endswith("#guide")
    page.get_by_role("button", name="Commencer ma candidature").click()
    page.get_by_label("Vos raisons et votre projet").fill("Enseigner à Nouméa")
    page.get_by_role("button", name="Enregistrer et relire").click()
    check(page, f"scheme-recap-lacks-{width}-{scheme}")
    page.get_by_role("link", name="Compléter ma candidature").click()
    page.get_by_label("Date à laquelle vous pouvez partir").fill("2027-02-01")
    page.get_by_label("Dernier séjour").select_option("aucun")
    page.get_by_label("CurriculumVitae_2026").check()
    page.get_by_role("button", name="Enregistrer et relire").click()
    page.get_by_text("J'ai relu et j'envoie").click()
    page.get_by_role("button", name="Envoyer ma candidature").click()
    page.get_by_role("heading", name="Accusé de réception").wait_for()
    check(page, f"scheme-sent-{width}-{scheme}")
    page.goto(f"{live_server.url}/mutation/comparer/?zone=outre_mer&tri=paie")
    check(page, f"comparison-{width}-{scheme}")
