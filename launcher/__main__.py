"""Commands of run.py, once the environment is there."""

import os
import shutil
import sys
import time
from pathlib import Path

from launcher import checks, suite
from launcher.attacks import attacks
from launcher.faults import faults
from launcher.places import state_folder
from launcher.postgres import Postgres
from launcher.python import python
from launcher.serve import serve
from launcher.servers import local_servers
from launcher.stopping import Stop, listen
from status.command import main as tell

NEED_TABLES = {
    "siae_load", "siae_replay", "import_annuaire", "createsuperuser", "demo_seed", "demo_accounts", "demo_documents",
}  # fmt: skip
ACCESS = "import django, runpy; django.setup(); runpy.run_module('tests.access_report', run_name='__main__')"
KEPT_DATA = (
    "postgres",
    "postgres-test",
    "mails",
    "documents",
    "demo_accounts.json",
    "keys.json",
    "servers.password",
    "beat",
)


def status_folder() -> Path:
    """Where the page of the state of the service reads; no server is needed."""
    return Path(os.environ.get("IPROF_STATUS_DIR") or state_folder() / "status")


def bench(names: list[str]) -> int:
    with local_servers() as environment:
        return python("-m", "bench", *names, **environment)


def manage(arguments: list[str]) -> int:
    with local_servers() as environment:
        if arguments and arguments[0] in NEED_TABLES:  # the database may be new
            python("manage.py", "migrate", "--verbosity", "0", **environment)
        return python("manage.py", *arguments, **environment)


def services() -> int:
    with local_servers() as environment:
        for name, value in environment.items():
            print(f"export {name}={value}")
        print("# Ctrl-C arrête les serveurs.", flush=True)
        while True:
            time.sleep(3600)


def db_reset() -> int:
    if os.environ.get("DATABASE_URL"):
        print(
            "✗ DATABASE_URL est défini : cette base n'est pas celle de run.py, elle n'est pas touchée.", file=sys.stderr
        )
        return 1
    state = state_folder()
    for name in ("postgres", "postgres-test"):
        Postgres(state, name, durable=True).stop()
    for name in KEPT_DATA:
        path = state / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    print("✓ La base locale est vide. Le prochain python3 run.py charge une nouvelle académie fictive.")
    return 0


def run(command: str, arguments: list[str]) -> int:
    match command:
        case "serve":
            return serve()
        case "test":
            return suite.test(arguments, browser=True)
        case "test-fast":
            return suite.test(arguments, browser=False)
        case "check":
            return checks.check()
        case "fix":
            return checks.tool("ruff", "check", "--fix", ".") | checks.tool("ruff", "format", ".")
        case "bench":
            return bench(arguments)
        case "requirements":
            return python("-m", "tests.requirements_report")
        case "asvs":
            return python("-m", "tests.asvs_report")
        case "attacks":
            return attacks(arguments)
        case "faults":
            return faults(arguments)
        case "access":
            return python("-c", ACCESS, DJANGO_SETTINGS_MODULE="iprof.settings.test")
        case "manage":
            return manage(arguments)
        case "incident" | "maintenance":
            return tell(command, arguments, status_folder())
        case "services":
            return services()
        case _:
            return db_reset()


def main() -> int:
    command, arguments = sys.argv[1], sys.argv[2:]
    listen()
    try:
        return run(command, arguments)
    except Stop as stop:
        return 0 if command in {"serve", "services"} else 128 + stop.number


if __name__ == "__main__":
    sys.exit(main())
