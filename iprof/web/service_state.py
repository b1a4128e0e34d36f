"""Incidents and maintenance as the portal tells them: files of the status page, read again only when they change."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from status import incidents, maintenance
from status.incidents import Incident
from status.maintenance import Maintenance

T = TypeVar("T")
TONES = {"panne": "alert", "gene": "warning", "travaux": "info", "info": "info"}
Stamp = tuple[int, int, int]


def folder() -> Path | None:
    return Path(settings.STATUS_DIR) if settings.STATUS_DIR else None


def current_incidents() -> tuple[Incident, ...]:
    """Those that go on; none when the file is missing or says nothing that can be understood. Never an error."""
    return _kept(incidents.NAME, _incidents) or ()


def current_maintenance() -> Maintenance | None:
    return _kept(maintenance.NAME, _maintenance)


def _kept(name: str, load: Callable[[Path, Stamp], T]) -> T | None:
    """One look at the disk: the content is kept as long as its file is the same one."""
    place = folder()
    if place is None:
        return None
    try:
        found = os.stat(place / name)
    except (OSError, ValueError):
        return None
    return load(place, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=2)
def _incidents(place: Path, stamp: Stamp) -> tuple[Incident, ...]:
    return incidents.load(place).current


@lru_cache(maxsize=2)
def _maintenance(place: Path, stamp: Stamp) -> Maintenance | None:
    return maintenance.load(place)
