"""Real browser: support sees the portal in the place of an agent, is refused what it must be, and comes back (S84, D21)."""

import pytest
from django.urls import reverse

from security.enums import Role, ScopeKind
from security.models import Impersonation
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import full_career

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
    pytest.mark.req("S84", "D21"),
]


def sign_in(page, address: str, user):
    page.goto(f"{address}{reverse('account_login')}")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{address}/")
    return page


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_support_looks_in_the_place_of_an_agent(live_server, open_page, scheme, width):
    view = f"{width}-{scheme}"
    agent = full_career()
    scope = {"scope_kind": ScopeKind.ACADEMIE, "first_name": "Yann", "last_name": "Collet"}
    helper = staff(Role.SUPPORT, username="ycollet", **scope)
    page = sign_in(open_page(scheme=scheme, width=width), live_server.url, helper)
    page.goto(f"{live_server.url}{reverse('admin:career_agent_change', args=[agent.pk])}")
    page.get_by_role("link", name="Voir le portail à la place de l'agent").click()
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Demande d'assistance de l'agent").check()
    page.get_by_label("Précision").fill("L'agent ne voit pas son échelon")
    check(page, f"vue-motif-{view}")
    page.get_by_role("button", name="Voir le portail à sa place").click()
    page.get_by_text("Vous voyez le portail à la place de").wait_for()
    check(page, f"vue-accueil-{view}")
    page.goto(f"{live_server.url}{reverse('career:history')}")
    page.get_by_role("region", name="Consultation à la place d'un agent").wait_for()
    page.goto(f"{live_server.url}{reverse('security:account')}")
    page.get_by_role("heading", name="Page personnelle").wait_for()
    check(page, f"vue-refus-{view}")
    page.get_by_role("button", name="Terminer la consultation").click()
    page.get_by_text("Vous ne voyez plus le portail à la place de").wait_for()
    assert Impersonation.objects.get().pages == 2
    assert page.goto(f"{live_server.url}/").ok
    assert page.get_by_text("Vous voyez le portail").count() == 0
    owner = sign_in(open_page(scheme=scheme, width=width), live_server.url, agent.user)
    owner.get_by_text("Le portail est consulté à votre place").first.wait_for()
    owner.goto(f"{live_server.url}{reverse('security:file_reads')}")
    owner.get_by_text("2 pages vues").wait_for()
    check(owner, f"vue-lue-{view}")
