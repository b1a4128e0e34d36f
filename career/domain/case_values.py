"""Reading one value of a rule case: its type is the format's, its range and its spelling are the reader's.

A value of the wrong type stops the whole file (CaseFormatError). One that is well written but cannot be (a 0th échelon, a
corps that does not exist) is a situation no rule answers: that case alone is refused (DomainError).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from iprof.kernel.errors import DomainError
from iprof.kernel.text import folded

FIRST_YEAR, LAST_YEAR = 1900, 2200
Reader = Callable[[object, str], Any]


class CaseFormatError(Exception):
    """The case cannot be read; the message names the key. The command adds the file and the case."""


def impossible(where: str, value: object, known: str) -> DomainError:
    return DomainError("value_impossible", key=where.removeprefix("inputs."), value=value, known=known)


def one_of(names: Iterable[str]) -> str:
    return f"une de ces valeurs : {', '.join(sorted(names))}"


def day(value: object, where: str) -> dt.date:
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise CaseFormatError(f"{where}: {str(value)!r} n'est pas une date (AAAA-MM-JJ)")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise impossible(where, value, f"une date de {FIRST_YEAR} à {LAST_YEAR}")
    return value


def whole(low: int, high: int, refused: Callable[[int], DomainError] | None = None) -> Reader:
    """A whole number, written with digits or quoted; `refused` words the number out of range, its range by default."""

    def read(value: object, where: str) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(high)):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise CaseFormatError(f"{where}: {value!r} n'est pas un nombre entier de {low} à {high}")
        if not low <= value <= high:
            raise refused(value) if refused else impossible(where, value, f"un nombre entier de {low} à {high}")
        return value

    return read


def decimal(value: object, where: str) -> Decimal:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            pass
        else:
            if found.is_finite() and found >= 0:
                return found
            if found.is_finite():
                raise impossible(where, value, "un nombre positif")
    raise CaseFormatError(f"{where}: {value!r} n'est pas un nombre")


def quotite(value: object, where: str) -> Decimal:
    """In percent; a share (0.5, 1) is read as well."""
    found = decimal(value, where)
    if not 0 < found <= 100:
        raise DomainError("quotite_impossible", quotite=value)
    return found * 100 if found <= 1 else found


def flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise CaseFormatError(f"{where}: {value!r} n'est ni true ni false")
    return value


def word(value: object, where: str) -> str:
    """A word whose list belongs to the law (statut antérieur, catégorie): the rule refuses the one it does not know."""
    if not isinstance(value, str) or not value.strip():
        raise CaseFormatError(f"{where}: {value!r} n'est pas un texte")
    return value.strip()


def choice(
    allowed: Callable[[], Mapping[str, Iterable[str]]], refused: Callable[[str], DomainError] | None = None
) -> Reader:
    """One of the codes, however spelled; each code comes with its other names. `refused` words the unknown one."""

    def read(value: object, where: str) -> str:
        told = word(value, where)
        names = allowed()
        for code, others in names.items():
            if folded(told) in {folded(name) for name in (code, *others)}:
                return code
        raise refused(told) if refused else impossible(where, told, one_of(names))

    return read
