"""Types of documents: what the law file says of each (documents/legal/types.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from iprof.kernel import law
from iprof.kernel.legal import LegalSource

LEGAL = Path(__file__).resolve().parent.parent / "legal"
FILE = "types.yaml"


class Sensitivity(StrEnum):
    ORDINARY = "ordinary"
    IDENTITY = "identity"  # copies made for staff carry a watermark
    MEDICAL = "medical"  # read by the medical service alone


class Lifetime(StrEnum):
    """How long it is worth something in a procedure."""

    MONTHS = "months"  # counted back from the day of deposit
    PERMANENT = "permanent"
    UNKNOWN = "unknown"  # no figure published


@dataclass(frozen=True, slots=True)
class DocumentType:
    """`name` begins the name proposed for the file. `dated`: its date must be told. `ends`: it carries its own end of
    validity. `months` only with Lifetime.MONTHS."""

    code: str
    label: str
    name: str
    family: str
    lifetime: Lifetime
    months: int | None
    source: LegalSource
    sensitivity: Sensitivity
    dated: bool
    ends: bool
    retention_years: int | None


@dataclass(frozen=True, slots=True)
class TypeLaw:
    families: Mapping[str, str]
    types: Mapping[str, DocumentType]


def build_types(folder: Path = LEGAL) -> TypeLaw:
    """Raises LawFileError."""
    data = law.read(FILE, required={"checked_on", "sources", "families", "types"}, folder=folder)
    families = {code: law.text(label, f"{FILE}: {code}") for code, label in law.mapping(data["families"], FILE).items()}
    sources = law.mapping(data["sources"], FILE)
    return TypeLaw(
        families,
        {
            code: _type(code, entry, families, sources, data["checked_on"])
            for code, entry in law.mapping(data["types"], FILE).items()
        },
    )


def _type(
    code: str, entry: Any, families: Mapping[str, str], sources: Mapping[str, Any], checked_on: Any
) -> DocumentType:
    where = f"{FILE}: {code}"
    law.check_keys(
        entry,
        {"label", "name", "family", "validity", "source"},
        frozenset({"sensitivity", "dated", "ends", "retention_years"}),
        where,
    )
    if entry["family"] not in families:
        raise law.LawFileError(f"{where}: family {entry['family']!r}")
    lifetime, months = _validity(entry["validity"], where)
    years = entry.get("retention_years")
    return DocumentType(
        code,
        law.text(entry["label"], where),
        law.text(entry["name"], where),
        entry["family"],
        lifetime,
        months,
        law.source_of({"source": sources.get(entry["source"])}, checked_on, where),
        _sensitivity(entry.get("sensitivity", "ordinary"), where),
        law.flag(entry.get("dated", False), where),
        law.flag(entry.get("ends", False), where),
        None if years is None else law.whole(years, where),
    )


def _validity(value: object, where: str) -> tuple[Lifetime, int | None]:
    if isinstance(value, dict):
        law.check_keys(value, {"months"}, frozenset(), where)
        return Lifetime.MONTHS, law.whole(value["months"], where)
    if value not in (Lifetime.PERMANENT, Lifetime.UNKNOWN):
        raise law.LawFileError(f"{where}: validity {value!r}")
    return Lifetime(str(value)), None


def _sensitivity(value: object, where: str) -> Sensitivity:
    try:
        return Sensitivity(str(value))
    except ValueError:
        raise law.LawFileError(f"{where}: sensitivity {value!r}") from None


@cache
def type_law() -> TypeLaw:
    return build_types()


def document_type(code: str) -> DocumentType | None:
    """None for a code that is no type (any more)."""
    return type_law().types.get(code)
