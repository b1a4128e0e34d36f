"""`python3 run.py check`: everything that is told without running the portal."""

import subprocess
from collections.abc import Mapping

from launcher.places import ROOT
from launcher.python import python
from launcher.servers import throwaway_servers

CODE = ("iprof", "career", "mobility", "documents", "security", "status", "launcher", "run.py", "manage.py")
TOOLS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy", *CODE),
    ("lint-imports",),
    ("djlint", "templates", "--lint", "--quiet"),
    ("yamllint", "--strict", "-c", ".yamllint.yaml", "."),
    ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
)
# What production must be given; the values only have to have the right shape.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "iprof.settings.prod",
    "ALLOWED_HOSTS": "extranet.example",
    "IPROF_OFFICIAL_ADDRESS": "https://extranet.example",
    "SECRET_KEY": "only-to-check-the-settings-0123456789-ABCDEFGHIJ-klmnopqrst",
    "NUMEN_KEY": "bnVtZW4tZGV2ZWxvcG1lbnQta2V5LTMyLWJ5dGVzISE=",
    "LOOKUP_KEY": "bG9va3VwLWRldmVsb3BtZW50LWtleS0zMi1ieXRlcyE=",
    "IPROF_DOCUMENTS_DIR": "/srv/documents",
    "IPROF_CLAMD": "antivirus:3310",
    "JOURNAL_KEY": "am91cm5hbC1kZXZlbG9wbWVudC1rZXktMzItYnl0ZXM=",
}


def tool(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> int:
    return subprocess.run(
        [ROOT / ".venv" / "bin" / name, *arguments], cwd=ROOT, check=False, env=environment
    ).returncode


def check() -> int:
    failed = [" ".join(command) for command in TOOLS if tool(*command)]
    with throwaway_servers() as environment:
        if python("manage.py", "makemigrations", "--check", "--dry-run", **environment):
            failed.append("makemigrations --check")
        if python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment, **PRODUCTION):
            failed.append("check --deploy")
    if failed:
        print("✗ À corriger : " + " · ".join(failed))
        return 1
    print("✓ Rien à signaler.")
    return 0
