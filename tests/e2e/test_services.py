"""A sibling service in a real browser: signed in through the portal, listed, withdrawn, signed out from (S62, D42)."""

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.urls import reverse

from security.enums import Role
from security.idp.models import Service
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import full_career
from tests.factories.idp import ServiceFactory
from tests.idp.conftest import pem
from tests.idp.relying import Relying

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
PAGE = "<!doctype html><html lang='fr'><head><title>Carnet</title><link rel='icon' href='data:,'></head><body><main><h1>{}</h1>{}</main></body></html>"


class Carnet:
    """The service: a few pages over a third party's library."""

    def __init__(self) -> None:
        self.relying: Relying | None = None
        self.id_token = ""

    def __call__(self, environ, start) -> list[bytes]:
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if path == "/entrer":
            return self._lead(start, self.relying.address())
        if "error=access_denied" in query:
            return self._page(start, "Vous avez refusé", "")
        if path == "/retour":
            tokens = self.relying.redeem(f"{self.relying.redirect_uri}?{query}")
            assert self.relying.read(tokens["id_token"])["sub"]
            self.id_token = tokens["id_token"]
            name = self.relying.person().json()["given_name"]
            return self._page(start, f"Bonjour {name}", "<a href='/sortir'>Quitter le carnet</a>")
        if path == "/sortir":
            end = self.relying.told["end_session_endpoint"]
            back = self.relying.redirect_uri.replace("/retour", "/")
            return self._lead(start, f"{end}?id_token_hint={self.id_token}&post_logout_redirect_uri={back}")
        return self._page(start, "Carnet de bord", "<a href='/entrer'>Se connecter avec le portail</a>")

    @staticmethod
    def _lead(start, address: str) -> list[bytes]:
        start("302 Found", [("Location", address)])
        return [b""]

    @staticmethod
    def _page(start, title: str, body: str) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [PAGE.format(title, body).encode()]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def carnet(live_server, settings, monkeypatch) -> Iterator[str]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # loopback, plain HTTP
    settings.BASE_URL, settings.IDP_KEYS = live_server.url, [pem()]
    app = Carnet()
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        service: Service = ServiceFactory(redirect_uris=f"{address}/retour", scopes="openid\nprofile")
        service.set_post_logout_redirect_uris([f"{address}/"])
        service.save()
        app.relying = Relying(
            service.pk, scope="openid profile", redirect_uri=f"{address}/retour", base=live_server.url, adapter=None
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield address
        server.shutdown()
        thread.join()


@pytest.mark.req("S62", "E22", "E23")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_service_opens_and_closes_with_the_portal(live_server, open_page, carnet, scheme, width):
    view, user, page = f"{width}-{scheme}", full_career().user, open_page(scheme=scheme, width=width)
    page.goto(carnet)
    page.get_by_role("link", name="Se connecter avec le portail").click()
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name="Relier « Carnet de bord").wait_for()
    check(page, f"service-accord-{view}")
    page.get_by_role("button", name="Relier et continuer").click()
    page.get_by_role("heading", name=f"Bonjour {user.first_name}").wait_for()
    page.goto(f"{live_server.url}{reverse('idp:service_list')}")
    check(page, f"services-{view}")
    page.goto(f"{carnet}/entrer")
    page.get_by_role("link", name="Quitter le carnet").click()
    page.get_by_role("heading", name="Se déconnecter aussi du portail ?").wait_for()
    check(page, f"service-sortie-{view}")
    page.get_by_role("button", name="Me déconnecter de tout").click()
    page.get_by_role("heading", name="Carnet de bord").wait_for()
    page.goto(live_server.url)
    page.get_by_role("heading", name="Connexion", exact=True).wait_for()


@pytest.mark.req("E27")
def test_a_refusal_then_a_withdrawal_without_script(live_server, open_page, carnet):
    user, page = full_career().user, open_page(script=False)
    page.goto(f"{carnet}/entrer")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Relier et continuer").click()
    page.goto(f"{live_server.url}{reverse('security:account')}")
    page.get_by_role("link", name="Voir les services reliés").click()
    page.get_by_role("button", name="Retirer").click()
    page.get_by_text("ne reçoit plus rien de votre compte").wait_for()
    page.goto(f"{carnet}/entrer")
    page.get_by_role("button", name="Refuser").click()
    page.get_by_role("heading", name="Vous avez refusé").wait_for()


@pytest.mark.req("S62", "E27")
def test_a_service_of_the_house_opens_straight_from_the_sign_in(live_server, open_page, carnet):
    """Browsers hold the redirects that follow a form against `form-action`, also when they leave the portal."""
    user, page = full_career().user, open_page(script=False)
    Service.objects.update(skip_consent=True)
    page.goto(f"{carnet}/entrer")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name=f"Bonjour {user.first_name}").wait_for()


@pytest.mark.req("E22", "E23")
def test_an_administrator_registers_a_service(live_server, open_page):
    view, page = "360-dark", open_page(scheme="dark", width=360)
    page.goto(f"{live_server.url}/connexion/")
    page.get_by_label("Identifiant").fill(staff(Role.SUPERADMIN, username="adm").username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.goto(live_server.url + reverse("admin:idp_service_add"))
    page.get_by_label("Nom", exact=False).first.fill("Agenda")
    page.get_by_label("À quoi il sert").fill("Tenir un agenda.")
    page.get_by_label("Adresses de retour", exact=False).first.fill("http://agenda.example/")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("ne commence pas par https://").wait_for()
    check(page, f"admin-service-refuse-{view}")
    page.get_by_label("Adresses de retour", exact=False).first.fill("https://agenda.example/retour")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Cette page ne se rouvre pas.").wait_for()
    check(page, f"admin-service-secret-{view}")
