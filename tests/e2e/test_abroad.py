"""Real browser: a sign-in from abroad waits, asks, and goes on once somebody granted it, in every view."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from security import abroad
from security.enums import Role
from security.models import AbroadAccess
from security.services_abroad import decide_access
from security.views import abroad as view
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import full_career

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
    pytest.mark.req("S88"),
]


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_the_whole_way_from_abroad(live_server, open_page, monkeypatch, scheme, width):
    for module in (abroad, view):
        monkeypatch.setattr(module, "country_of", lambda address: "BR")
    agent = full_career()
    page = open_page(scheme=scheme, width=width)
    page.goto(f"{live_server.url}{reverse('account_login')}")
    page.get_by_label("Identifiant").fill(agent.user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name="Connexion depuis l'étranger").wait_for()
    check(page, f"abroad-form-{width}-{scheme}")
    page.get_by_role("button", name="Demander l'accès").click()
    page.get_by_text("Dites pourquoi : sans motif").first.wait_for()
    check(page, f"abroad-refused-{width}-{scheme}")
    page.get_by_label("Pourquoi vous connectez-vous").fill("Mission au lycée français de São Paulo")
    page.get_by_label("Jusqu'au").fill((timezone.localdate() + dt.timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Demander l'accès").click()
    page.get_by_text("Demande déposée le").wait_for()
    check(page, f"abroad-asked-{width}-{scheme}")
    decide_access(access=AbroadAccess.objects.get(), by=staff(Role.IT), granted=True)
    page.get_by_role("link", name="J'ai reçu l'accord : continuer").click()
    page.get_by_role("heading", name="Bonjour").wait_for()
