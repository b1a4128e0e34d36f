"""Reading one value of a mobility case, beside those of `career.domain.case_values`: same two kinds of refusal."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from career.domain.case_values import CaseFormatError, Reader, day, flag, whole, word
from iprof.kernel.text import folded

CORPS: Mapping[str, tuple[str, ...]] = {
    "certifie": ("Professeurs certifiés",),
    "agrege": ("Professeurs agrégés",),
    "plp": ("Professeurs de lycée professionnel",),
    "peps": ("Professeurs d'éducation physique et sportive",),
    "cpe": ("Conseillers principaux d'éducation",),
    "psyen": ("Psychologues de l'éducation nationale",),
    "pe": ("Professeurs des écoles",),
    "instituteur": (),
}
CLASSES: Mapping[str, tuple[str, ...]] = {
    "normale": ("classe normale", "CN"),
    "hors_classe": ("HC",),
    "exceptionnelle": ("classe exceptionnelle", "CE"),
}
STATUSES: Mapping[str, tuple[str, ...]] = {"titulaire": (), "stagiaire": ()}
KINDS: Mapping[str, tuple[str, ...]] = {**STATUSES, "stagiaire_ex_titulaire": ("ex titulaire",)}
PROOFS = ("activite", "residence_privee", "teletravail")
SPECIAL_ECHELON = 5  # the échelon spécial of the classe exceptionnelle, before it became the fifth
YEARS = whole(0, 60)
MONTHS = whole(0, 720)
_echelon = whole(1, 11)


def table(value: object, where: str, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """The values told in a mapping whose every key is known; a key left empty says nothing."""
    if not isinstance(value, dict):
        raise CaseFormatError(f"{where}: une table de clés est attendue")
    for key in value:
        if key not in readers:
            raise CaseFormatError(f"{where}: clé inconnue {key!r}")
    return {key: readers[key](told, f"{where}.{key}") for key, told in value.items() if told is not None}


def sequence(read: Reader) -> Reader:
    """A list of values, or one value alone."""

    def read_all(value: object, where: str) -> tuple[Any, ...]:
        told = value if isinstance(value, list) else [value]
        return tuple(read(one, f"{where}[{number}]") for number, one in enumerate(told, start=1))

    return read_all


def by_day(read: Reader) -> Reader:
    """A mapping from days to values."""

    def read_all(value: object, where: str) -> dict[dt.date, Any]:
        if not isinstance(value, dict):
            raise CaseFormatError(f"{where}: une table de dates est attendue")
        return {day(key, where): read(told, f"{where}.{key}") for key, told in value.items()}

    return read_all


def departement(value: object, where: str) -> str:
    """A code: « 51 », « 2A ». One written without quotes is read as a number.

    >>> departement(8, "x"), departement("2a", "x"), departement(971, "x")
    ('08', '2A', '971')
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1000:
        value = str(value)
    told = word(value, where).upper()
    return told.zfill(2) if told.isdigit() else told


def echelon(value: object, where: str) -> int:
    if isinstance(value, str) and folded(value) == "special":
        return SPECIAL_ECHELON
    found: int = _echelon(value, where)
    return found


def moment(value: object, where: str) -> dt.date:
    """A day; an hour after it is not kept."""
    return day(value.date() if isinstance(value, dt.datetime) else value, where)


ASKED = frozenset(folded(word) for word in ("en_cours", "demande", "demandee", "non_notifiee", "deposee"))


def recognised(value: object, where: str) -> bool | None:
    """Whether somebody is BOE; None: asked for, and not notified yet."""
    return None if isinstance(value, str) and folded(value) in ASKED else flag(value, where)


def ended(value: object, where: str) -> dt.date | None:
    """The day a union ended; « true » without a day is one that ended, « false » one that holds."""
    if isinstance(value, bool):
        return dt.date.min if value else None
    return moment(value, where)


def proof(value: object, where: str) -> str:
    told = word(value, where)
    return next((known for known in PROOFS if folded(told) == folded(known)), told)


def place_or_flag(value: object, where: str) -> str | bool:
    """A place, or only that there is one (true) or none (false)."""
    return flag(value, where) if isinstance(value, bool) else place(value, where)


def place(value: object, where: str) -> str:
    """The name or the code of an académie, the code of a département; their list belongs to the law."""
    return departement(value, where) if isinstance(value, int) else word(value, where)
