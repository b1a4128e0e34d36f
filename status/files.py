"""JSON files of the state folder: read whatever they hold, written whole or not at all."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class StateProblem(Exception):
    """A file cannot be read or written; the message says what to do."""


def read(path: Path) -> Any:
    """What the file holds; None when there is none. Raises StateProblem when it cannot be understood."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise StateProblem(
            f"{path} est illisible. Corrigez-le, ou renommez-le pour repartir d'un fichier vide."
        ) from error


def write(path: Path, content: Any) -> None:
    """Replaces the file at once: a reader finds the former one or the new one, never a part. Raises StateProblem."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise StateProblem(
            f"{path.parent} ne s'écrit pas ({error.strerror}). Vérifiez ses droits et la place."
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise StateProblem(f"{path} ne s'écrit pas ({error.strerror}). Vérifiez ses droits et la place.") from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One writer at a time: two people who open an incident together write two."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
