"""A teacher and their browser."""

import pytest

from tests.client import PortalClient
from tests.factories.career import full_career


@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def client(owner):
    client = PortalClient()
    client.force_login(owner)
    return client
