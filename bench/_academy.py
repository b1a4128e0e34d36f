"""An académie of its own database, loaded through the product's door: benchmarks never touch the database in use."""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
FEEDS = Path(tempfile.gettempdir()) / f"iprof-bench-{os.getuid()}"


def environment(database: str) -> dict[str, str]:
    """The environment of a process that works on the benchmark's database."""
    return os.environ | {"DATABASE_URL": url(database), "DJANGO_SETTINGS_MODULE": "bench._settings"}


def secret() -> str:
    """The secret shared with the source of the feed, as run.py made it for this machine."""
    return os.environ["SIAE_WEBHOOK_SECRETS"].split(",")[0]


def manage(database: str, *arguments: str) -> str:
    """Runs a command of the product; its output. Raises CalledProcessError with what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment(database), capture_output=True, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        done.check_returncode()
    return done.stdout


def ensure(agents: int, *, name: str = "iprof_bench") -> str:
    """The name of a database with so many agents loaded; made once, then kept for the next runs."""
    with psycopg.connect(url("postgres"), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    manage(name, "migrate", "--verbosity", "0")
    with psycopg.connect(url(name)) as connection:
        found = connection.execute("SELECT count(*) FROM career_agent").fetchone()
    if found is None or found[0] != agents:
        manage(name, "flush", "--no-input", "--verbosity", "0")
        annuaire, feed = feed_of(agents)
        manage(name, "migrate", "--verbosity", "0")
        manage(name, "import_annuaire", str(annuaire))
        manage(name, "siae_load", str(feed), "--quiet")
        with psycopg.connect(url(name), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    return name


def create(name: str) -> None:
    """A database of that name as after `migrate`, whatever stood there before."""
    with psycopg.connect(url("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    manage(name, "migrate", "--verbosity", "0")


def feed_of(agents: int) -> tuple[Path, Path]:
    """(annuaire, feed) of a fictional académie of so many agents, kept between runs of the same generator."""
    FEEDS.mkdir(mode=0o700, exist_ok=True)
    sources = b"".join(path.read_bytes() for path in sorted((ROOT / "career" / "generator").glob("*.py")))
    version = hashlib.sha256(sources).hexdigest()[:8]
    annuaire, feed = FEEDS / f"annuaire-{agents}-{version}.csv", FEEDS / f"feed-{agents}-{version}.ndjson"
    if not feed.exists():
        part = feed.with_suffix(".part")
        manage(
            "postgres", "siae_generate", "--agents", str(agents), "--seed", "1", "--on", "2026-11-01", "--quiet",
            "--out", str(part), "--annuaire-out", str(annuaire),
        )  # fmt: skip
        part.rename(feed)
    return annuaire, feed


def url(database: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{database}"))
