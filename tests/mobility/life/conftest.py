"""A teacher signed in, whose barème is displayed."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from tests.client import PortalClient
from tests.factories.career import full_career
from tests.factories.mobility_life import controlled


@pytest.fixture
def owner():
    return full_career().user


@pytest.fixture
def displayed(owner):
    """The version displayed, two days after its campaign closed."""
    version = controlled(owner)
    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        yield version


@pytest.fixture
def client(owner, displayed):
    """Signed in that day: a session does not last two."""
    client = PortalClient()
    client.force_login(owner)
    return client
