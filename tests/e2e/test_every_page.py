"""axe on every page of the portal's URL list, for a teacher and a visitor, in both themes and at both widths."""

import pytest
from django.urls import reverse

from tests.access_rules import RULES
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
NOT_A_PAGE = {
    "home:health", "home:csp_report", "home:security_txt", "home:manifest", "home:robots", "career:history_pdf",
    "career:history_csv",
}  # fmt: skip
KINDS = {"public", "signed_in", "agent", "owned"}


def sign_in(page, address: str, user) -> None:
    page.goto(f"{address}/connexion/")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{address}/")


@pytest.mark.req("E22", "E23", "D14")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_every_page_of_a_teacher(live_server, open_page, scheme, width):
    agent = full_career()
    page = open_page(scheme=scheme, width=width)
    guests = [name for name, rule in RULES.items() if rule.kind == "guest" and rule.status == 200]
    for name in guests:
        page.goto(live_server.url + reverse(name))
        check(page, f"{name.replace(':', '-')}-{width}-{scheme}")
    sign_in(page, live_server.url, agent.user)
    for name, rule in RULES.items():
        if rule.kind not in KINDS or name in NOT_A_PAGE or name == "account_logout":
            continue
        page.goto(live_server.url + reverse(name, kwargs=rule.args(agent)))
        check(page, f"{name.replace(':', '-')}-{width}-{scheme}")
