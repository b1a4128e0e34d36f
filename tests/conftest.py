"""Fixtures shared by the whole suite."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.client import PortalClient

os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")  # « localhost » has no address on a bare machine
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser driver runs an event loop in this thread

settings.register_profile(
    "suite",
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", "15")),  # the whole run stays under fifteen minutes; more on demand
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("suite")


@pytest.fixture
def client() -> PortalClient:
    return PortalClient()


@pytest.fixture(autouse=True)
def _clean_cache(request: pytest.FixtureRequest) -> None:
    """Counters of failed sign-ins and the like live in the cache: each database test starts without any."""
    if (
        "db" in request.fixturenames
        or "transactional_db" in request.fixturenames
        or request.node.get_closest_marker("django_db")
    ):
        from django.core.cache import cache  # noqa: PLC0415  (pure tests run without Django)

        cache.clear()
