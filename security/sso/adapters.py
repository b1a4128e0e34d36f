"""One interface over the protocols: pages and services know no more of a provider (norm D40)."""

from collections.abc import Mapping
from typing import Protocol

from security.domain.sso import Identity
from security.sso.cas import CasSignOn
from security.sso.oidc import OidcSignOn
from security.sso.providers import Provider
from security.sso.states import Started


class SignOn(Protocol):
    """Each may raise SignOnProblem. `back` is the absolute address of this portal the provider sends the person to."""

    def authorization_url(self, begun: Started, *, back: str, hint: str = "") -> str: ...

    def identity(self, answer: Mapping[str, str], begun: Started, *, back: str) -> Identity: ...

    def logout_url(self, hint: str, *, back: str) -> str: ...


def sign_on(provider: Provider) -> SignOn:
    return CasSignOn(provider) if provider.kind == "cas" else OidcSignOn(provider)
