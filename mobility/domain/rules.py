"""The items of the barème of the second degré for one session, read from mobility/legal/inter_2d.yaml."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from iprof.kernel import law
from iprof.kernel.legal import LegalSource
from mobility.domain.geography import LEGAL
from mobility.domain.sessions import Session, session_of

FILE = "inter_2d.yaml"
BEARINGS = frozenset({"all", "zone", "first", "place", "granted", "corse"})
KEPT: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Item:
    """One item in force for a session. `figures` are its numbers, None when it does not exist that year; `since` the day
    of the first text they hold from."""

    id: str
    label: str
    bears: str
    kept: bool | None
    pieces: tuple[str, ...]
    figures: Mapping[str, Any] | None
    since: dt.date
    source: LegalSource

    def number(self, key: str) -> Any:
        """A figure of the item; KeyError when the item does not exist for the session."""
        return (self.figures or {})[key]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything in force for one session."""

    session: Session
    items: Mapping[str, Item]
    voeux_max: int
    voeux_max_source: LegalSource
    never_reached: frozenset[str]
    known_beginnings: Mapping[str, tuple[str, ...]]
    extension_source: LegalSource
    family_source: LegalSource
    imposition_commune: bool
    telework_refused: bool
    piece_months: int

    def exists(self, item: str) -> bool:
        return self.items[item].figures is not None


@cache
def rules_for(year: int) -> Rules:
    """The rules of the session of a rentrée. Raises DomainError("session_unknown")."""
    session, data = session_of(year), _file()
    checked = data["checked_on"]
    return Rules(
        session=session,
        items={name: _item(name, entry, session, checked) for name, entry in data["items"].items()},
        voeux_max=law.whole(data["voeux_max"]["value"], f"{FILE}: voeux_max"),
        voeux_max_source=law.source_of(data["voeux_max"], checked, f"{FILE}: voeux_max"),
        never_reached=frozenset(data["extension"]["never"]),
        known_beginnings={name: tuple(rest) for name, rest in data["extension"]["known_beginnings"].items()},
        extension_source=law.source_of(data["extension"], checked, f"{FILE}: extension"),
        family_source=law.source_of(data["limits"], checked, f"{FILE}: limits"),
        imposition_commune=session.rules >= data["limits"]["imposition_commune_from"],
        telework_refused=session.rules >= data["limits"]["telework_refused_from"],
        piece_months=data["limits"]["piece_months"],
    )


@cache
def _file() -> dict[str, Any]:
    return law.read(FILE, required={"checked_on", "voeux_max", "items", "extension", "limits"}, folder=LEGAL)


def _item(name: str, entry: dict[str, Any], session: Session, checked: dt.date) -> Item:
    where = f"{FILE}: {name}"
    law.check_keys(
        entry, {"label", "bears", "kept", "pieces", "source", "figures"}, frozenset({"confidence", "url"}), where
    )
    if entry["bears"] not in BEARINGS or entry["kept"] not in KEPT:
        raise law.LawFileError(f"{where}: bears or kept")
    first = max((year for year in entry["figures"] if year <= session.rules), default=None)
    if first is None:
        raise law.LawFileError(f"{where}: no figures for {session.rules}")
    figures = entry["figures"][first]
    return Item(
        id=name,
        label=law.text(entry["label"], where),
        bears=entry["bears"],
        kept=KEPT[entry["kept"]],
        pieces=tuple(entry["pieces"]),
        figures=None if figures is None else {key: _figure(value, where) for key, value in figures.items()},
        since=session_of(first).since,
        source=law.source_of(entry, checked, where),
    )


def _figure(value: Any, where: str) -> Any:
    if isinstance(value, dict):
        return {key: _figure(one, where) for key, one in value.items()}
    return value if isinstance(value, int) else law.decimal(value, where)
