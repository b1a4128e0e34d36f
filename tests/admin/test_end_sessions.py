"""« Fermer toutes les sessions » of an account by an administrator, with a reason its owner reads (norm D11)."""

import pytest
from django.urls import reverse

from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security.enums import AccessKind, AccountChange, Role
from security.models import AccessEvent, OpenSession, TrustedBrowser, User
from security.services_staff import close_sessions
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, TrustedBrowserFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.req("D11")]
LIST = reverse("admin:security_user_changelist")


@pytest.fixture
def user() -> User:
    return UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie")


@pytest.fixture
def admin_client() -> PortalClient:
    client = PortalClient()
    client.force_login(staff(Role.SUPERADMIN, username="adm"))
    return client


def act(client: PortalClient, user: User, **more: str):
    return client.post(LIST, {"action": "end_sessions", "_selected_action": user.pk, **more}, follow=True)


def test_a_page_asks_why_then_every_session_ends_and_the_owner_is_told(user, admin_client):
    browsers = [PortalClient() for _ in range(2)]
    for each in browsers:
        each.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    TrustedBrowserFactory(user=user)
    assert "Maud Valdoie" in words(act(admin_client, user))
    refused = act(admin_client, user, confirmer="1", motif="  vol ")
    assert refused.status_code == 400
    assert "Écrivez le motif" in words(refused)
    assert browsers[0].get("/").status_code == 200
    done = act(admin_client, user, confirmer="1", motif="Ordinateur volé")
    assert "Sessions fermées pour 1 compte(s)." in words(done)
    assert [each.get("/").status_code for each in browsers] == [302, 302]
    assert not OpenSession.objects.filter(user=user).exists()
    assert not TrustedBrowser.objects.exists()
    line = AccessEvent.objects.get(kind=AccessKind.SESSION_ENDED)
    assert (line.actor.username, line.subject, line.reason) == ("adm", user, "Ordinateur volé")
    assert Alert.objects.get(user=user).kind == f"compte.{AccountChange.SESSIONS_ENDED}"
    browsers[0].post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert "Ordinateur volé" in words(browsers[0].get(reverse("security:file_reads")))


def test_ones_own_sessions_are_not_ended_here(admin_client):
    me = User.objects.get(username="adm")
    assert "Aucun compte à traiter" in words(act(admin_client, me))
    act(admin_client, me, confirmer="1", motif="Ordinateur volé")
    assert admin_client.get(LIST).status_code == 200


def test_nobody_ends_the_sessions_of_someone_above(user):
    above = staff(Role.SUPERADMIN, username="adm")
    with pytest.raises(DomainError, match="sessions_above"):
        close_sessions(user=above, by=user, reason="Ordinateur volé")


@pytest.mark.parametrize("role", [Role.IT, Role.GESTIONNAIRE, Role.DPO])
def test_only_administrators_have_the_action(user, role):
    client = PortalClient()
    client.force_login(staff(role))
    act(client, user, confirmer="1", motif="Ordinateur volé")
    assert not AccessEvent.objects.filter(kind=AccessKind.SESSION_ENDED).exists()
