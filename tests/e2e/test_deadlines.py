"""Deadlines as their reader and their author see them, the state of the service, the portal closed while one writes."""

import datetime as dt
import threading

import pytest
from django.utils import timezone

from iprof.correspondence.models import Deadline, SuspiciousReport
from iprof.correspondence.services.deadlines import cancel_deadline, move_deadline
from security.enums import Role
from status import incidents, maintenance
from status.pages import Site
from status.probes import Answer
from status.server import Server, Watch
from tests.e2e.conftest import VIEWS, check
from tests.factories.accounts import PASSWORD, staff
from tests.factories.career import full_career
from tests.factories.correspondence import open_deadline

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(tmp_path, settings):
    settings.STATUS_DIR, settings.STATUS_URL = str(tmp_path), "http://127.0.0.1:9"
    return tmp_path


def sign_in(page, address: str, user) -> None:
    page.goto(f"{address}/connexion/")
    page.get_by_label("Identifiant").fill(user.username)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{address}/")


@pytest.mark.req("S11", "E21")
@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_a_teacher_reads_their_dates_and_follows_them(live_server, open_page, folder, scheme, width):
    agent, now = full_career(), timezone.now()
    soon = open_deadline(agent.user, closes_at=now + dt.timedelta(days=3), link="/ma-carriere/promotion/")
    moved = open_deadline(agent.user, title="Saisir vos vœux de mutation", closes_at=now + dt.timedelta(days=12))
    move_deadline(
        deadline=moved, to=now + dt.timedelta(days=19), reason="Panne de la messagerie académique", by=moved.created_by
    )
    gone = open_deadline(agent.user, title="Demander un temps partiel", closes_at=now + dt.timedelta(days=40))
    cancel_deadline(deadline=gone, reason="Campagne reportée d'un an", by=gone.created_by)
    incidents.open_incident(
        folder, level="panne", title="Courriels en retard", text="Ils partent avec une heure de retard.", now=now
    )
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, agent.user)
    check(page, f"accueil-echeances-{width}-{scheme}")
    page.goto(f"{live_server.url}/echeances/")
    page.get_by_text("1 échéance faite, passée ou annulée").click()
    check(page, f"echeances-{width}-{scheme}")
    page.get_by_role("button", name=f"C'est fait : {soon.title}").click()
    page.get_by_text("aucun rappel ne viendra plus").wait_for()
    page.get_by_role("link", name="Les suivre dans mon agenda").click()
    check(page, f"agenda-{width}-{scheme}")
    page.get_by_role("button", name="Créer et afficher mon adresse").click()
    check(page, f"agenda-adresse-{width}-{scheme}")
    address = page.get_by_label("Adresse à coller").input_value()
    assert address.endswith(".ics")


@pytest.mark.req("S11")
@pytest.mark.parametrize("width", [1280, 360])
def test_a_gestionnaire_announces_a_date_and_moves_it(live_server, open_page, width):
    full_career()
    page = open_page(width=width)
    sign_in(page, live_server.url, staff(Role.GESTIONNAIRE))
    page.goto(f"{live_server.url}/gestion/correspondence/deadline/add/")
    page.get_by_label("Ce qu'il faut faire").fill("Saisir vos vœux de mutation")
    page.get_by_label("Campagne ou procédure").fill("Mouvement 2027")
    page.get_by_label("Dernier jour").fill(f"{timezone.localdate() + dt.timedelta(20)}")
    page.get_by_label("D'où vient la date").fill("Circulaire du 9 novembre 2026")
    page.get_by_role("button", name="Voir qui est concerné").click()
    check(page, f"gestion-echeance-erreur-{width}")
    page.get_by_label("Tous les agents").check()
    page.get_by_role("button", name="Voir qui est concerné").click()
    check(page, f"gestion-echeance-apercu-{width}")
    page.get_by_role("button", name="Annoncer à 1 personne").click()
    page.get_by_role("link", name="Saisir vos vœux de mutation").click()
    page.get_by_label("Dernier jour").fill(f"{timezone.localdate() + dt.timedelta(27)}")
    page.get_by_label("Motif").first.fill("Panne de la messagerie académique")
    page.get_by_role("button", name="Changer la date et avertir").click()
    page.get_by_text("Toutes les personnes concernées en sont averties").wait_for()
    check(page, f"gestion-echeance-{width}")
    assert Deadline.objects.get().moves == 1


@pytest.mark.req("E24")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_what_was_being_written_goes_through_after_the_works(live_server, open_page, folder, scheme, width):
    agent, now = full_career(), timezone.now()
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, agent.user)
    page.goto(f"{live_server.url}/alertes/signaler/")
    page.get_by_label("Objet du message").fill("Changement urgent de votre barème")
    page.get_by_label("Passage du message").fill("Cliquez ici pour confirmer votre dossier avant ce soir.")
    maintenance.start(folder, until=now + dt.timedelta(hours=1), reason="Mise à jour de la base de données", now=now)
    page.locator("main form button[type=submit]").last.click()
    page.get_by_role("heading", name="Le portail est en maintenance").wait_for()
    check(page, f"maintenance-{width}-{scheme}")
    page.get_by_role("button", name="Renvoyer").click()
    page.get_by_role("heading", name="Le portail est en maintenance").wait_for()
    assert not SuspiciousReport.objects.exists()
    maintenance.stop(folder)
    page.get_by_role("button", name="Renvoyer").click()
    page.get_by_role("heading", name="Le portail est en maintenance").wait_for(state="detached")
    assert SuspiciousReport.objects.get().text.startswith("Cliquez ici")


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_the_page_of_the_state_of_the_service(open_page, tmp_path, scheme, width):
    now = dt.datetime.now(dt.UTC)
    for level, title in (("panne", "Connexion impossible"), ("gene", "Courriels en retard")):
        incidents.open_incident(tmp_path, level=level, title=title, text="Nous cherchons la cause.", now=now)
    code = incidents.load(tmp_path).incidents[0].code
    incidents.update_incident(tmp_path, code=code, text="Réparé.", now=now, close=True)
    watch = Watch(tmp_path, lambda at: Answer(at, True, 12))
    watch.once()
    server = Server(("127.0.0.1", 0), watch, Site("I-Prof V4", "https://extranet.ac-reims.fr", "https://etat.example"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        page = open_page(scheme=scheme, width=width)
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
        check(page, f"etat-{width}-{scheme}")
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_staff_announce_an_incident(live_server, open_page, folder, scheme, width):
    page = open_page(scheme=scheme, width=width)
    sign_in(page, live_server.url, staff(Role.IT))
    page.goto(f"{live_server.url}/etat-du-service/")
    page.get_by_role("button", name="Annoncer sur toutes les pages").click()
    check(page, f"etat-erreur-{width}-{scheme}")
    page.get_by_label("Titre").fill("Courriels en retard")
    page.get_by_label("Ce que tout le monde lira").last.fill("Ils partent avec une heure de retard.")
    page.get_by_role("button", name="Annoncer sur toutes les pages").click()
    page.get_by_text("Compléter ou clore").click()
    check(page, f"etat-annonce-{width}-{scheme}")
