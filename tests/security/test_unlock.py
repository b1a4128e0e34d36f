"""Nobody stays locked out on the eve of a deadline: by the link of one's mailbox, or by staff who checked who it is (S25)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse

from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from security import throttle
from security.enums import AccessKind, Role
from security.models import AccessEvent
from security.services_staff import unlock_account
from security.tasks import send_password_link
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, UserFactory, staff
from tests.factories.career import AgentFactory, AssignmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S25")]
LOGIN = "/connexion/"


@pytest.fixture
def user():
    owner = UserFactory(username="mdurand")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    return owner


def attacked(times: int = 12) -> None:
    request = RequestFactory().post(LOGIN, REMOTE_ADDR="10.9.9.9")
    for _ in range(times):
        throttle.note_failure(request, "mdurand")


def sign_in(client: PortalClient):
    return client.post(reverse("account_login"), {"login": "mdurand", "password": PASSWORD})


def link() -> str:
    send_password_link("mdurand")
    return re.search(r"/mot-de-passe-perdu/\S+", mail.outbox[-1].body).group()


def opened(client: PortalClient) -> str:
    return client.get(link()).url


def test_the_wait_tells_how_not_to_wait(user):
    attacked()
    response = sign_in(PortalClient())
    assert response.status_code == 429
    assert "le lien reçu débloque la connexion" in words(response)


def test_the_link_unlocks_without_a_new_password_and_serves_once(user):
    attacked()
    client = PortalClient()
    page = opened(client)
    assert "Débloquer la connexion" in words(client.get(page))
    response = client.post(page, {"etape": "debloquer"}, follow=True)
    assert "Votre connexion est débloquée." in words(response)
    assert sign_in(client).status_code == 302
    assert PortalClient().get(page).status_code == 410
    kinds = set(AccessEvent.objects.filter(subject=user).values_list("kind", flat=True))
    assert {AccessKind.ACCOUNT_UNLOCKED, AccessKind.SIGNED_IN} <= kinds
    assert Alert.objects.filter(user=user, kind="compte.deblocage").exists()


def test_a_new_password_by_the_link_unlocks_too(user):
    attacked()
    client = PortalClient()
    page = opened(client)
    fresh = "Quatre-Ponts-Verts-83"
    assert client.post(page, {"password1": fresh, "password2": fresh}).status_code == 302
    assert client.post(reverse("account_login"), {"login": "mdurand", "password": fresh}).status_code == 302


def test_once_unlocked_the_attack_goes_on_without_slowing_the_owner(user):
    client = PortalClient()
    client.post(opened(client), {"etape": "debloquer"})
    attacked(30)
    assert sign_in(client).status_code == 302
    assert sign_in(PortalClient()).status_code == 429


def test_staff_unlock_once_the_identity_is_checked(user):
    agent = AgentFactory(user=user)
    AssignmentFactory(agent=agent)
    clerk = staff(Role.GESTIONNAIRE)
    client = PortalClient()
    client.force_login(clerk)
    address = reverse("admin:career_agent_unlock", args=[agent.pk])
    assert address in client.get(reverse("admin:career_agent_change", args=[agent.pk])).content.decode()
    attacked()
    refused = client.post(address, {"verification": "", "precision": "Appel de 9 h"})
    assert refused.status_code == 400
    assert "Appel de 9 h" in refused.content.decode()
    assert sign_in(PortalClient()).status_code == 429
    assert client.post(address, {"verification": "rappel", "precision": "Appel de 9 h"}).status_code == 302
    assert sign_in(PortalClient()).status_code == 302
    line = AccessEvent.objects.get(kind=AccessKind.ACCOUNT_UNLOCKED)
    assert (line.actor, line.subject) == (clerk, user)
    assert line.reason == "Identité vérifiée : rappel au numéro de téléphone du dossier. Appel de 9 h"
    assert Alert.objects.filter(user=user, kind="compte.deblocage").exists()


@pytest.mark.parametrize("role", [Role.HEAD, Role.DPO, Role.IT])
def test_others_do_not(user, role):
    agent = AgentFactory(user=user)
    AssignmentFactory(agent=agent)
    client = PortalClient()
    client.force_login(staff(role))
    response = client.post(reverse("admin:career_agent_unlock", args=[agent.pk]), {"verification": "rappel"})
    assert response.status_code in {403, 404}
    assert not AccessEvent.objects.filter(kind=AccessKind.ACCOUNT_UNLOCKED).exists()


def test_nobody_unlocks_oneself_nor_a_closed_account(user):
    clerk = staff(Role.GESTIONNAIRE)
    with pytest.raises(DomainError, match="unlock_own"):
        unlock_account(user=clerk, by=clerk, check="rappel")
    user.is_active = False
    with pytest.raises(DomainError, match="unlock_closed"):
        unlock_account(user=user, by=clerk, check="rappel")
