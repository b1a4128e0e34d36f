"""Strict reader of dated law in YAML: an unknown or missing key is an error naming the file and the key."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import yaml

from iprof.kernel.dated import DatedValues
from iprof.kernel.legal import LegalSource

UNKNOWN = "unknown"
MERGE = "tag:yaml.org,2002:merge"
T = TypeVar("T")


class LawFileError(Exception):
    """A law file does not have the shape its reader expects; the message names file and key."""


class UniqueKeyLoader(yaml.SafeLoader):
    """A date or a code written twice would silently hide the first value: refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value if key.tag != MERGE]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                raise yaml.constructor.ConstructorError(None, None, f"key {key} written twice", node.start_mark)
        return super().construct_mapping(node, deep)


def read(name: str, *, required: set[str], optional: frozenset[str] = frozenset(), folder: Path) -> dict[str, Any]:
    """The mapping of one file, its top-level keys checked."""
    data = load(name, folder=folder)
    check_keys(data, required, optional, name)
    for key in ("label", "unit"):
        if key in data:
            text(data[key], f"{name}: {key}")
    for key in ("checked_on", "since"):
        if key in data:
            day(data[key], f"{name}: {key}")
    return data


def load(name: str, *, folder: Path) -> Any:
    """What a file says, whatever its shape; no key written twice."""
    try:
        return yaml.load((folder / name).read_text(encoding="utf-8"), Loader=UniqueKeyLoader)  # noqa: S506 (a SafeLoader)
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: an impossible date, text that is not UTF-8
        raise LawFileError(f"{name}: {error}") from error


def check_keys(data: object, required: set[str], optional: frozenset[str], where: str) -> None:
    if not isinstance(data, dict):
        raise LawFileError(f"{where}: expected a mapping")
    keys = set(data)
    if missing := required - keys:
        raise LawFileError(f"{where}: missing key {sorted(missing)[0]!r}")
    if unknown := keys - required - optional:
        raise LawFileError(f"{where}: unknown key {sorted(map(str, unknown))[0]!r}")


def source_of(entry: Mapping[str, Any], checked_on: dt.date, where: str) -> LegalSource:
    source, url = entry.get("source"), entry.get("url", "")
    if not isinstance(source, str) or not source.strip():
        raise LawFileError(f"{where}: missing source")
    if not isinstance(url, str) or (url and not url.startswith(("https://", "http://"))):
        raise LawFileError(f"{where}: url {url!r}")
    confidence = entry.get("confidence", "high")
    if confidence not in ("high", "medium", "low"):
        raise LawFileError(f"{where}: confidence {confidence!r}")
    return LegalSource(source, url, checked_on, confidence)


def dated(
    name: str,
    entries: Mapping[Any, Any],
    checked_on: dt.date,
    keys: set[str],
    build: Callable[[Mapping[str, Any], str], T],
) -> DatedValues[T]:
    """Values keyed by first day in force; `build` turns one entry into a value. Days must increase down the file."""
    values: dict[dt.date, tuple[T | None, LegalSource]] = {}
    previous = dt.date.min
    for first_day, entry in mapping(entries, name).items():
        where = f"{name}: {first_day}"
        if day(first_day, where) <= previous:
            raise LawFileError(f"{where}: days do not increase")
        previous = first_day
        check_keys(entry, keys | {"source"}, frozenset({"confidence", "url"}), where)
        closed = all(entry[key] is None for key in keys)
        value = None if closed else build(entry, where)
        values[first_day] = (value, source_of(entry, checked_on, where))
    return DatedValues(name, values)


def day(value: object, where: str) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise LawFileError(f"{where}: {value!r} is not a day")
    return value


def text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise LawFileError(f"{where}: {value!r} is not a text")
    return value


def mapping(value: object, where: str) -> Mapping[Any, Any]:
    if not isinstance(value, dict) or not value:
        raise LawFileError(f"{where}: expected a mapping that is not empty")
    return value


def sequence(value: object, where: str, *, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or not value or (length is not None and len(value) != length):
        raise LawFileError(f"{where}: expected a list of {length or 'at least one'}")
    return value


def decimal(value: object, where: str) -> Decimal:
    if not isinstance(value, str):
        raise LawFileError(f"{where}: decimals are written as quoted text, not {value!r}")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise LawFileError(f"{where}: {value!r} is not a decimal") from None


def whole(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise LawFileError(f"{where}: {value!r} is not a whole number")
    return value


def scalar(name: str, folder: Path) -> DatedValues[Decimal]:
    """One quantity per file: label, unit, checked_on, values."""
    data = read(name, required={"label", "unit", "checked_on", "values"}, folder=folder)
    return dated(name, data["values"], data["checked_on"], {"value"}, lambda e, where: decimal(e["value"], where))


def flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise LawFileError(f"{where}: {value!r} is neither true nor false")
    return value


def month_day(value: object, where: str) -> tuple[int, int]:
    """A day of every year, written "MM-DD" (never 29 February).

    >>> month_day("08-31", "exemple")
    (8, 31)
    """
    try:
        found = dt.date.fromisoformat(f"2001-{text(value, where)}")
    except ValueError:
        raise LawFileError(f"{where}: {value!r} is not a day of the year") from None
    return found.month, found.day
