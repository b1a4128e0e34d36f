"""Incidents and planned works: opened, told of, closed; kept 90 days (K1)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from status.files import StateProblem, alone, read, write

NAME = "incidents.json"
KEPT_DAYS = 90
LEVELS = {
    "panne": "Service interrompu",
    "gene": "Service perturbé",
    "travaux": "Maintenance prévue",
    "info": "Information",
}
TITLE_MAX, TEXT_MAX = 150, 1_000


@dataclass(frozen=True, slots=True)
class Update:
    at: dt.datetime
    text: str


@dataclass(frozen=True, slots=True)
class Incident:
    """`starts_at` and `ends_at` for planned works. `closed_at` None: it goes on."""

    code: str
    level: str
    title: str
    opened_at: dt.datetime
    updates: tuple[Update, ...]
    closed_at: dt.datetime | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None

    @property
    def label(self) -> str:
        return LEVELS[self.level]

    @property
    def last(self) -> Update:
        return self.updates[-1]


@dataclass(frozen=True, slots=True)
class Book:
    """Newest first. `problem` says why nothing could be read: nobody should believe that all is well."""

    incidents: tuple[Incident, ...] = ()
    problem: str = ""

    @property
    def current(self) -> tuple[Incident, ...]:
        return tuple(incident for incident in self.incidents if incident.closed_at is None)


def load(folder: Path) -> Book:
    """What the file says, whatever it holds. Never raises."""
    try:
        return Book(_understood(read(folder / NAME)))
    except StateProblem as error:
        return Book(problem=str(error))


def _understood(content: Any) -> tuple[Incident, ...]:
    """Raises StateProblem when one line at least is no incident."""
    if content is None:
        return ()
    try:
        found = [_incident(row) for row in content["incidents"]]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise StateProblem(f"{NAME} n'est pas une liste d'incidents. Corrigez-le, ou renommez-le.") from error
    return tuple(sorted(found, key=lambda incident: incident.opened_at, reverse=True))


def _incident(row: dict[str, Any]) -> Incident:
    updates = tuple(Update(_moment(one["at"]), str(one["text"])[:TEXT_MAX]) for one in row["updates"])
    level, title = str(row["level"]), str(row["title"])[:TITLE_MAX]
    if level not in LEVELS or not updates or not title:
        raise ValueError(level)
    dates = {name: _moment(row[name]) for name in ("closed_at", "starts_at", "ends_at") if row.get(name)}
    return Incident(str(row["code"])[:20], level, title, _moment(row["opened_at"]), updates, **dates)


def _moment(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def open_incident(
    folder: Path, *, level: str, title: str, text: str, now: dt.datetime,
    starts_at: dt.datetime | None = None, ends_at: dt.datetime | None = None,
) -> Incident:  # fmt: skip
    """Writes a new one. Raises StateProblem when something is missing, or the file cannot be read or written."""
    title, text = _checked(title, TITLE_MAX, "titre"), _checked(text, TEXT_MAX, "texte")
    if level not in LEVELS:
        raise StateProblem(f"« {level} » n'est pas un niveau : choisissez parmi {', '.join(LEVELS)}.")
    if level == "travaux" and not (starts_at and ends_at and starts_at < ends_at and ends_at > now):
        raise StateProblem("Une maintenance prévue a un début et une fin, la fin après le début et à venir.")
    with alone(folder / NAME):
        known = _understood(read(folder / NAME))
        code = _next_code(known, now)
        made = Incident(code, level, title, now, (Update(now, text),), None, starts_at, ends_at)
        _save(folder, [made, *known], now)
    return made


def update_incident(folder: Path, *, code: str, text: str, now: dt.datetime, close: bool = False) -> Incident:
    """Adds what is known now, and with `close` says that it is over. Raises StateProblem."""
    text = _checked(text, TEXT_MAX, "texte")
    with alone(folder / NAME):
        known = _understood(read(folder / NAME))
        found = next((incident for incident in known if incident.code == code), None)
        if found is None:
            raise StateProblem(f"Aucun incident n'a le numéro {code}. La commande « list » les donne.")
        if found.closed_at is not None:
            raise StateProblem(f"L'incident {code} est clos. Ouvrez-en un autre.")
        changed = replace(found, updates=(*found.updates, Update(now, text)), closed_at=now if close else None)
        _save(folder, [changed if incident is found else incident for incident in known], now)
    return changed


def _checked(text: str, length: int, what: str) -> str:
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not text:
        raise StateProblem(f"Écrivez le {what} : c'est ce que tout le monde lira.")
    if len(text) > length:
        raise StateProblem(f"Le {what} dépasse {length} caractères ({len(text)}). Raccourcissez-le.")
    return text


def _next_code(known: Iterable[Incident], now: dt.datetime) -> str:
    """« 20261125-1 », the day and a rank."""
    day = f"{now:%Y%m%d}"
    ranks = [int(incident.code.partition("-")[2] or 0) for incident in known if incident.code.startswith(f"{day}-")]
    return f"{day}-{max(ranks, default=0) + 1}"


def _save(folder: Path, incidents: Iterable[Incident], now: dt.datetime) -> None:
    limit = now - dt.timedelta(days=KEPT_DAYS)
    kept = [_row(one) for one in incidents if one.closed_at is None or one.closed_at > limit]
    write(folder / NAME, {"incidents": kept})


def _row(incident: Incident) -> dict[str, Any]:
    moments = {name: getattr(incident, name) for name in ("opened_at", "closed_at", "starts_at", "ends_at")}
    return {
        "code": incident.code,
        "level": incident.level,
        "title": incident.title,
        **{name: moment.isoformat(timespec="seconds") for name, moment in moments.items() if moment},
        "updates": [{"at": one.at.isoformat(timespec="seconds"), "text": one.text} for one in incident.updates],
    }
