"""The ways to other duties as dated law: competitions, lists and certifications, and what they ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.grids import HORS_ECHELLE
from iprof.kernel.dated import DatedValues

FILE = "perspectives/acces.yaml"
KEYS = {"first_day_known", "corps", "services", "assessed", "index_group", "conditions"}
SERVICES = {
    "publics": "services publics",
    "correspondants": "services effectifs dans des fonctions correspondantes",
    "corps": "services effectifs dans le corps",
    "second_degre": "services dans le second degré",
    "enseignement": "enseignement",
    "domaine_adapte": "exercice dans le domaine adapté",
    "professionnels": "expérience professionnelle",
}
FIRST_JANUARY, LAST_DAY, ADMISSIBILITY = "first_january", "last_day_of_year", "admissibility"
ASSESSED = {
    FIRST_JANUARY: "au 1er janvier de l'année du concours",
    LAST_DAY: "au 31 décembre de l'année de l'examen",
    ADMISSIBILITY: "le jour de la publication des résultats d'admissibilité",
}


@dataclass(frozen=True, slots=True)
class Route:
    """Conditions of a way. `corps` None: any; `services` None: not published; months of service by kind."""

    first_day_known: bool
    corps: frozenset[str] | None
    services: Mapping[str, int] | None
    assessed: str
    index_group: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedRoute:
    code: str
    label: str
    versions: DatedValues[Route]


def build_routes(folder: Path = law.LEGAL) -> dict[str, NamedRoute]:
    """Every way of the file, by code. Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "routes"}, folder=folder)
    routes: dict[str, NamedRoute] = {}
    for code, entry in law.mapping(data["routes"], f"{FILE}: routes").items():
        where = f"{FILE}: {code}"
        law.check_keys(entry, {"label", "values"}, frozenset(), where)
        routes[law.text(code, where)] = NamedRoute(
            code,
            law.text(entry["label"], f"{where}.label"),
            law.dated(where, entry["values"], data["checked_on"], KEYS, _route),
        )
    return routes


def _route(entry: Mapping[str, Any], where: str) -> Route:
    if not isinstance(entry["first_day_known"], bool):
        raise law.LawFileError(f"{where}.first_day_known: {entry['first_day_known']!r} is neither true nor false")
    corps = entry["corps"]
    if corps is not None:
        corps = frozenset(law.text(code, f"{where}.corps") for code in law.sequence(corps, f"{where}.corps"))
    services = entry["services"]
    if services == law.UNKNOWN:
        services = None
    else:
        law.check_keys(services, set(), frozenset(SERVICES), f"{where}.services")
        services = {
            kind: law.whole(months, f"{where}.services.{kind}")
            for kind, months in law.mapping(services, f"{where}.services").items()
        }
    assessed = law.text(entry["assessed"], f"{where}.assessed")
    if assessed not in (*ASSESSED, law.UNKNOWN):
        raise law.LawFileError(f"{where}.assessed: {assessed!r}")
    group = "" if entry["index_group"] is None else law.text(entry["index_group"], f"{where}.index_group")
    if group not in ("", *HORS_ECHELLE):
        raise law.LawFileError(f"{where}.index_group: {group!r}")
    if not isinstance(entry["conditions"], list):
        raise law.LawFileError(f"{where}.conditions: expected a list")
    return Route(
        entry["first_day_known"],
        corps,
        services,
        "" if assessed == law.UNKNOWN else assessed,
        group,
        tuple(law.text(condition, f"{where}.conditions") for condition in entry["conditions"]),
    )


@lru_cache(maxsize=1)
def load_routes() -> Mapping[str, NamedRoute]:
    """Read once per process."""
    return build_routes()
