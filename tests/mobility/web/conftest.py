"""A teacher of the Aube, signed in, on a day of an open campaign."""

import datetime as dt

import pytest
import time_machine

from tests.factories.career import full_career
from tests.factories.mobility import campaign, draft

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def teacher(clock, client):
    agent = full_career()
    client.force_login(agent.user)
    return agent.user


@pytest.fixture
def opened(clock):
    return campaign()


@pytest.fixture
def mine(teacher, opened):
    """Married, one child, Dijon first: a draft."""
    return draft(teacher, opened)
