"""CAS 3: a ticket in the address, checked by the portal at the server (norm D40)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from iprof.web.crypto import lookup_digest
from security.domain.sso import STRONG_METHODS, Fault, Identity, SignOnProblem, checked_subject, missing_claims
from security.domain.sso import shown_name as name_of
from security.sso.markup import Element, elements
from security.sso.providers import Provider
from security.sso.states import Started
from security.sso.transport import ask_ok

CAS = "http://www.yale.edu/tp/cas "
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol "
METHODS = {"mfa-gauth": "totp", "mfa-webauthn": "pop", "mfa-duo": "mfa", "mfa-simple": "mfa"}  # of Apereo CAS
LONGEST_TICKET = 256  # characters (CAS protocol 3.0, § 3.7)


class CasSignOn:
    """One server. The service address holds the state: a ticket made for another address, or another browser, opens nothing."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def authorization_url(self, begun: Started, *, back: str, hint: str = "") -> str:
        return f"{self._base}/login?{urlencode({'service': _service(back, begun)})}"

    def identity(self, answer: Mapping[str, str], begun: Started, *, back: str) -> Identity:
        ticket = answer.get("ticket", "")
        if not ticket.startswith("ST-") or len(ticket) > LONGEST_TICKET or not ticket.isprintable():
            raise SignOnProblem(Fault.DENIED, "ticket")
        query = urlencode({"service": _service(back, begun), "ticket": ticket})
        found = elements(ask_ok(self.provider, f"{self._base}/p3/serviceValidate?{query}").body)
        return self._identity(found, ticket)

    def logout_url(self, hint: str, *, back: str) -> str:
        return f"{self._base}/logout?{urlencode({'service': back})}"

    def _identity(self, found: list[Element], ticket: str) -> Identity:
        names = {element.name for element in found}
        users = [element.text for element in found if element.name == f"{CAS}user" and element.depth == 2]
        refused = f"{CAS}authenticationFailure" in names or f"{CAS}authenticationSuccess" not in names
        if found[-1].name != f"{CAS}serviceResponse" or refused or len(users) != 1:
            raise SignOnProblem(Fault.UNTRUSTED, "ticket")
        attributes = _attributes(found)
        claims = {name: values[0] for name, values in attributes.items()}
        if absent := missing_claims(claims, self.provider.required):
            raise SignOnProblem(Fault.INCOMPLETE, " ".join(absent))
        proofs = {METHODS.get(value, value) for value in attributes.get("authnContextClass", ())}
        return Identity(
            issuer=self.provider.issuer,
            subject=checked_subject(users[0]),
            name=name_of(claims) or claims.get("displayName", "")[:120],
            strong=bool(proofs & STRONG_METHODS),
            session=session_of(ticket),
        )

    @property
    def _base(self) -> str:
        return self.provider.issuer.rstrip("/")


def session_of(ticket: str) -> str:
    """What is kept of a ticket, to know it again when its server ends the session: it opens nothing."""
    return lookup_digest(ticket, context="cas-ticket")


def ended_session(document: bytes) -> str:
    """The session a LogoutRequest of the server ends. Raises SignOnProblem."""
    found = elements(document)
    tickets = [element.text for element in found if element.name == f"{SAMLP}SessionIndex"]
    if found[-1].name != f"{SAMLP}LogoutRequest" or len(tickets) != 1 or not tickets[0]:
        raise SignOnProblem(Fault.BROKEN, "logout")
    return session_of(tickets[0])


def _attributes(found: list[Element]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for element in found:
        if element.depth == 3 and element.name.startswith(CAS) and element.text:
            values.setdefault(element.name.removeprefix(CAS), []).append(element.text)
    return values


def _service(back: str, begun: Started) -> str:
    return f"{back}?{urlencode({'state': begun.state})}"
