import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from security.idp.models import Service
from security.models import User
from tests.client import PortalClient
from tests.factories.accounts import UserFactory
from tests.factories.idp import ServiceFactory
from tests.idp.relying import Relying


def pem(bits: int = 2048) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture(scope="session")
def signing_key() -> str:
    return pem(3072)


@pytest.fixture(autouse=True)
def _keys(monkeypatch, signing_key) -> None:
    """Not by the fixture `settings`: each change it tells makes the clients load the middleware again."""
    monkeypatch.setattr(settings, "IDP_KEYS", [signing_key])


@pytest.fixture
def user(db) -> User:
    return UserFactory()


@pytest.fixture
def browser(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


@pytest.fixture
def service(db) -> Service:
    return ServiceFactory()


@pytest.fixture
def relying(service) -> Relying:
    return Relying(service.pk)
