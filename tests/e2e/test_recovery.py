"""Getting in again, in a real browser: a lost password by each mailbox, too many tries, a lost factor with the help of staff."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from security.enums import Role
from security.models import FactorLoss
from tests.e2e.conftest import VIEWS, check
from tests.e2e.test_second_step import code_of, give_password
from tests.factories.accounts import TOTP_SECRET, AuthenticatorFactory, staff
from tests.factories.career import full_career

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]
NEW = "Quatre-Ponts-Verts-83"
SECOND = "maud@boite.example"


@pytest.fixture
def user():
    found = full_career().user
    EmailAddress.objects.create(user=found, email=found.email, verified=True, primary=True)
    EmailAddress.objects.create(user=found, email=SECOND, verified=True, primary=False)
    return found


def link_in(mailbox: str) -> str:
    """The path of the link, as read in that mailbox."""
    bodies = [message.body for message in reversed(mail.outbox) if message.to == [mailbox]]
    found = (re.search(r"/(mot-de-passe-perdu|connexion/facteur-perdu)/\S+", body) for body in bodies)
    return next(filter(None, found)).group()


def ask_for_link(page, address: str, user) -> None:
    page.goto(f"{address}/connexion/")
    page.get_by_role("link", name="Mot de passe perdu").click()
    page.get_by_label("Identifiant").fill(user.username)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()


@pytest.mark.req("S85", "D09")
@pytest.mark.parametrize(("mailbox", "scheme", "width"), [("academic", "light", 1280), ("recovery", "dark", 360)])
def test_a_lost_password_is_found_by_either_mailbox_and_the_other_link_dies(
    live_server, open_page, user, mailbox, scheme, width
):
    page = open_page(scheme=scheme, width=width)
    ask_for_link(page, live_server.url, user)
    check(page, f"lien-parti-{width}-{scheme}")
    boxes = [user.email, SECOND]
    here, there = boxes if mailbox == "academic" else reversed(boxes)
    page.goto(live_server.url + link_in(here))
    check(page, f"lien-{width}-{scheme}")
    page.get_by_label("Nouveau mot de passe").fill(NEW)
    page.get_by_label("Le même, une seconde fois").fill(NEW)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Votre mot de passe est changé. Connectez-vous.").wait_for()
    page.goto(live_server.url + link_in(there))
    page.get_by_role("heading", name="Ce lien n'est plus valable").wait_for()
    page.goto(f"{live_server.url}/connexion/")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(NEW)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{live_server.url}/")


@pytest.mark.req("S25", "D02")
def test_too_many_tries_wait_and_the_link_of_the_mailbox_ends_the_wait(live_server, open_page, user):
    page = open_page()
    for _ in range(4):
        page.goto(f"{live_server.url}/connexion/")
        page.get_by_label("Identifiant").fill(user.username)
        page.get_by_label("Mot de passe", exact=True).fill("Pas-Le-Bon-12")
        page.get_by_role("button", name="Se connecter").click()
        page.get_by_role("alert").first.wait_for()
    page.get_by_text("le lien reçu débloque la connexion").first.wait_for()
    check(page, "trop-d-essais")
    ask_for_link(page, live_server.url, user)
    page.goto(live_server.url + link_in(user.email))
    page.get_by_role("button", name="Débloquer la connexion").click()
    page.get_by_text("Votre connexion est débloquée.").wait_for()
    give_password(page, live_server.url, user)
    page.wait_for_url(f"{live_server.url}/")


@pytest.mark.req("S25", "D17", "E22", "E23")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_lost_factor_is_replaced_with_the_help_of_staff(live_server, open_page, user, settings, scheme, width):
    settings.KNOWN_NETWORKS = ()  # the browser of the tests is outside
    user.reinforced = True
    user.save()
    AuthenticatorFactory(user=user)
    view = f"{width}-{scheme}"
    page = open_page(scheme=scheme, width=width)
    give_password(page, live_server.url, user)
    page.get_by_role("link", name="Je n'ai plus mon appareil").click()
    check(page, f"perte-{view}")
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Que s'est-il passé ?").fill("Téléphone tombé dans la Meuse")
    page.get_by_label("Code reçu").fill("12")
    page.get_by_role("button", name="Envoyer la demande").click()
    check(page, f"perte-refusee-{view}")
    page.get_by_label("Code reçu").fill(re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1])
    page.get_by_role("button", name="Envoyer la demande").click()
    page.get_by_text("Votre demande est enregistrée.").wait_for()
    page.goto(live_server.url + link_in(SECOND))
    check(page, f"perte-annuler-{view}")
    give_password(page, live_server.url, user)
    page.get_by_role("link", name="Je n'ai plus mon appareil").click()
    page.get_by_text("est en cours").wait_for()
    check(page, f"perte-en-cours-{view}")

    helper = open_page(scheme=scheme, width=width)
    colleague = staff(Role.IT)
    AuthenticatorFactory(user=colleague)
    give_password(helper, live_server.url, colleague)
    helper.get_by_label("Code", exact=True).fill(code_of(TOTP_SECRET))
    helper.get_by_role("button", name="Continuer").click()
    helper.get_by_role("button", name="Non, seulement cette fois").click()
    loss = reverse("admin:security_factorloss_change", args=[FactorLoss.objects.get().pk])
    helper.goto(live_server.url + loss)
    check(helper, f"perte-gestion-{view}")
    helper.get_by_label("Personne présente, pièce d'identité vue").check()
    helper.get_by_role("button", name="Identité vérifiée").click()
    helper.get_by_text("Écrivez une précision").wait_for()
    helper.get_by_label("Précision").fill("Vue au bureau 12")
    helper.get_by_role("button", name="Identité vérifiée").click()
    helper.get_by_text("Les facteurs sont retirés.").wait_for()
    check(helper, f"perte-faite-{view}")

    page.get_by_role("button", name="Annuler la connexion").click()
    give_password(page, live_server.url, user)
    page.get_by_label("Code reçu").fill(re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1])
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Non, seulement cette fois").click()
    page.wait_for_url(f"{live_server.url}/")
