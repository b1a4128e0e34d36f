"""The day the pages are read, and a teacher reading them."""

import datetime as dt

import pytest
import time_machine

from tests.career.web.perspectives import placed
from tests.factories.career import full_career

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield TODAY


@pytest.fixture
def teacher(today, client):
    """An agent with one fact of every kind, signed in."""
    agent = full_career()
    client.force_login(agent.user)
    return agent


@pytest.fixture
def certifie(teacher):
    """Certifié, hors-classe, 3e échelon; in the corps and in post since 1 September 2018."""
    return placed(teacher, grade="hors_classe", echelon=3)
