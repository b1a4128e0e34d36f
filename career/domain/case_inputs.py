"""Strict reading of the inputs of a career case: every key of the format, its type, its values."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from career.domain.bareme_hors_classe import APPRECIATIONS
from career.domain.case_services import months, services
from career.domain.case_values import (
    FIRST_YEAR,
    LAST_YEAR,
    CaseFormatError,
    Reader,
    choice,
    day,
    decimal,
    flag,
    impossible,
    one_of,
    quotite,
    whole,
    word,
)
from career.domain.grids import load_grids
from career.domain.pay_overseas import find_place, load_places
from iprof.kernel.errors import DomainError
from iprof.kernel.text import unaccent

EVENTS = frozenset(
    "avancement reclassement_initial promotion_hors_classe promotion_classe_exceptionnelle linearisation_2023 "
    "changement_corps reprise_services bareme_hors_classe eligibilite_hors_classe eligibilite_classe_exceptionnelle "
    "liste_aptitude_agreges projection passage_echelon traitement traitement_majore sft retraite".split()
)
TARGET = "une date (AAAA-MM-JJ), une année ou un échelon"
SPECIAL = "special"  # the échelon spécial of the classe exceptionnelle, before August 2023
# Of a retirement (sedentaire, active), a contract (premiere, deuxieme) or former services (A, B, C).
CATEGORIES = ("sedentaire", "active", "premiere", "deuxieme", "A", "B", "C")
GRADES: Mapping[str, tuple[str, ...]] = {
    "classe_normale": ("CN", "normale"),
    "hors_classe": ("HC",),
    "classe_exceptionnelle": ("CE", "exceptionnelle"),
    "grade_unique": (),
}


class Inputs:
    """The inputs of a case, read and typed. `need` refuses what is missing, `get` gives None.

    Raises CaseFormatError for what cannot be read, DomainError for a value that no situation has.
    """

    __slots__ = ("_values",)

    def __init__(self, raw: object) -> None:
        if not isinstance(raw, dict):
            raise CaseFormatError("inputs: une table de clés est attendue")
        for key in raw:
            if key not in READERS:
                raise CaseFormatError(f"inputs: clé inconnue {key!r}")
        if raw.get("event") is None:
            raise CaseFormatError("inputs: la clé 'event' manque")
        # A key left empty says nothing: as if it were absent.
        told = [(key, value) for key, value in raw.items() if value is not None]
        self._values: dict[str, Any] = {}
        refused: DomainError | None = None
        for key, value in told:  # what cannot be read is said before what is refused, wherever it stands
            try:
                self._values[key] = READERS[key](value, f"inputs.{key}")
            except DomainError as error:
                refused = refused or error
        if refused:
            raise refused

    def get(self, *keys: str) -> Any:
        """The first of these keys that is given, or None."""
        return next((self._values[key] for key in keys if key in self._values), None)

    def need(self, *keys: str) -> Any:
        """The first of these keys that is given. Raises DomainError("missing_input") naming the first."""
        for key in keys:
            if key in self._values:
                return self._values[key]
        raise DomainError("missing_input", key=keys[0])


def _event(value: object, where: str) -> str:
    if not isinstance(value, str) or value not in EVENTS:
        raise CaseFormatError(f"{where}: {value!r} ne fait pas partie de {', '.join(sorted(EVENTS))}")
    return value


def _place(value: object, where: str) -> str:
    """The code of a place of service, from its code or its name."""
    found = find_place(word(value, where))
    if found is None:
        raise impossible(where, value, one_of(load_places()))
    return found.code


def _category(value: object, where: str) -> str:
    """A known word whatever its accents; another one is left to the rule that asks for it, which refuses it."""
    told = word(value, where)
    return next((known for known in CATEGORIES if unaccent(told).lower() == known.lower()), told)


def _target(value: object, where: str) -> dt.date | int:
    """A day, the last one of a year, or an échelon."""
    if isinstance(value, str):
        try:
            value = int(value) if value.isdigit() else dt.date.fromisoformat(value)
        except ValueError:
            raise impossible(where, value, TARGET) from None
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= 99 and not FIRST_YEAR <= value <= LAST_YEAR:
            raise impossible(where, value, TARGET)
        return value if value <= 99 else dt.date(value, 12, 31)
    try:
        return day(value, where)
    except CaseFormatError:
        raise CaseFormatError(f"{where}: {str(value)!r} n'est pas {TARGET}") from None


def _echelon(value: object, where: str) -> int | str:
    if value == SPECIAL:
        return SPECIAL
    try:
        found: int = whole(1, 99, lambda number: DomainError("echelon_unknown", echelon=number))(value, where)
    except CaseFormatError as error:
        raise CaseFormatError(f"{error}, ni « {SPECIAL} »") from None
    return found


_corps = choice(
    lambda: {code: (corps.label,) for code, corps in load_grids().corps.items()},
    lambda told: DomainError("corps_unknown", corps=told),
)

READERS: Mapping[str, Reader] = {
    "corps": _corps,
    "corps_cible": _corps,
    "grade": choice(lambda: GRADES, lambda told: DomainError("grade_unknown", grade=told)),
    "echelon": _echelon,
    "chevron": whole(1, 99, lambda number: DomainError("chevron_unknown", chevron=number)),
    "event": _event,
    "appreciation": choice(lambda: {code: (label,) for code, label in APPRECIATIONS.items()}),
    **dict.fromkeys(
        ("date_entree_echelon", "date_entree_chevron", "date_event", "date_observation", "date_naissance"), day
    ),
    **dict.fromkeys(("bonification", "bonification_6e", "bonification_8e", "biadmissible", "conge_parental"), flag),
    "annee": whole(FIRST_YEAR, LAST_YEAR),
    "anciennete_mois": months,
    "nombre_enfants": whole(0, 30),
    "lieu": _place,
    "categorie": _category,
    "statut_anterieur": word,
    "duree_services": services,
    "quotite": quotite,
    **dict.fromkeys(("services_effectifs_ans", "dans_le_corps_ans", "fonctions_particulieres_ans"), decimal),
    "vers": _target,
}
