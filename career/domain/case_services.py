"""Reading the former services of a rule case: months, words, parts of a duration, or periods."""

import re
from typing import Any

from career.domain.case_values import CaseFormatError, day, decimal, whole
from career.domain.prior_services import Service
from iprof.kernel.periods import Duration360

UNITS = {"ans": "years", "mois": "months", "jours": "days"}
MOST = {"ans": 100, "mois": 1200, "jours": 36000}
WORDS = re.compile(
    r"(?=.*\d)(?:(?P<ans>\d{1,3}) ?ans?)?(?:,? ?(?:et )?(?P<mois>\d{1,4}) ?mois)?(?:,? ?(?:et )?(?P<jours>\d{1,5}) ?jours?)?",
    re.ASCII,
)

months = whole(0, MOST["mois"])


def services(value: object, where: str) -> tuple[Service, ...]:
    """Whole months, « 2 ans 3 mois », `{ans, mois, jours}`, or a list of those and of periods, each with its `quotite`."""
    if not isinstance(value, list):
        return (_length(value, where),)
    if not value:
        raise CaseFormatError(f"{where}: une liste d'au moins une durée ou période est attendue")
    return tuple(_service(item, f"{where}[{number}]") for number, item in enumerate(value, start=1))


def _length(value: object, where: str) -> Service:
    if isinstance(value, str) and (told := WORDS.fullmatch(value.strip())):
        value = {unit: int(number) for unit, number in told.groupdict().items() if number}
    if not isinstance(value, dict):
        return Service(Duration360.of(months=months(value, where)))
    _keys(value, set(UNITS), where)
    if not value:
        raise CaseFormatError(f"{where}: une durée dit ans, mois ou jours")
    parts = {UNITS[key]: whole(0, MOST[key])(number, f"{where}.{key}") for key, number in value.items()}
    return Service(Duration360.of(**parts))


def _service(value: object, where: str) -> Service:
    if not isinstance(value, dict):
        return _length(value, where)
    rest = {key: item for key, item in value.items() if key != "quotite"}
    quotite = decimal(value["quotite"], f"{where}.quotite") if "quotite" in value else None
    if not {"debut", "fin"} & set(rest):
        return Service(_length(rest, where).length, quotite=quotite)
    _keys(rest, {"debut", "fin"}, where)
    for key in ("debut", "fin"):
        if key not in rest:
            raise CaseFormatError(f"{where}: la clé {key!r} manque")
    first, last = (day(rest[key], f"{where}.{key}") for key in ("debut", "fin"))
    if last < first:
        raise CaseFormatError(f"{where}.fin: {last} précède le début ({first})")
    return Service.period(first, last, quotite)


def _keys(value: dict[Any, Any], allowed: set[str], where: str) -> None:
    for key in value:
        if key not in allowed:
            raise CaseFormatError(f"{where}: clé inconnue {key!r}")
