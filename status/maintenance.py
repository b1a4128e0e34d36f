"""Maintenance: a flag in a file, so that it holds while the database is stopped (K2, E24)."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from status.files import StateProblem, read, write
from status.incidents import TEXT_MAX

NAME = "maintenance.json"


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Since when, until when it is expected to last, why."""

    since: dt.datetime
    until: dt.datetime
    reason: str


def load(folder: Path) -> Maintenance | None:
    """None when the portal is open. A file that cannot be understood closes it all the same: somebody put it there."""
    try:
        content = read(folder / NAME)
        if content is None:
            return None
        since, until = (dt.datetime.fromisoformat(content[name]) for name in ("since", "until"))
        if since.tzinfo is None or until.tzinfo is None:
            raise ValueError(content)
        return Maintenance(since, until, str(content["reason"])[:TEXT_MAX])
    except (StateProblem, KeyError, TypeError, ValueError):
        epoch = dt.datetime.fromtimestamp(0, dt.UTC)
        return Maintenance(epoch, epoch, "")


def start(folder: Path, *, until: dt.datetime, reason: str, now: dt.datetime) -> Maintenance:
    """Raises StateProblem."""
    if until <= now:
        raise StateProblem("La fin annoncée est passée : donnez une heure à venir.")
    if not reason.strip() or len(reason) > TEXT_MAX:
        raise StateProblem(f"Écrivez le motif, {TEXT_MAX} caractères au plus : c'est ce que tout le monde lira.")
    moments = {"since": now.isoformat(timespec="seconds"), "until": until.isoformat(timespec="seconds")}
    write(folder / NAME, moments | {"reason": " ".join(reason.split())})
    return Maintenance(now, until, " ".join(reason.split()))


def stop(folder: Path) -> bool:
    """False when there was none. Raises StateProblem."""
    try:
        (folder / NAME).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StateProblem(f"{folder / NAME} ne s'efface pas ({error.strerror}). Vérifiez ses droits.") from error
    return True
