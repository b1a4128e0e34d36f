"""The banner of incidents on every page, the page that tells of them, and the portal closed for works (K1, K2, E10, E24)."""

import datetime as dt
import re
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.models import SuspiciousReport
from iprof.web import service_state
from security.enums import Role
from security.models import AccessEvent, User
from status import incidents, maintenance
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career

pytestmark = pytest.mark.django_db
SAID = {"level": "panne", "title": "Courriels en retard", "text": "Nous cherchons <pourquoi>."}
PAGE = "/etat-du-service/"
OURS = {"HTTP_ORIGIN": "http://testserver"}
ELSEWHERE = [{}, {"HTTP_ORIGIN": "null"}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "http://["}]


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.STATUS_DIR, settings.STATUS_URL = str(tmp_path), "https://etat.example"
    return tmp_path


def announce(folder, **fields):
    return incidents.open_incident(folder, **SAID | {"now": timezone.now()} | fields)


def close(folder, hours: int = 2):
    now = timezone.now()
    return maintenance.start(folder, until=now + dt.timedelta(hours=hours), reason="Mise à jour de la base", now=now)


def test_an_incident_is_on_every_page_signed_in_or_not(client, folder):
    made = announce(folder)
    agent = full_career()
    boss = staff(Role.SUPERADMIN)
    for who, pages in (
        (None, ["/connexion/", "/aide/", "/mentions-legales/", "/n-existe-pas/"]),
        (agent.user, ["/", "/ma-carriere/", "/alertes/", "/echeances/", "/compte/"]),
        (boss, ["/", "/gestion/", "/gestion/correspondence/deadline/"]),
    ):
        visitor = PortalClient()
        if who:
            visitor.force_login(who)
        for page in pages:
            html = visitor.get(page).content.decode()
            assert "Service interrompu : Courriels en retard. Nous cherchons &lt;pourquoi&gt;." in html, page
            assert 'href="https://etat.example"' in html, page
    incidents.update_incident(folder, code=made.code, text="Réparé.", now=timezone.now(), close=True)
    assert "Courriels en retard" not in client.get("/aide/").content.decode()


def test_planned_works_say_their_hours(client, folder):
    start = dt.datetime(2030, 12, 1, 17, tzinfo=dt.UTC)
    announce(folder, level="travaux", title="Mise à jour", starts_at=start, ends_at=start + dt.timedelta(hours=2))
    html = client.get("/aide/").content.decode()
    assert "Maintenance prévue : Mise à jour. Du 1er décembre 2030 à 18 h au 1er décembre 2030 à 20 h." in html


@pytest.mark.parametrize("content", ["{", '{"incidents": 5}', "", "\x00", "[1, 2"])
def test_a_broken_file_is_no_banner_and_no_error(client, folder, content):
    (folder / incidents.NAME).write_text(content)
    response = client.get("/aide/")
    assert response.status_code == 200
    assert "fr-notice--alert" not in response.content.decode()


def test_the_file_is_read_once_as_long_as_it_does_not_change(client, folder, monkeypatch):
    announce(folder)
    read, count = incidents.load, []
    monkeypatch.setattr(incidents, "load", lambda place: count.append(1) or read(place))
    for _ in range(5):
        client.get("/aide/")
    assert len(count) == 1
    announce(folder, title="Autre chose")
    assert "Autre chose" in client.get("/aide/").content.decode()
    assert len(count) == 2


def test_without_a_folder_there_is_neither_banner_nor_page(client, settings):
    settings.STATUS_DIR = ""
    assert service_state.current_incidents() == ()
    assert service_state.current_maintenance() is None
    assert client.get(PAGE).status_code == 404
    for command in ("incident", "maintenance"):
        with pytest.raises(CommandError, match="IPROF_STATUS_DIR"):
            call_command(command, "list" if command == "incident" else "state")


def test_the_commands_of_django_are_those_of_the_operator(folder, capsys):
    call_command("incident", "open", "gene", "Lenteurs", "Le portail est lent.")
    assert incidents.load(folder).incidents[0].title == "Lenteurs"
    call_command("maintenance", "on", "--until", "2099-01-01T08:00", "--reason", "Mise à jour")
    assert maintenance.load(folder).reason == "Mise à jour"
    call_command("maintenance", "off")
    with pytest.raises(CommandError, match="Aucun incident"):
        call_command("incident", "close", "1-1", "Réparé.")


# --- The page ---------------------------------------------------------------------------------------------------------


def test_staff_announce_complete_and_close(client, folder):
    client.force_login(staff(Role.IT))
    told = {
        "acte": "ouvrir",
        "nouveau-level": "gene",
        "nouveau-title": "Lenteurs",
        "nouveau-text": "Le portail est lent.",
    }
    assert "est annoncé" in words(client.post(PAGE, told, follow=True))
    (one,) = incidents.load(folder).current
    assert "La suite est annoncée" in words(
        client.post(PAGE, {"acte": "completer", "code": one.code, "suite-text": "Cause trouvée."}, follow=True)
    )
    assert "est clos" in words(
        client.post(PAGE, {"acte": "clore", "code": one.code, "suite-text": "Réparé."}, follow=True)
    )
    assert incidents.load(folder).current == ()
    acts = [event.detail["act"] for event in AccessEvent.objects.filter(kind="incident.gestion").order_by("pk")]
    assert acts == ["ouverture", "completer", "clore"]
    assert "Cause trouvée." in words(PortalClient().get(PAGE))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"nouveau-title": ""}, "Donnez un titre"),
        ({"nouveau-title": "x" * 151}, "dépasse 150 caractères (151)"),
        ({"nouveau-text": ""}, "c'est ce que tout le monde lira"),
        ({"nouveau-text": "a\x00"}, "caractère nul"),
        ({"nouveau-level": "grave"}, "n'existe pas"),
        ({"nouveau-level": "travaux"}, "a un début et une fin"),
        ({"nouveau-level": "travaux", "nouveau-starts_at": "hier"}, "Cette date n'existe pas"),
        (
            {
                "nouveau-level": "travaux",
                "nouveau-starts_at": "2001-01-02T10:00",
                "nouveau-ends_at": "2001-01-01T10:00",
            },
            "La fin vient après le début",
        ),
        ({"acte": "autre"}, "Aucune décision"),
        ({"acte": "clore", "code": "20990101-1", "suite-text": "x"}, "Aucun incident n'a le numéro"),
        ({"acte": "clore", "code": "20990101-1", "suite-text": ""}, "c'est ce que tout le monde lira"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, folder, data, sentence):
    client.force_login(staff(Role.IT))
    told = {
        "acte": "ouvrir",
        "nouveau-level": "gene",
        "nouveau-title": "Lenteurs",
        "nouveau-text": "Le portail est lent.",
    }
    response = client.post(PAGE, told | data)
    assert response.status_code == 400
    assert sentence in words(response)
    if data.get("acte") is None and "nouveau-title" not in data:
        assert 'value="Lenteurs"' in response.content.decode()
    assert not (folder / incidents.NAME).exists()


@pytest.mark.parametrize("role", [None, Role.TEACHER, Role.GESTIONNAIRE, Role.DPO])
def test_the_others_read_and_tell_nothing(client, folder, role):
    if role:
        client.force_login(staff(role))
    assert 'name="acte"' not in client.get(PAGE).content.decode()
    told = {"acte": "ouvrir", "nouveau-level": "gene", "nouveau-title": "Lenteurs", "nouveau-text": "Lent."}
    assert client.post(PAGE, told).status_code == 403
    assert not (folder / incidents.NAME).exists()


def test_a_file_that_cannot_be_understood_is_said_on_the_page(client, folder):
    (folder / incidents.NAME).write_text("{")
    client.force_login(staff(Role.IT))
    assert "illisible" in words(client.get(PAGE))
    told = {"acte": "ouvrir", "nouveau-level": "gene", "nouveau-title": "Lenteurs", "nouveau-text": "Lent."}
    assert "Corrigez-le" in words(client.post(PAGE, told))


# --- The portal closed for works ----------------------------------------------------------------------------------------


def test_a_page_says_why_and_until_when(client, folder):
    close(folder)
    client.force_login(UserFactory())
    response = client.get("/alertes/?page=2")
    assert response.status_code == 503
    assert 7000 < int(response.headers["Retry-After"]) <= 7200
    text = words(response)
    assert "Mise à jour de la base" in text
    assert "Fin prévue le" in text
    assert 'href="/alertes/?page=2"' in response.content.decode()
    assert 'href="https://etat.example"' in response.content.decode()
    assert client.head("/").status_code == 503


def test_an_address_of_two_slashes_stays_on_the_portal(client, folder):
    close(folder)
    for html in (
        client.get("/", PATH_INFO="//evil.example/a").content.decode(),
        client.post("/", {"texte": "x"}, PATH_INFO="//evil.example/a", **OURS).content.decode(),
    ):
        assert re.findall(r'(?:href|action)="([^"]*evil[^"]*)"', html) == ["/%2Fevil.example/a"]


def test_what_was_being_sent_is_given_back_and_goes_through_after(client, folder):
    user = UserFactory()
    client = PortalClient(enforce_csrf_checks=True)
    client.force_login(user)
    text = "Un message « urgent »\n<demande> mon mot de passe & mon NUMEN."
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/alertes/signaler/").content.decode())[1]
    close(folder)
    sent = {"objet": "Barème", "expediteur": "", "lien": "", "piece": "", "texte": text, "csrfmiddlewaretoken": token}
    html = client.post("/alertes/signaler/", sent, **OURS)
    assert html.status_code == 503
    assert not SuspiciousReport.objects.exists()
    again = form_of(html.content.decode())
    assert again.pop("csrfmiddlewaretoken")
    assert again == {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}
    fresh = form_of(
        client.post("/alertes/signaler/", form_of(html.content.decode()), **OURS).content.decode()
    )  # still closed
    maintenance.stop(folder)
    assert client.post("/alertes/signaler/", fresh, **OURS).status_code == 302
    assert SuspiciousReport.objects.get().text.replace("\r\n", "\n") == text


def form_of(html: str) -> dict[str, str]:
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', html)
    return {name: unescape(value) for name, value in [*inputs, *areas]}


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_what_another_site_sends_during_the_works_is_not_offered_again(client, folder, origin):
    close(folder)
    client.force_login(UserFactory())
    response = client.post("/alertes/signaler/", {"texte": "Un texte que cette personne n'a pas écrit."}, **origin)
    assert response.status_code == 503
    assert "pas écrit" not in unescape(response.content.decode())
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize("page", ["/premiere-connexion/", "/mot-de-passe-perdu/", "/compte/mot-de-passe/", "/compte/"])
def test_no_secret_is_written_in_the_page(client, folder, page):
    close(folder)
    secrets = {"password1": "Quatre-Renards-58", "password": "Quatre-Renards-58", "secret": "51E26Quatre-Renards-58"}
    response = client.post(page, secrets | {"current": "Quatre-Renards-58", "code": "Quatre-Renards-58"}, **OURS)
    assert response.status_code == 503
    assert "Renards" not in response.content.decode()


def test_machines_watchers_and_sign_in_stay_open(client, folder):
    close(folder)
    assert client.get("/sante/").status_code == 200
    assert client.get("/connexion/").status_code == 200
    response = client.post("/api/siae/v1/events/", b"{}", content_type="application/json")
    assert (response.status_code, response.json()) == (503, {"error": "maintenance"})
    assert "Retry-After" in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/acces/ent/", 404),  # no provider here: the view answers, not the works
        ("get", "/acces/ent/retour/", 404),
        ("post", "/acces/ent/fin/", 404),
        ("get", "/acces/sortie/", 302),  # to the sign-in page
        ("get", "/deconnexion/", 200),
        ("post", "/deconnexion/", 302),
    ],
)
def test_one_comes_in_by_a_provider_and_leaves_during_the_works(client, folder, method, path, status):
    close(folder)
    client.force_login(UserFactory())
    assert getattr(client, method)(path).status_code == status


def test_who_may_checks_the_portal_before_the_others(client, folder, monkeypatch):
    close(folder)
    client.force_login(staff(Role.IT))
    response = client.get("/alertes/")
    assert response.status_code == 200
    assert "Maintenance en cours : le portail est fermé aux autres" in response.content.decode()
    client.force_login(staff(Role.GESTIONNAIRE))
    assert client.get("/alertes/").status_code == 503

    def stopped(*args, **kwargs):
        raise OperationalError("the database is stopped")

    monkeypatch.setattr(User, "has_perm", stopped)
    assert client.get("/alertes/").status_code == 503


def test_a_flag_that_cannot_be_read_closes_and_promises_nothing(client, folder):
    (folder / maintenance.NAME).write_text("{")
    text = words(client.get(reverse("home:help")))
    assert "L'heure de fin n'est pas encore connue" in text


def test_no_query_is_made_for_a_visitor_without_session(client, folder, django_assert_num_queries):
    close(folder)
    with django_assert_num_queries(0):
        assert client.get("/aide/").status_code == 503


# --- A session that ended while one was writing ---------------------------------------------------------------------------

REPORT = "/alertes/signaler/"
LONG = "Un long message qui demande de cliquer avant ce soir."


def test_what_was_written_survives_the_end_of_the_session(time_machine):
    """Ended, signed in again in another window (which makes the form stale), sent: nothing is typed twice."""
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)
    user, client = UserFactory(), PortalClient(enforce_csrf_checks=True)
    client.force_login(user)
    sent = form_of(client.get(REPORT).content.decode()) | {"objet": "Barème", "texte": LONG}
    time_machine.move_to("2026-11-24T10:31:00Z", tick=False)
    ended = client.post(REPORT, sent, **OURS)
    assert ended.status_code == 403
    assert "Votre connexion a pris fin" in words(ended)
    assert not SuspiciousReport.objects.exists()
    client.force_login(user)
    client.cookies["csrf"] = "x" * 32  # what signing in does: a new secret
    stale = client.post(REPORT, form_of(ended.content.decode()), **OURS)
    assert stale.status_code == 403
    assert "Formulaire expiré" in words(stale)
    assert client.post(REPORT, form_of(stale.content.decode()), **OURS).status_code == 302
    assert SuspiciousReport.objects.get().text == LONG


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_what_another_site_sends_is_never_offered_again(origin):
    client = PortalClient(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    response = client.post(REPORT, {"texte": LONG}, **origin)
    assert response.status_code == 403
    assert LONG not in response.content.decode()


def test_a_form_too_large_to_be_read_is_no_error_during_the_works(client, folder, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    close(folder)
    assert client.post(REPORT, {"texte": "x" * 200}, **OURS).status_code == 503
