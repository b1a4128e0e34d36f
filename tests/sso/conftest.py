"""Providers for the tests: a third party's real one, and a small one of ours that lies on demand."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress

from security.models import FederatedLink, User
from security.sso import discovery
from tests.client import PortalClient
from tests.factories.accounts import UserFactory
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
