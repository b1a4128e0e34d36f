"""PostgreSQL and Valkey for the time of a command, told as environment variables."""

from collections.abc import Iterator
from contextlib import contextmanager

from launcher.keys import local_keys
from launcher.places import state_folder
from launcher.postgres import database
from launcher.valkey import broker


@contextmanager
def local_servers() -> Iterator[dict[str, str]]:
    """The servers and keys of the portal itself: the data last from one command to the next."""
    state = state_folder()
    with database(state, "postgres", durable=True) as url, broker(state) as redis:
        yield {"DATABASE_URL": url, "REDIS_URL": redis, **local_keys(state), "IPROF_DEMO_DIR": str(state)}


@contextmanager
def throwaway_servers() -> Iterator[dict[str, str]]:
    """Servers for the tests and checks: fast, forgetful after a power cut, without the portal's keys."""
    state = state_folder()
    with database(state, "postgres-test", durable=False) as url, broker(state) as redis:
        yield {"DATABASE_URL": url, "REDIS_URL": redis}
