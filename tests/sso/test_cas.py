"""The same through a CAS 3 server (S62, D40, D42)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security.domain.sso import SignOnProblem
from security.enums import AccessKind
from security.models import AccessEvent, FederatedLink
from security.sso.markup import elements
from tests.client import PortalClient
from tests.factories.accounts import UserFactory
from tests.sso.steps import is_in

pytestmark = pytest.mark.django_db
VALIDATE = "/p3/serviceValidate"
RESPONSE = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{}</cas:serviceResponse>'
SUCCESS = (
    "<cas:authenticationSuccess><cas:user>{}</cas:user><cas:attributes><cas:displayName>Maud Valdoie</cas:displayName>"
    "{}</cas:attributes></cas:authenticationSuccess>"
)
FAILURE = '<cas:authenticationFailure code="INVALID_TICKET">non</cas:authenticationFailure>'
LOGOUT = (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="l1" Version="2.0">'
    "<samlp:SessionIndex>{}</samlp:SessionIndex></samlp:LogoutRequest>"
)
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>' + RESPONSE.format(
    SUCCESS.format("&c;", "")
)
FILE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + RESPONSE.format(SUCCESS.format("&b;", ""))


class Tickets:
    """A server that gives each ticket once, for the service it was asked for."""

    def __init__(self, liar) -> None:
        self.given: dict[str, tuple[str, str]] = {}
        self.more = ""
        liar.answers[VALIDATE] = self.validate

    def give(self, service: str, login: str = "maud") -> str:
        ticket = f"ST-{len(self.given)}-abcdef"
        self.given[ticket] = (service, login)
        return ticket

    def validate(self, sent: dict[str, str]):
        service, login = self.given.get(sent.get("ticket", ""), ("", ""))
        if service and service == sent.get("service"):
            self.given[sent["ticket"]] = ("", "")
            return self.xml(RESPONSE.format(SUCCESS.format(login, self.more)))
        return self.xml(RESPONSE.format(FAILURE))

    @staticmethod
    def xml(text: str):
        return 200, "application/xml", text.encode()


@pytest.fixture
def cas(liar, settings, user) -> Tickets:
    settings.SSO_PROVIDERS = {"ent": {"kind": "cas", "name": "ENT", "issuer": liar.issuer}}
    FederatedLink.objects.create(user=user, provider="ent", issuer=liar.issuer, subject="maud")
    return Tickets(liar)


def service_of(client, **query: str) -> str:
    return parse_qs(urlsplit(client.get("/acces/ent/", query).headers["Location"]).query)["service"][0]


def back(client, service: str, ticket: str):
    return client.get(f"{service.removeprefix('http://testserver')}&ticket={ticket}")


@pytest.mark.req("S62", "D40")
def test_a_ticket_opens_the_account_once(client, cas):
    service = service_of(client, next="/compte/")
    assert service.startswith("http://testserver/acces/ent/retour/?state=")
    ticket = cas.give(service)
    assert back(client, service, ticket).headers["Location"] == "/compte/"
    assert is_in(client)
    client.post("/deconnexion/")
    assert back(client, service, ticket).status_code == 400
    again = service_of(client)
    assert back(client, again, ticket).status_code == 400, "a ticket replayed under a new state"
    assert not is_in(client)


@pytest.mark.req("D40", "D42")
def test_a_ticket_for_another_service_or_browser_opens_nothing(client, cas):
    service = service_of(client)
    assert back(client, service, cas.give("https://ailleurs.example/")).status_code == 400
    service = service_of(client)
    assert back(PortalClient(), service, cas.give(service)).status_code == 400
    assert back(client, service_of(client), "PT-1-proxy").status_code == 400
    assert back(client, service_of(client), "ST-" + "a" * 300).status_code == 400
    assert back(client, service_of(client), "").status_code == 400
    assert not is_in(client)


@pytest.mark.req("D42")
@pytest.mark.parametrize(
    "document",
    [
        BOMB,
        FILE,
        "<a",
        "",
        "<cas:serviceResponse/>",
        RESPONSE.format(""),
        RESPONSE.format(FAILURE + SUCCESS.format("maud", "")),
        RESPONSE.format(SUCCESS.format("maud</cas:user><cas:user>eve", "")),
        RESPONSE.format(SUCCESS.format("", "")),
        "<a>" * 40 + "</a>" * 40,
        SUCCESS.replace(
            "<cas:authenticationSuccess>", '<cas:authenticationSuccess xmlns:cas="http://www.yale.edu/tp/cas">'
        ).format("maud", ""),
        RESPONSE.replace("yale.edu", "ailleurs.example").format(SUCCESS.format("maud", "")),
        "<a>" + "x" * 70_000 + "</a>",
    ],
)
def test_a_document_that_is_not_an_answer_opens_nothing(client, cas, liar, document):
    liar.answers[VALIDATE] = cas.xml(document)
    response = back(client, service_of(client), "ST-1")
    assert response.status_code in {400, 502}
    assert not is_in(client)
    assert AccessEvent.objects.get().kind == AccessKind.ACCESS_REFUSED


@pytest.mark.req("S29", "D40")
def test_a_second_factor_proved_there_counts(client, cas, user):
    user.reinforced = True
    user.save()
    service = service_of(client)
    assert back(client, service, cas.give(service)).headers["Location"] == "/connexion/code/"
    cas.more = "<cas:authnContextClass>mfa-gauth</cas:authnContextClass>"
    strong = PortalClient(REMOTE_ADDR="203.0.113.9")
    service = service_of(strong)
    assert back(strong, service, cas.give(service)).headers["Location"] == "/"


@pytest.mark.req("S62", "D40")
def test_the_server_ends_the_session_of_its_ticket(client, cas):
    service = service_of(client)
    ticket = cas.give(service)
    back(client, service, ticket)
    address = service.removeprefix("http://testserver")
    machine = PortalClient(enforce_csrf_checks=True)
    assert machine.post(address, {"logoutRequest": LOGOUT.format("ST-9-inconnu")}).status_code == 200
    for wrong in ("", "<a/>", BOMB, LOGOUT.format(""), "é\x00"):
        assert machine.post(address, {"logoutRequest": wrong}).status_code == 400
    assert is_in(client)
    assert machine.post(address, {"logoutRequest": LOGOUT.format(ticket)}).status_code == 200
    assert not is_in(client)
    assert machine.post("/acces/ent/fin/").status_code == 404


@pytest.mark.req("S62", "D40")
def test_signing_out_leads_to_the_sign_out_of_the_server(client, cas, liar):
    service = service_of(client)
    back(client, service, cas.give(service))
    assert "Fermer aussi ENT" in client.post("/deconnexion/", follow=True).content.decode()
    left = client.get("/acces/sortie/fermer/").headers["Location"]
    assert left == f"{liar.issuer}/logout?service=http%3A%2F%2Ftestserver%2Fconnexion%2F"


def test_an_unknown_person_is_asked_to_link(client, cas):
    UserFactory(username="eve")
    service = service_of(client)
    assert back(client, service, cas.give(service, "eve")).headers["Location"] == "/acces/relier/"
    assert not is_in(client)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_document_breaks_the_reader(document):
    try:
        elements(document)
    except SignOnProblem:
        pass
