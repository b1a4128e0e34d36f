"""Second factors in a real browser, signing in from outside: each enrolled and used, lost and replaced (S29, T5, E22)."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.urls import reverse

from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
PAGE = reverse("security:second_step")


@pytest.fixture
def user(settings):
    settings.KNOWN_NETWORKS = ()  # the browser of the tests is outside
    return full_career().user


def give_password(page, address: str, user) -> None:
    page.goto(f"{address}/connexion/")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def sign_out(page) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("heading", name="Connexion", exact=True).wait_for()


def confirm(page, code: str = "") -> None:
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    if code:
        page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Confirmer").click()


def code_of(secret: str, *, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def enrol_application(page, address: str, view: str = "") -> str:
    """The secret, as read on the page."""
    page.goto(f"{address}{PAGE}")
    page.get_by_role("link", name="Ajouter une application").click()
    confirm(page)
    page.get_by_role("heading", name="Ajouter une application").wait_for()
    if view:
        check(page, f"application-{view}")
    secret = "".join(page.locator("section .address").inner_text().split())
    page.get_by_label("Code affiché par l'application").fill(code_of(secret))
    page.get_by_role("button", name="Enregistrer l'application").click()
    page.get_by_text("Votre application est enregistrée").wait_for()
    return secret


@pytest.mark.req("S29", "E22", "E23")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_the_code_of_the_mailbox_then_a_trusted_browser(live_server, open_page, user, scheme, width):
    view = f"{width}-{scheme}"
    page = open_page(scheme=scheme, width=width)
    give_password(page, live_server.url, user)
    page.goto(f"{live_server.url}{PAGE}")
    check(page, f"renforcee-inactive-{view}")
    page.get_by_role("button", name="Activer").click()
    confirm(page)
    page.get_by_text("L'authentification renforcée est activée.").wait_for()
    sign_out(page)
    give_password(page, live_server.url, user)
    page.get_by_role("heading", name="Saisissez le code reçu").wait_for()
    check(page, f"code-{view}")
    page.get_by_label("Code reçu").fill("12")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_text("Un code compte 6 chiffres").first.wait_for()
    check(page, f"code-refuse-{view}")
    page.get_by_label("Code reçu").fill(re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("heading", name="Faire confiance à ce navigateur ?").wait_for()
    check(page, f"confiance-{view}")
    page.get_by_role("button", name="Oui, pendant 14 jours").click()
    page.wait_for_url(f"{live_server.url}/")
    sign_out(page)
    give_password(page, live_server.url, user)
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}{PAGE}")
    check(page, f"renforcee-active-{view}")
    page.get_by_role("button", name=re.compile("^Oublier")).click()
    page.get_by_text("Ce navigateur n'est plus de confiance.").wait_for()


@pytest.mark.req("E22", "E23")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_an_application_then_lost_then_a_printed_code(live_server, open_page, user, scheme, width):
    view = f"{width}-{scheme}"
    page = open_page(scheme=scheme, width=width)
    give_password(page, live_server.url, user)
    page.wait_for_url(f"{live_server.url}/")
    secret = enrol_application(page, live_server.url, view)
    page.get_by_role("link", name="Créer mes codes").click()
    check(page, f"codes-avant-{view}")
    page.get_by_role("button", name="Créer et afficher mes codes").click()
    page.get_by_text("ne seront plus jamais affichés").wait_for()
    check(page, f"codes-{view}")
    code, other = (page.locator(".codes li").nth(rank).inner_text() for rank in (0, 1))
    page.get_by_role("link", name="Je les ai gardés").click()
    check(page, f"renforcee-application-{view}")
    page.get_by_role("link", name="Je n'ai plus mon appareil").click()
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Que s'est-il passé ?").wait_for()
    check(page, f"perdu-ici-{view}")
    for typed in (code_of(secret, later=1), code):
        sign_out(page)
        give_password(page, live_server.url, user)
        page.get_by_role("heading", name="Prouvez que c'est vous").wait_for()
        check(page, f"facteur-{view}")
        page.get_by_label("Code", exact=True).fill(typed)
        page.get_by_role("button", name="Continuer").click()
        page.get_by_role("button", name="Non, seulement cette fois").click()
        page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}{PAGE}")
    page.get_by_text("9 codes utilisables").wait_for()
    page.get_by_role("button", name=re.compile("^Retirer")).click()
    page.get_by_role("heading", name="Confirmez que c'est vous").wait_for()
    check(page, f"confirmer-{view}")
    confirm(page, other)
    page.get_by_text("Ce facteur est retiré.").wait_for()


@pytest.mark.req("E22", "T5", "D12")
def test_a_passkey_is_registered_then_opens_with_the_password_and_without(live_server, open_page, user):
    address = live_server.url.replace("127.0.0.1", "localhost")  # a key answers to a name, never to a number
    page = open_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]
    give_password(page, address, user)
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}{PAGE}")
    page.get_by_role("link", name="Ajouter une clé").click()
    confirm(page)
    page.get_by_label("Nom de la clé").fill("Clé bleue")
    check(page, "cle")
    page.get_by_role("button", name="Enregistrer la clé").click()
    page.get_by_text("Votre clé est enregistrée").wait_for()
    check(page, "renforcee-cle")
    sign_out(page)
    give_password(page, address, user)
    check(page, "facteur-cle")
    page.get_by_role("button", name="Utiliser ma clé").click()
    page.get_by_role("button", name="Non, seulement cette fois").click()
    page.wait_for_url(f"{address}/")
    sign_out(page)
    check(page, "connexion-cle")
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}{PAGE}")
    page.get_by_text("Elle ouvre sans mot de passe").wait_for()
    page.get_by_role("link", name=re.compile("^Renommer")).click()
    check(page, "confirmer-cle")
    page.get_by_role("button", name="Utiliser ma clé").click()
    page.get_by_role("heading", name="Renommer « Clé bleue »").wait_for()
    check(page, "renommer")
    page.get_by_label("Nom de la clé").fill("Clé du bureau")
    page.get_by_role("button", name="Renommer").click()
    page.get_by_text("La clé porte son nouveau nom.").wait_for()
    sign_out(page)
    devices.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.get_by_text("La clé n'a pas répondu").wait_for()
    give_password(page, address, user)
    page.get_by_role("button", name="Utiliser ma clé").click()
    page.get_by_text("La clé n'a pas répondu").wait_for()


@pytest.mark.req("E27", "S29")
def test_an_application_needs_no_script(live_server, open_page, user):
    page = open_page(script=False)
    give_password(page, live_server.url, user)
    secret = enrol_application(page, live_server.url)
    sign_out(page)
    give_password(page, live_server.url, user)
    page.get_by_label("Code", exact=True).fill(code_of(secret, later=1))
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Non, seulement cette fois").click()
    assert page.url == f"{live_server.url}/"
