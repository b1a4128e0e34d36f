"""Procedures and the pieces they ask for (documents/legal/procedures.yaml)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from documents.domain.types import LEGAL, type_law
from iprof.kernel import law
from iprof.kernel.legal import LegalSource

FILE = "procedures.yaml"
NEEDS = frozenset({"always", "situation"})
SERVICES = frozenset({"gestionnaire", "medical"})
OPENERS = frozenset({"portal", "mobility"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing a procedure asks for; any of `types` answers. `when` tells the situation that asks for it."""

    code: str
    label: str
    types: tuple[str, ...]
    always: bool
    when: str
    several: bool


@dataclass(frozen=True, slots=True)
class Procedure:
    """`service` is the role that receives the pieces. `by_portal`: sent from « Mes documents »."""

    code: str
    label: str
    service: str
    by_portal: bool
    source: LegalSource
    pieces: Mapping[str, Piece]


def build_procedures(folder: Path = LEGAL, *, known_types: Collection[str] | None = None) -> dict[str, Procedure]:
    """Raises LawFileError, also for a type that types.yaml does not know."""
    known = type_law().types.keys() if known_types is None else known_types
    data = law.read(FILE, required={"checked_on", "sources", "procedures"}, folder=folder)
    return {code: _procedure(code, entry, data, known) for code, entry in law.mapping(data["procedures"], FILE).items()}


def _procedure(code: str, entry: Any, data: Mapping[str, Any], known: Collection[str]) -> Procedure:
    where = f"{FILE}: {code}"
    law.check_keys(entry, {"label", "service", "opened_by", "source", "pieces"}, frozenset(), where)
    if entry["service"] not in SERVICES or entry["opened_by"] not in OPENERS:
        raise law.LawFileError(f"{where}: service or opened_by")
    source = law.source_of({"source": data["sources"].get(entry["source"])}, data["checked_on"], where)
    pieces = {name: _piece(name, piece, where, known) for name, piece in law.mapping(entry["pieces"], where).items()}
    return Procedure(
        code, law.text(entry["label"], where), entry["service"], entry["opened_by"] == "portal", source, pieces
    )


def _piece(code: str, entry: Any, where: str, known: Collection[str]) -> Piece:
    where = f"{where}, {code}"
    law.check_keys(entry, {"label", "types", "need"}, frozenset({"when", "several"}), where)
    if unknown := set(law.sequence(entry["types"], where)) - set(known):
        raise law.LawFileError(f"{where}: unknown type {sorted(map(str, unknown))[0]!r}")
    if entry["need"] not in NEEDS or (entry["need"] == "situation") != ("when" in entry):
        raise law.LawFileError(f"{where}: need or when")
    return Piece(
        code,
        law.text(entry["label"], where),
        tuple(entry["types"]),
        entry["need"] == "always",
        entry.get("when", ""),
        law.flag(entry.get("several", False), where),
    )


@cache
def procedures() -> Mapping[str, Procedure]:
    return build_procedures()
