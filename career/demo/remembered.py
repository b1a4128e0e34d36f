"""The passwords given by this installation, kept beside its data in a file that only its owner can read."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from career.demo.accounts import DemoAccount

FILE_NAME = "demo_accounts.json"


def read(folder: Path) -> dict[str, str]:
    """Login → password; empty when nothing was given yet."""
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["login"]: row["password"] for row in rows if row["password"]}


def write(folder: Path, accounts: Iterable[DemoAccount]) -> None:
    rows = [
        {"role": a.role, "name": a.name, "login": a.login, "password": a.password, "remark": a.remark} for a in accounts
    ]
    part = folder / (FILE_NAME + ".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(rows, stream, ensure_ascii=False, indent=1)
    part.rename(folder / FILE_NAME)
