"""What the tests of what follows a barème share."""

import pytest

from tests.mobility.plain_rules import plain_bareme


@pytest.fixture
def plain_rules(monkeypatch):
    """Rules of a few lines in place of those of the law."""
    monkeypatch.setattr("mobility.services.confirm.bareme", plain_bareme)
