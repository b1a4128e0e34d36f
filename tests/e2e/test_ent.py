"""From the ENT's page to the career page in two clicks, and out again by both doors, in a real browser (S62, S91, D40)."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from security.models import FederatedLink, OpenSession
from security.sso import discovery
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD
from tests.factories.career import full_career
from tests.sso.third_party import of, third_party

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


@pytest.fixture
def ent(live_server, settings):
    """The address of a third party's server; the portal of the test is its client."""
    discovery.forget()
    with third_party(live_server.url) as issuer:
        settings.SSO_PROVIDERS = of(issuer)
        yield issuer


def enter(page, login: str) -> None:
    page.get_by_label("Compte").fill(login)
    page.get_by_role("button", name="Entrer").click()


@pytest.mark.req("S62", "S91", "D40")
def test_two_clicks_from_the_ent_to_the_career_page_and_out_by_both_doors(live_server, open_page, ent):
    user = full_career().user
    FederatedLink.objects.create(user=user, provider="ent", issuer=ent, subject="ent-maud")
    page = open_page()
    page.goto(f"{live_server.url}/connexion/")
    page.get_by_role("link", name="Se connecter avec ENT").click()
    enter(page, "ent-maud")
    page.get_by_role("heading", name=f"Bonjour {user.first_name}").wait_for()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("heading", name="Vous êtes déconnecté").wait_for()
    page.get_by_role("link", name="Garder ENT ouvert").click()

    page.goto(f"{ent}/")  # the ENT is open: the two clicks begin here
    page.get_by_role("link", name="I-Prof").click()
    page.get_by_role("link", name="Ma carrière").first.click()
    page.get_by_role("heading", name="Ma carrière").first.wait_for()

    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("link", name="Fermer aussi ENT").click()
    page.get_by_role("button", name="Oui").click()  # the ENT asks for itself
    page.wait_for_url(f"{live_server.url}/connexion/**")
    page.get_by_role("link", name="Se connecter avec ENT").click()
    page.get_by_label("Compte").wait_for()  # the ENT is closed too: its door asks again


@pytest.mark.req("S62", "D40")
def test_signing_out_of_the_ent_ends_the_session_here(live_server, open_page, ent):
    user = full_career().user
    FederatedLink.objects.create(user=user, provider="ent", issuer=ent, subject="ent-maud")
    page = open_page()
    page.goto(f"{live_server.url}/acces/ent/?next=/compte/")
    enter(page, "ent-maud")
    page.get_by_role("heading", name="Mon compte").wait_for()
    key = OpenSession.objects.get(user=user).session_key
    assert SESSION_KEY in Session.objects.get(session_key=key).get_decoded()
    page.goto(f"{ent}/session/end")
    page.get_by_role("button", name="Oui").click()
    page.get_by_role("heading", name="ENT fermé").wait_for()
    page.goto(f"{live_server.url}/compte/")
    page.get_by_role("heading", name="Connexion", exact=True).wait_for()
    assert not Session.objects.filter(session_key=key).exists()


@pytest.mark.req("S62", "D12", "E22", "E23", "E30")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_an_account_is_linked_then_unlinked(live_server, open_page, ent, scheme, width):
    user = full_career().user
    view = f"{width}-{scheme}"
    page = open_page(scheme=scheme, width=width)
    page.goto(f"{live_server.url}/connexion/")
    check(page, f"ent-connexion-{view}")
    page.get_by_role("link", name="Se connecter avec ENT").click()
    enter(page, "ent-maud")
    page.get_by_text("ENT vous a reconnu").wait_for()
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name="Relier ENT à votre compte").wait_for()
    check(page, f"ent-relier-{view}")
    page.get_by_role("button", name="Relier les deux comptes").click()
    page.get_by_text("ENT ouvre désormais votre compte").wait_for()
    check(page, f"ent-comptes-{view}")
    page.get_by_role("button", name="Retirer la liaison avec ENT").click()
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_text("La liaison est retirée.").wait_for()
    page.goto(f"{live_server.url}/acces/ent/retour/?error=access_denied")
    check(page, f"ent-arret-{view}")
