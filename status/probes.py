"""What was measured of the portal: one answer asked every fifteen seconds, counted by day. Nothing is ever filled in."""

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from status.files import StateProblem, read, write

NAME = "probes.json"
EVERY_SECONDS, TIMEOUT_SECONDS = 15, 5
KEPT_DAYS = 90
PARTS = {"database": "base de données", "cache": "mémoire cache", "broker": "file de tâches", "disk": "espace disque"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One probe: whether the portal answered well, how fast, which parts did not."""

    at: dt.datetime
    up: bool
    milliseconds: int = 0
    broken: tuple[str, ...] = ()


@dataclass(slots=True)
class Record:
    """Probes by day (UTC): answered, failed, made during a maintenance. `since`: the first one ever kept."""

    since: dt.datetime | None = None
    days: dict[str, dict[str, int]] = field(default_factory=dict)
    last: Answer | None = None

    def add(self, answer: Answer, *, maintenance: bool) -> None:
        self.since = self.since or answer.at
        name, kind = f"{answer.at:%Y-%m-%d}", "maintenance" if maintenance else "up" if answer.up else "down"
        day = {"up": 0, "down": 0, "maintenance": 0} | self.days.get(name, {})
        day[kind] += 1
        first = f"{answer.at - dt.timedelta(days=KEPT_DAYS):%Y-%m-%d}"
        # Put in place whole: a page is being written from the former one.
        self.days = {one: counts for one, counts in (self.days | {name: day}).items() if one >= first}
        self.last = answer

    def counts(self, *, days: int, now: dt.datetime) -> dict[str, int]:
        """Of the last `days`, today included."""
        first = f"{now - dt.timedelta(days=days - 1):%Y-%m-%d}"
        kept = [counts for name, counts in self.days.items() if name >= first]
        return {kind: sum(counts[kind] for counts in kept) for kind in ("up", "down", "maintenance")}


def share(counts: dict[str, int]) -> float | None:
    """Percent of the probes that were answered, maintenance aside; None when nothing was measured.

    >>> share({"up": 999, "down": 1, "maintenance": 50}), share({"up": 0, "down": 0, "maintenance": 3})
    (99.9, None)
    """
    asked = counts["up"] + counts["down"]
    return 100 * counts["up"] / asked if asked else None


def ask(url: str, host: str, now: dt.datetime) -> Answer:
    """Asks the portal how it is. `host` is the name it answers to."""
    request = urllib.request.Request(url, headers={"Host": host, "User-Agent": "iprof-status"})  # noqa: S310  (our own)
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310  (idem)
            return Answer(now, response.status == 200, _milliseconds(began))
    except urllib.error.HTTPError as error:
        return Answer(now, False, _milliseconds(began), _broken(error))
    except (OSError, ValueError):
        return Answer(now, False, _milliseconds(began))


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _broken(error: urllib.error.HTTPError) -> tuple[str, ...]:
    try:
        parts = json.loads(error.read(10_000))
        return tuple(PARTS[name] for name, well in parts.items() if not well and name in PARTS)
    except (OSError, ValueError, AttributeError):
        return ()


def load(folder: Path) -> Record:
    """What was measured before; anew when the file cannot be understood, the date of the first probe saying so."""
    try:
        content = read(folder / NAME) or {}
        days = {
            str(name): {kind: int(counts[kind]) for kind in ("up", "down", "maintenance")}
            for name, counts in content["days"].items()
        }
        return Record(dt.datetime.fromisoformat(content["since"]), days)
    except (StateProblem, KeyError, TypeError, ValueError, AttributeError):
        return Record()


def save(folder: Path, record: Record) -> None:
    """Raises StateProblem."""
    content: dict[str, Any] = {"since": record.since.isoformat() if record.since else "", "days": record.days}
    write(folder / NAME, content)
