"""Providers for the tests: a third party's real one, and a small one of ours that lies on demand."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress

from security.models import FederatedLink, User
from security.sso import discovery
from tests.client import PortalClient
from tests.factories.accounts import UserFactory
from tests.sso.liar import CLIENT, Liar, lying
from tests.sso.third_party import of, third_party

PORTAL = "http://testserver"
OUTSIDE = "203.0.113.9"


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    with third_party(PORTAL) as address:
        yield address


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    discovery.forget()


@pytest.fixture
def ent(issuer: str, settings) -> str:
    settings.SSO_PROVIDERS = of(issuer)
    return issuer


@pytest.fixture
def user() -> User:
    user = UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def client() -> PortalClient:
    return PortalClient(REMOTE_ADDR=OUTSIDE)


@pytest.fixture
def linked(user: User, ent: str) -> FederatedLink:
    return FederatedLink.objects.create(user=user, provider="ent", issuer=ent, subject="ent-maud")


@pytest.fixture(scope="session")
def _liars() -> Iterator[tuple[Liar, Liar]]:
    with lying() as one, lying() as two:
        yield one, two


@pytest.fixture
def liar(_liars: tuple[Liar, Liar], settings) -> Liar:
    """The « ENT » of the test. `other` is « ProConnect » beside it, with the same client and the same key."""
    found, other = _liars
    found.reset()
    other.reset()
    told = {"client_id": CLIENT, "client_secret": "s"}
    settings.SSO_PROVIDERS = {
        "ent": {**told, "name": "ENT", "issuer": found.issuer},
        "proconnect": {**told, "name": "ProConnect", "issuer": other.issuer},
    }
    return found


@pytest.fixture
def other(liar: Liar, _liars: tuple[Liar, Liar]) -> Liar:
    return _liars[1]


@pytest.fixture
def known(user: User, liar: Liar) -> FederatedLink:
    return FederatedLink.objects.create(user=user, provider="ent", issuer=liar.issuer, subject="maud")
