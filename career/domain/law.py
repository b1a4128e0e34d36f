"""Strict reader of career/legal/*.yaml: an unknown or missing key is an error naming the file and the key."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml

from iprof.kernel.dated import DatedValues
from iprof.kernel.legal import LegalSource

LEGAL = Path(__file__).resolve().parent.parent / "legal"
UNKNOWN = "unknown"
T = TypeVar("T")


class LawFileError(Exception):
    """A law file does not have the shape its reader expects; the message names file and key."""


def read(name: str, *, required: set[str], optional: frozenset[str] = frozenset(), folder: Path = LEGAL) -> dict[str, Any]:
    """The mapping of one file, its top-level keys checked."""
    try:
        data = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise LawFileError(f"{name}: {error}") from error
    check_keys(data, required, optional, name)
    return data  # type: ignore[no-any-return]


def check_keys(data: object, required: set[str], optional: frozenset[str], where: str) -> None:
    if not isinstance(data, dict):
        raise LawFileError(f"{where}: expected a mapping")
    keys = set(data)
    if missing := required - keys:
        raise LawFileError(f"{where}: missing key {sorted(missing)[0]!r}")
    if unknown := keys - required - optional:
        raise LawFileError(f"{where}: unknown key {sorted(map(str, unknown))[0]!r}")


def source_of(entry: Mapping[str, Any], checked_on: dt.date, where: str) -> LegalSource:
    text = entry.get("source")
    if not isinstance(text, str) or not text.strip():
        raise LawFileError(f"{where}: missing source")
    confidence = entry.get("confidence", "high")
    if confidence not in {"high", "medium", "low"}:
        raise LawFileError(f"{where}: confidence {confidence!r}")
    return LegalSource(text, checked_on=checked_on, confidence=confidence)


def dated(
    name: str, entries: Mapping[Any, Any], checked_on: dt.date, keys: set[str], build: Callable[[Mapping[str, Any], str], T]
) -> DatedValues[T]:
    """Values keyed by first day in force; `build` turns one entry into a value. Days must increase down the file."""
    values: dict[dt.date, tuple[T | None, LegalSource]] = {}
    previous = dt.date.min
    for day, entry in entries.items():
        where = f"{name}: {day}"
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            raise LawFileError(f"{where}: the key is not a day")
        if day <= previous:
            raise LawFileError(f"{where}: days do not increase")
        previous = day
        check_keys(entry, keys | {"source"}, frozenset({"confidence"}), where)
        values[day] = (build(entry, where), source_of(entry, checked_on, where))
    return DatedValues(name, values)


def decimal(value: object, where: str) -> Decimal:
    if not isinstance(value, str):
        raise LawFileError(f"{where}: decimals are written as quoted text, not {value!r}")
    return Decimal(value)


def whole(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise LawFileError(f"{where}: {value!r} is not a whole number")
    return value


def scalar(name: str, folder: Path = LEGAL) -> DatedValues[Decimal]:
    """One quantity per file: label, unit, checked_on, values."""
    data = read(name, required={"label", "unit", "checked_on", "values"}, folder=folder)
    return dated(name, data["values"], data["checked_on"], {"value"}, lambda e, where: decimal(e["value"], where))
