"""Mean seniority in a grade beyond the académie: the figures published, dated; « non publié » where there is none."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import french_date
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import NotInForce
from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource

FILE = "statistiques/anciennete_grade.yaml"
PERIMETERS = ("region", "national")
ALL = "all"
Key = tuple[str, str, int | None]  # corps, grade, échelon or None for the whole grade


@dataclass(frozen=True, slots=True)
class Perimeter:
    """`means` in years, by day observed; None: nothing published in `consulted`, where it was looked for."""

    code: str
    name: str
    consulted: LegalSource
    means: DatedValues[Mapping[Key, Decimal]] | None


def _means(entry: Mapping[str, Any], where: str) -> Mapping[Key, Decimal]:
    found: dict[Key, Decimal] = {}
    for corps, grades in law.mapping(entry["means"], where).items():
        for grade, echelons in law.mapping(grades, f"{where}.{corps}").items():
            for echelon, years in law.mapping(echelons, f"{where}.{corps}.{grade}").items():
                at = f"{where}.{corps}.{grade}.{echelon}"
                number = None if echelon == ALL else law.whole(echelon, at)
                found[law.text(corps, at), law.text(grade, at), number] = law.decimal(years, at)
    return found


def _perimeter(code: str, raw: Any, checked_on: dt.date) -> Perimeter:
    where = f"{FILE}: {code}"
    law.check_keys(raw, {"name", "consulted", "url", "figures"}, frozenset(), where)
    consulted = law.source_of({"source": raw["consulted"], "url": raw["url"]}, checked_on, where)
    figures = raw["figures"]
    means = None if figures is None else law.dated(where, figures, checked_on, {"means"}, _means)
    return Perimeter(code, law.text(raw["name"], f"{where}.name"), consulted, means)


def build_perimeters(folder: Path = law.LEGAL) -> dict[str, Perimeter]:
    """The perimeters of the file, by code. Raises LawFileError naming file and key."""
    data = law.read(FILE, required={"label", "checked_on", "unit", "perimeters"}, folder=folder)
    law.check_keys(data["perimeters"], set(PERIMETERS), frozenset(), f"{FILE}: perimeters")
    return {code: _perimeter(code, raw, data["checked_on"]) for code, raw in data["perimeters"].items()}


@lru_cache(maxsize=1)
def load_perimeters() -> dict[str, Perimeter]:
    """The perimeters of the project, read once per process."""
    return build_perimeters()


def published_node(perimeter: Perimeter, key: Key, on: dt.date) -> Node:
    """The mean of the latest table observed by the day `on`, in years; without value where none gives this group."""
    try:
        dated = perimeter.means.at(on) if perimeter.means else None
    except NotInForce:
        dated = None
    rule = f"career.comparison.{perimeter.code}"
    if dated is None or key not in dated.value:
        sentence = "Aucune moyenne n'est publiée pour ce groupe dans la source consultée : rien n'est estimé."
        return Node(perimeter.name, None, "", rule, "", (perimeter.consulted,), sentence=sentence)
    return Node(
        perimeter.name,
        dated.value[key],
        "ans",
        rule,
        dated.since.isoformat(),
        (dated.source,),
        sentence=f"Moyenne publiée, observée le {french_date(dated.since)}.",
    )
