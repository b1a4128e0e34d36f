"""Commands of run.py, once the environment is there."""

import os
import shutil
import subprocess
import sys
import time

from launcher.keys import local_keys
from launcher.places import ROOT, state_folder
from launcher.postgres import Postgres, database
from launcher.serve import serve
from launcher.valkey import broker

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy", "iprof", "career", "mobility", "documents", "security"),
    ("lint-imports",),
    ("djlint", "templates", "--check", "--lint", "--quiet"),
    ("yamllint", "--strict", "-c", ".yamllint.yaml", "career/legal", "docs/requirements.yaml"),
    ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
)


def tool(name: str, *arguments: str) -> int:
    return subprocess.run([f"{ROOT}/.venv/bin/{name}", *arguments], cwd=ROOT, check=False).returncode


def python(*arguments: str, **environment: str) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, check=False).returncode


def with_servers(kind: str, *, durable: bool, **extra: str) -> "Servers":
    return Servers(kind, durable, extra)


class Servers:
    """PostgreSQL and Valkey for the time of a command, as environment variables."""

    def __init__(self, kind: str, durable: bool, extra: dict[str, str]) -> None:
        state = state_folder("run")
        self.database, self.broker = database(state, kind, durable=durable), broker(state)
        self.extra = local_keys(state) | extra if durable else extra

    def __enter__(self) -> dict[str, str]:
        url = self.database.__enter__()
        return {"DATABASE_URL": url, "REDIS_URL": self.broker.__enter__(), **self.extra}

    def __exit__(self, *error: object) -> None:
        self.broker.__exit__(None, None, None)
        self.database.__exit__(None, None, None)


def test(arguments: list[str], *, browser: bool) -> int:
    """Rules and pages on two processes; the browser journeys after them, one at a time."""
    with with_servers("postgres-test", durable=False, DJANGO_SETTINGS_MODULE="iprof.settings.test") as environment:
        if arguments:
            return python("-m", "pytest", *arguments, **environment)
        quick = python("-m", "pytest", "-q", "-n", "2", "-m", "not e2e", "--create-db", **environment)
        if not browser:
            return quick
        if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
            print("▸ Chromium est absent : les essais dans un navigateur sont sautés.", flush=True)
            return quick
        journeys = python("-m", "pytest", "-q", "-m", "e2e", "--create-db", **environment)
        return quick or journeys


def check() -> int:
    failed = [" ".join(command) for command in CHECKS if tool(*command)]
    with with_servers("postgres-test", durable=False) as environment:
        if python("manage.py", "makemigrations", "--check", "--dry-run", **environment):
            failed.append("makemigrations --check")
        production = {
            "DJANGO_SETTINGS_MODULE": "iprof.settings.prod",
            "ALLOWED_HOSTS": "extranet.example",
            "SECRET_KEY": "k" * 30 + "0123456789abcdefghijABCDEFG",
            "NUMEN_KEY": "bnVtZW4tZGV2ZWxvcG1lbnQta2V5LTMyLWJ5dGVzISE=",
            "LOOKUP_KEY": "bG9va3VwLWRldmVsb3BtZW50LWtleS0zMi1ieXRlcyE=",
        }
        if python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **(environment | production)):
            failed.append("check --deploy")
    if failed:
        print("✗ À corriger : " + " · ".join(failed))
        return 1
    print("✓ Rien à signaler.")
    return 0


def bench(names: list[str]) -> int:
    with with_servers("postgres", durable=True) as environment:
        return python("-m", "bench", *names, **environment)


def manage(arguments: list[str]) -> int:
    with with_servers("postgres", durable=True, IPROF_DEMO_DIR=str(state_folder())) as environment:
        return python("manage.py", *arguments, **environment)


def services() -> int:
    with with_servers("postgres", durable=True) as environment:
        for name, value in environment.items():
            print(f"export {name}={value}")
        print("# Ctrl-C arrête les serveurs.", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


def db_reset() -> int:
    if os.environ.get("DATABASE_URL"):
        print(
            "✗ DATABASE_URL est défini : cette base n'est pas celle de run.py, elle n'est pas touchée.", file=sys.stderr
        )
        return 1
    state = state_folder()
    Postgres(state, "postgres", durable=True).stop()
    for name in ("postgres", "postgres-test", "mails", "demo_accounts.json", "keys.json"):
        path = state / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    print("✓ La base locale est vide. Le prochain python3 run.py charge une nouvelle académie fictive.")
    return 0


def main() -> int:
    command, arguments = sys.argv[1], sys.argv[2:]
    match command:
        case "serve":
            return serve()
        case "test":
            return test(arguments, browser=True)
        case "test-fast":
            return test(arguments, browser=False)
        case "check":
            return check()
        case "fix":
            return tool("ruff", "check", "--fix", ".") | tool("ruff", "format", ".")
        case "bench":
            return bench(arguments)
        case "requirements":
            return python("-m", "tests.requirements_report")
        case "manage":
            return manage(arguments)
        case "services":
            return services()
        case _:
            return db_reset()


if __name__ == "__main__":
    sys.exit(main())
