"""Strict reading of the inputs of a career case: every key of the format, its type, its allowed values."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from career.domain.bareme_hors_classe import APPRECIATIONS
from career.domain.grids import load_grids
from career.domain.pay_overseas import find_place, load_places
from career.domain.prior_services import Service
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import Duration360
from iprof.kernel.text import unaccent

EVENTS = frozenset(
    "avancement reclassement_initial promotion_hors_classe promotion_classe_exceptionnelle linearisation_2023 "
    "changement_corps reprise_services bareme_hors_classe eligibilite_hors_classe eligibilite_classe_exceptionnelle "
    "liste_aptitude_agreges projection passage_echelon traitement traitement_majore sft retraite".split()
)
SPECIAL = "special"  # the échelon spécial of the classe exceptionnelle, before August 2023
FIRST_YEAR, LAST_YEAR = 1900, 2200
# Of a retirement (sedentaire, active), a contract (premiere, deuxieme) or former services (A, B, C).
CATEGORIES = ("sedentaire", "active", "premiere", "deuxieme", "A", "B", "C")
UNITS = {"ans": "years", "mois": "months", "jours": "days"}
MOST = {"ans": 100, "mois": 1200, "jours": 36000}
GRADES = frozenset({"classe_normale", "hors_classe", "classe_exceptionnelle", "grade_unique"})


class CaseFormatError(Exception):
    """The case cannot be read; the message names the key. The command adds the file and the case."""


class Inputs:
    """The inputs of a case, read and typed. `need` refuses what is missing, `get` gives None."""

    __slots__ = ("_values",)

    def __init__(self, raw: object) -> None:
        if not isinstance(raw, dict):
            raise CaseFormatError("inputs: une table de clés est attendue")
        for key in raw:
            if key not in READERS:
                raise CaseFormatError(f"inputs: clé inconnue {key!r}")
        # A key left empty says nothing: as if it were absent.
        self._values: dict[str, Any] = {
            key: READERS[key](value, f"inputs.{key}") for key, value in raw.items() if value is not None
        }
        if "event" not in self._values:
            raise CaseFormatError("inputs: la clé 'event' manque")

    def get(self, *keys: str) -> Any:
        """The first of these keys that is given, or None."""
        return next((self._values[key] for key in keys if key in self._values), None)

    def need(self, *keys: str) -> Any:
        """The first of these keys that is given. Raises DomainError("missing_input") naming the first."""
        for key in keys:
            if key in self._values:
                return self._values[key]
        raise DomainError("missing_input", key=keys[0])


def _day(value: object, where: str) -> dt.date:
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise CaseFormatError(f"{where}: {str(value)!r} n'est pas une date (AAAA-MM-JJ)")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise CaseFormatError(f"{where}: {value} n'est pas entre {FIRST_YEAR} et {LAST_YEAR}")
    return value


def _whole(low: int, high: int) -> Callable[[object, str], int]:
    def read(value: object, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise CaseFormatError(f"{where}: {value!r} n'est pas un nombre entier de {low} à {high}")
        return value

    return read


def _decimal(value: object, where: str) -> Decimal:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            pass
        else:
            if found.is_finite() and found >= 0:
                return found
    raise CaseFormatError(f"{where}: {value!r} n'est pas un nombre positif")


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise CaseFormatError(f"{where}: {value!r} n'est ni true ni false")
    return value


def _choice(allowed: Callable[[], Any]) -> Callable[[object, str], str]:
    def read(value: object, where: str) -> str:
        if not isinstance(value, str) or value not in allowed():
            raise CaseFormatError(f"{where}: {value!r} ne fait pas partie de {', '.join(sorted(allowed()))}")
        return value

    return read


def _place(value: object, where: str) -> str:
    """The code of a place of service, from its code or its name."""
    found = find_place(value) if isinstance(value, str) else None
    if found is None:
        raise CaseFormatError(f"{where}: {value!r} ne fait pas partie de {', '.join(sorted(load_places()))}")
    return found.code


def _category(value: object, where: str) -> str:
    """A known word whatever its accents; another one is left to the rule that asks for it, which refuses it."""
    word = _code(value, where)
    return next((known for known in CATEGORIES if unaccent(word).lower() == known.lower()), word)


def _quotite(value: object, where: str) -> Decimal:
    """In percent; a share (0.5, 1) is read as well."""
    found = _decimal(value, where)
    if not 0 < found <= 100:
        raise CaseFormatError(f"{where}: {value!r} n'est pas une quotité, de 0 exclu à 100")
    return found * 100 if found <= 1 else found


def _code(value: object, where: str) -> str:
    """A word whose list belongs to the law (statut antérieur, catégorie): the rule refuses the one it does not know."""
    if not isinstance(value, str) or not value.strip():
        raise CaseFormatError(f"{where}: {value!r} n'est pas un texte")
    return value.strip()


def _services(value: object, where: str) -> tuple[Service, ...]:
    """Whole months, `{ans, mois, jours}`, or a list of those and of periods `{debut, fin}`, each with its `quotite`."""
    if not isinstance(value, list):
        return (_length(value, where),)
    if not value:
        raise CaseFormatError(f"{where}: une liste d'au moins une durée ou période est attendue")
    return tuple(_service(item, f"{where}[{number}]") for number, item in enumerate(value, start=1))


def _length(value: object, where: str) -> Service:
    if isinstance(value, dict):
        _keys(value, set(UNITS), where)
        if not value:
            raise CaseFormatError(f"{where}: une durée dit ans, mois ou jours")
        parts = {UNITS[key]: _whole(0, MOST[key])(number, f"{where}.{key}") for key, number in value.items()}
        return Service(Duration360.of(**parts))
    return Service(Duration360.of(months=_count(value, where)))


def _service(value: object, where: str) -> Service:
    if not isinstance(value, dict):
        return _length(value, where)
    rest = {key: item for key, item in value.items() if key != "quotite"}
    quotite = _decimal(value["quotite"], f"{where}.quotite") if "quotite" in value else None
    if not {"debut", "fin"} & set(rest):
        return Service(_length(rest, where).length, quotite=quotite)
    _keys(rest, {"debut", "fin"}, where)
    for key in ("debut", "fin"):
        if key not in rest:
            raise CaseFormatError(f"{where}: la clé {key!r} manque")
    first, last = (_day(rest[key], f"{where}.{key}") for key in ("debut", "fin"))
    if last < first:
        raise CaseFormatError(f"{where}.fin: {last} précède le début ({first})")
    return Service.period(first, last, quotite)


def _keys(value: dict[Any, Any], allowed: set[str], where: str) -> None:
    for key in value:
        if key not in allowed:
            raise CaseFormatError(f"{where}: clé inconnue {key!r}")


def _any(value: object, where: str) -> object:
    """Keys that only the events not yet computed read: their form is settled with the rule."""
    return value


def _echelon(value: object, where: str) -> int | str:
    if value == SPECIAL:
        return SPECIAL
    try:
        return _whole(1, 99)(value, where)
    except CaseFormatError as error:
        raise CaseFormatError(f"{error}, ni « {SPECIAL} »") from None


_corps = _choice(lambda: load_grids().corps)
_count = _whole(0, 1200)

READERS: Mapping[str, Callable[[object, str], Any]] = {
    "corps": _corps,
    "corps_cible": _corps,
    "grade": _choice(lambda: GRADES),
    "echelon": _echelon,
    "chevron": _whole(1, 99),
    "event": _choice(lambda: EVENTS),
    "appreciation": _choice(lambda: APPRECIATIONS),
    **dict.fromkeys(
        ("date_entree_echelon", "date_entree_chevron", "date_event", "date_observation", "date_naissance"), _day
    ),
    **dict.fromkeys(("bonification", "bonification_6e", "bonification_8e", "biadmissible", "conge_parental"), _flag),
    "annee": _whole(FIRST_YEAR, LAST_YEAR),
    "anciennete_mois": _count,
    "nombre_enfants": _whole(0, 30),
    "lieu": _place,
    "categorie": _category,
    "statut_anterieur": _code,
    "duree_services": _services,
    "quotite": _quotite,
    **dict.fromkeys(("services_effectifs_ans", "dans_le_corps_ans", "fonctions_particulieres_ans"), _decimal),
    "vers": _any,
}
