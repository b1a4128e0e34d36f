"""Registering a service: who may, exact addresses, the secret shown once (norm D16)."""

import pytest
from allauth.idp.oidc.models import Client as Registered
from django.contrib import admin
from django.urls import reverse

from security.enums import AccessKind, Role
from security.idp.forms import address_problem
from security.idp.models import Service, ServiceSession
from security.models import AccessEvent
from tests.client import PortalClient
from tests.factories.accounts import AuthenticatorFactory, staff
from tests.factories.idp import RETURN, SECRET, ServiceFactory
from tests.idp.relying import Relying, agree, go, sent_back

pytestmark = [pytest.mark.django_db, pytest.mark.req("S62", "D16")]
LIST, ADD = reverse("admin:idp_service_changelist"), reverse("admin:idp_service_add")
FILLED = {
    "name": "Carnet de bord",
    "purpose": "Tenir le carnet de bord.",
    "type": "confidential",
    "redirect_uris": f"{RETURN}\nhttps://carnet.example/autre",
    "kept_scopes": ["profile", "agent"],
    "post_logout_uris": "https://carnet.example/",
    "logout_uri": "https://carnet.example/fin",
}


def member(role: Role) -> PortalClient:
    client = PortalClient()
    user = staff(role)
    AuthenticatorFactory(user=user)
    client.force_login(user)
    return client


def secret_in(page: str) -> str:
    return page.split('id="client-secret">')[1].split("<")[0]


def page_of(service: Service) -> str:
    return reverse("admin:idp_service_change", args=[service.pk])


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [(Role.SUPERADMIN, 200, 200), (Role.IT, 200, 403), (Role.DPO, 403, 403), (Role.GESTIONNAIRE, 403, 403), (Role.HEAD, 403, 403)],
)  # fmt: skip
def test_who_reads_and_who_registers(role, reads, writes):
    client, service = member(role), ServiceFactory()
    assert [client.get(LIST).status_code, client.get(page_of(service)).status_code] == [reads] * 2
    assert client.get(ADD).status_code == writes
    assert client.post(ADD, FILLED).status_code == writes


def test_the_library_s_own_pages_are_not_there():
    assert not admin.site.is_registered(Registered)


def test_a_service_is_registered_and_its_secret_shown_once(user, browser):
    client = member(Role.SUPERADMIN)
    page = client.post(ADD, FILLED, follow=True).content.decode()
    service = Service.objects.get()
    secret = secret_in(page)
    assert service.check_secret(secret)
    assert secret not in service.secret
    assert secret not in client.get(page_of(service)).content.decode()
    assert service.get_scopes() == ["openid", "profile", "agent"]
    assert service.get_grant_types() == ["authorization_code"]
    assert service.get_redirect_uris() == [RETURN, "https://carnet.example/autre"]
    assert service.get_post_logout_redirect_uris() == ["https://carnet.example/"]
    assert (service.purpose, service.logout_uri) == ("Tenir le carnet de bord.", "https://carnet.example/fin")
    [event] = AccessEvent.objects.filter(kind=AccessKind.SERVICE_MANAGED)
    assert secret not in str(event.detail)
    relying = Relying(service.pk, secret, scope="openid profile")
    assert relying.redeem(agree(browser, relying.address(), user).headers["Location"])["id_token"]


def test_a_public_service_has_no_secret_to_show():
    page = member(Role.SUPERADMIN).post(ADD, FILLED | {"type": "public"}, follow=True).content.decode()
    assert "client-secret" not in page


def test_another_secret_ends_the_former_one():
    client, service = member(Role.SUPERADMIN), ServiceFactory()
    ServiceFactory(public=True)
    ask = {"action": "new_secret", "_selected_action": [service.pk]}
    page = client.post(LIST, ask, follow=True).content.decode()
    service.refresh_from_db()
    assert service.check_secret(secret_in(page))
    assert not service.check_secret(SECRET)
    both = client.post(
        LIST,
        ask
        | {
            "_selected_action": list(Service.objects.values_list("pk", flat=True)),
        },
        follow=True,
    )
    assert "client-secret" in both.content.decode()  # one of them is public: one secret to draw
    ServiceFactory()
    many = client.post(
        LIST, ask | {"_selected_action": list(Service.objects.values_list("pk", flat=True))}, follow=True
    )
    assert "Choisissez un seul service" in many.content.decode()


def test_a_change_ends_what_was_open(user, browser):
    service = ServiceFactory()
    relying = Relying(service.pk)
    relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    client = member(Role.SUPERADMIN)
    form = client.get(page_of(service)).context["adminform"].form
    assert form.initial["purpose"] == service.purpose
    assert form.initial["kept_scopes"] == ["profile", "email", "agent"]
    assert client.post(page_of(service), FILLED | {"long_lived": "on", "skip_consent": "on"}).status_code == 302
    service.refresh_from_db()
    assert service.check_secret(SECRET)
    assert service.skip_consent
    assert "refresh_token" in service.get_grant_types()
    assert not ServiceSession.objects.exists()
    assert relying.person().status_code == 401


def test_a_closed_service_gets_nothing_until_it_opens_again(user, browser):
    service = ServiceFactory()
    relying = Relying(service.pk)
    relying.redeem(agree(browser, relying.address(), user).headers["Location"])
    client, ask = member(Role.SUPERADMIN), {"_selected_action": [service.pk]}
    client.post(LIST, ask | {"action": "close"})
    assert relying.person().status_code == 401
    assert go(browser, relying.address()).status_code == 400
    client.post(page_of(service), FILLED)  # changing it does not open it
    assert go(browser, relying.address()).status_code == 400
    client.post(LIST, ask | {"action": "reopen"})
    assert sent_back(go(browser, relying.address(scope="openid profile")))["code"]
    acts = AccessEvent.objects.filter(kind=AccessKind.SERVICE_MANAGED).order_by("pk").values_list("reason", flat=True)
    assert list(acts) == ["Fermeture", "Modification", "Réouverture"]


@pytest.mark.parametrize("field", ["redirect_uris", "post_logout_uris", "logout_uri"])
def test_a_bad_address_is_refused_with_a_sentence_and_what_was_typed(field):
    answer = member(Role.SUPERADMIN).post(ADD, FILLED | {field: "http://carnet.example/retour"})
    page = answer.content.decode()
    assert "ne commence pas par https://" in page
    assert page.count("http://carnet.example/retour") >= 2
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["https://", "http://a.example/", "https://a@b.example/", "https://a.example/#x", "https://a.example/*", "https://*.example/",
     "https://a.example/../b", "https://a.example:99999/", "javascript:alert(1)", "//a.example", "https://é.example/", "a b",
     "https://[::1", "https:\\\\a.example", "http://127.0.0.1/", "http://localhost/", "myapp://retour"],
)  # fmt: skip
def test_addresses_a_service_cannot_have(address, settings):
    settings.BASE_URL = "https://portail.example"
    assert address_problem(address)


def test_addresses_a_service_can_have(settings):
    settings.BASE_URL = "https://portail.example"
    assert not address_problem("https://a.example:8443/retour?x=1")
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert not address_problem("http://127.0.0.1:9000/retour")
    assert not address_problem("http://localhost:9000/retour")
    assert address_problem("http://a.example/")
