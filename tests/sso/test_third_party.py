"""Sign-in through a third party's OpenID Connect server: linking, second step, refusals (S62, S29, D39, D42)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from iprof.correspondence.models import Alert
from security.enums import AccessKind, Role
from security.models import AccessEvent, FederatedLink, FederatedSession, User
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory, staff
from tests.sso.conftest import OUTSIDE, PORTAL
from tests.sso.third_party import Browser, of

pytestmark = pytest.mark.django_db
START, LINK, ACCOUNT = "/acces/ent/", reverse("security:sso_link"), reverse("security:account")
CODE = reverse("security:sign_in_code")


def go(client: PortalClient, login: str = "ent-maud", start: str = START, browser: Browser | None = None):
    """From the portal to the server, in by its door, and back: the portal's answer."""
    asked = client.get(start).headers["Location"]
    back = (browser or Browser()).enter(asked, login, until=PORTAL)
    return client.get(back.removeprefix(PORTAL))


def is_in(client: PortalClient) -> bool:
    return "_auth_user_id" in client.session


def kinds(user: User) -> list[str]:
    return list(AccessEvent.objects.filter(subject=user).order_by("pk").values_list("kind", flat=True))


@pytest.mark.req("S62", "D39", "D42")
def test_a_linked_person_is_signed_in_without_a_password(client, linked):
    browser = Browser()
    assert go(client, start=f"{START}?next=/compte/profil/", browser=browser).headers["Location"] == "/compte/profil/"
    assert client.session["_auth_user_id"] == str(linked.user_id)
    assert kinds(linked.user) == [AccessKind.SSO_ACCEPTED, AccessKind.SIGNED_IN]
    held = FederatedSession.objects.get()
    assert (held.issuer, held.subject, held.session.user) == (linked.issuer, "ent-maud", linked.user)
    assert held.sid
    linked.refresh_from_db()
    assert linked.used_at
    again = PortalClient()
    assert go(again, login="personne", browser=browser).headers["Location"] == "/", "no second door at the ENT"
    assert is_in(again)


@pytest.mark.req("D39")
def test_what_is_asked_of_the_server(client, ent):
    asked = {
        name: values[0] for name, values in parse_qs(urlsplit(client.get(START).headers["Location"]).query).items()
    }
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32
    assert asked["redirect_uri"] == f"{PORTAL}/acces/ent/retour/"
    other = {
        name: values[0] for name, values in parse_qs(urlsplit(client.get(START).headers["Location"]).query).items()
    }
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


@pytest.mark.req("S62", "D12", "D39")
def test_an_unknown_person_confirms_the_link_signed_in(client, user, ent):
    UserFactory(username="autre", email="m@ent.example")  # the address the ENT tells: it opens nothing
    assert go(client, start=f"{START}?next=/compte/profil/").headers["Location"] == LINK
    assert not is_in(client)
    assert not FederatedLink.objects.exists()
    door = client.get(LINK)
    assert door.headers["Location"] == f"/connexion/?next={LINK}"
    assert "ENT vous a reconnu" in client.get(door.headers["Location"]).content.decode()
    entered = client.post("/connexion/", {"login": user.username, "password": PASSWORD, "next": LINK})
    assert entered.headers["Location"] == LINK
    page = client.get(LINK).content.decode()
    assert "Maud Valdoie" in page
    assert "mvaldoie" in page
    assert client.post(LINK, {"action": "link"}).headers["Location"] == "/compte/profil/"
    link = FederatedLink.objects.get()
    assert (link.user, link.issuer, link.subject) == (user, ent, "ent-maud")
    assert AccessKind.SSO_LINKED in kinds(user)
    assert Alert.objects.filter(user=user, kind="compte.liaison").count() == 1
    assert client.post(LINK, {"action": "link"}).headers["Location"] == ACCOUNT, "once"
    assert FederatedLink.objects.count() == 1
    client.post("/deconnexion/")
    assert go(client).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.req("D12")
def test_a_session_older_than_five_minutes_gives_its_password_before_it_links(client, user, ent):
    client.force_login(user)
    assert go(client).headers["Location"] == LINK
    assert client.get(LINK).headers["Location"].startswith("/compte/confirmer/")
    assert client.post(LINK, {"action": "link"}).headers["Location"].startswith("/compte/confirmer/")
    assert not FederatedLink.objects.exists()


def test_an_identity_that_waits_is_for_the_account_that_asked(client, user, ent):
    client.force_login(user)
    go(client)
    session = client.session
    session["sso_pending"] = session["sso_pending"] | {"user": user.pk + 1}
    session.save()
    client.post("/compte/confirmer/", {"password": PASSWORD})
    assert client.get(LINK).headers["Location"] == ACCOUNT


@pytest.mark.req("S29", "D39")
def test_the_code_of_the_mailbox_is_asked_unless_the_ent_proved_a_second_factor(client, linked):
    User.objects.filter(pk=linked.user_id).update(reinforced=True)
    assert go(client).headers["Location"] == CODE
    assert not is_in(client)
    assert len(mail.outbox) == 1
    FederatedLink.objects.filter(pk=linked.pk).update(subject="ent-forte")
    strong = PortalClient(REMOTE_ADDR=OUTSIDE)
    assert go(strong, login="ent-forte").headers["Location"] == "/"
    assert is_in(strong)
    assert len(mail.outbox) == 1


@pytest.mark.req("S29")
def test_staff_take_the_second_step_of_the_portal_whatever_the_ent_proved(client, ent):
    agent = staff(Role.GESTIONNAIRE)
    FederatedLink.objects.create(user=agent, provider="ent", issuer=ent, subject="ent-forte")
    assert go(client, login="ent-forte").headers["Location"] == CODE
    assert not is_in(client)


@pytest.mark.req("D39")
def test_the_claims_of_proconnect_are_all_there(client, user, ent, settings):
    settings.SSO_PROVIDERS = of(ent, profile="proconnect")
    FederatedLink.objects.create(user=user, provider="ent", issuer=ent, subject="ent-vide")
    response = go(client, login="ent-vide")
    text = response.content.decode()
    assert response.status_code == 400
    assert "le nom d&#x27;usage, l&#x27;adresse de messagerie, l&#x27;identifiant d&#x27;agent, le SIRET" in text
    assert not is_in(client)
    FederatedLink.objects.update(subject="ent-maud")
    assert go(client).headers["Location"] == "/"


def test_a_person_who_refuses_at_the_ent_is_told_so(client, linked):
    response = go(client, login="refus")
    assert response.status_code == 400
    assert "Connexion abandonnée" in response.content.decode()
    assert "Utiliser mon identifiant" in response.content.decode()
    assert AccessEvent.objects.get(kind=AccessKind.ACCESS_REFUSED).detail["fault"] == "refus"


@pytest.mark.req("D42")
def test_an_answer_serves_once_and_in_the_browser_that_asked(client, linked):
    asked = client.get(START).headers["Location"]
    back = Browser().enter(asked, "ent-maud", until=PORTAL).removeprefix(PORTAL)
    stranger = PortalClient()
    assert stranger.get(back).status_code == 400
    assert not is_in(stranger)
    assert client.get(back).headers["Location"] == "/"
    client.post("/deconnexion/")
    replayed = client.get(back)
    assert replayed.status_code == 400
    assert not is_in(client)
    assert "a déjà servi" in replayed.content.decode()


@pytest.mark.req("S62")
def test_a_closed_account_stays_closed(client, linked):
    User.objects.filter(pk=linked.user_id).update(is_active=False)
    assert go(client).status_code == 403
    assert not is_in(client)


@pytest.mark.req("S62")
def test_signing_out_offers_to_end_the_session_of_the_ent_too(client, linked, ent):
    browser = Browser()
    go(client, browser=browser)
    response = client.post("/deconnexion/", follow=True)
    assert "Fermer aussi ENT" in response.content.decode()
    leaving = client.get(reverse("security:sso_quit")).headers["Location"]
    assert leaving.startswith(f"{ent}/session/end?")
    address, status, text = browser.open(leaving)
    assert status == 200, text
    assert "logout" in text
    assert client.get(reverse("security:sso_left")).status_code == 200
    client.force_login(linked.user)
    assert client.get(reverse("security:sso_left")).headers["Location"] == "/connexion/"


@pytest.mark.req("S62", "D12")
def test_a_link_is_listed_and_removed_by_its_owner(client, linked):
    client.post("/connexion/", {"login": linked.user.username, "password": PASSWORD})
    elsewhere = PortalClient()
    go(elsewhere)
    assert "Retirer" in client.get(ACCOUNT).content.decode()
    remove = reverse("security:sso_unlink", args=[linked.pk])
    assert client.post(remove).headers["Location"].startswith("/compte/confirmer/")
    assert client.post("/compte/confirmer/", {"password": PASSWORD, "next": remove}).headers["Location"] == ACCOUNT
    assert not FederatedLink.objects.exists()
    assert elsewhere.get(ACCOUNT).status_code == 302, "the session it opened is over"
    assert client.get(ACCOUNT).status_code == 200
    assert AccessKind.SSO_UNLINKED in kinds(linked.user)
    assert Alert.objects.filter(user=linked.user, kind="compte.liaison-retiree").exists()
