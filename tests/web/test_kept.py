"""What is kept in the cache is computed once; without cache the portal computes it each time."""

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as Unreachable

from iprof.web.kept import kept

pytestmark = pytest.mark.django_db  # each test starts with an empty cache


def test_computed_once():
    calls = []
    for _ in range(3):
        assert kept("essai", lambda: calls.append(1) or [1], seconds=60) == [1]
    assert len(calls) == 1


def test_computed_without_cache(monkeypatch):
    def broken(*args, **kwargs):
        raise Unreachable

    monkeypatch.setattr(cache, "get", broken)
    assert kept("essai", lambda: [2], seconds=60) == [2]
