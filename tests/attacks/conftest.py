"""What the attacks share: a clock to travel with, and figures kept for docs/attacks.md."""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator

import pytest
import time_machine

from security.models import User
from tests.factories.accounts import UserFactory

MORNING = dt.datetime(2026, 11, 24, 7, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user() -> User:
    found = UserFactory(username="mvaldoie", first_name="Maud", last_name="Valdoie")
    found.emailaddress_set.create(email=found.email, verified=True, primary=True)
    return found


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Prints what an attack gave and, for `python3 run.py attacks`, adds it as a line to the file of the figures."""

    def keep(**found: object) -> None:
        line = json.dumps({"test": request.node.name, **found}, ensure_ascii=False)
        print(line)
        if path := os.environ.get("ATTACKS_FIGURES"):
            with open(path, "a", encoding="utf-8") as file:
                file.write(line + "\n")

    return keep
