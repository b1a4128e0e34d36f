"""Points of the hors-classe table: appreciation and seniority on the observation day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import french_date, ordinal
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import counted
from iprof.kernel.periods import months_between

FILES = ("promotions/bareme_hors_classe_second_degre.yaml", "promotions/bareme_hors_classe_premier_degre.yaml")
APPRECIATIONS = {
    "Excellent": "Excellent",
    "Tres_satisfaisant": "Très satisfaisant",
    "Satisfaisant": "Satisfaisant",
    "A_consolider": "À consolider",
}


@dataclass(frozen=True, slots=True)
class Bareme:
    """Points by appreciation, and by (échelon, full years in it); the last row also serves longer stays."""

    appreciation: Mapping[str, int]
    anciennete: Mapping[tuple[int, int], int]

    @property
    def highest(self) -> int:
        """The most points anybody can have."""
        return max(self.appreciation.values()) + max(self.anciennete.values())

    def seniority_points(self, echelon: int, years: int) -> int:
        """Raises DomainError("bareme_out_of_range")."""
        last = max(self.anciennete)
        if echelon == last[0]:
            years = min(years, last[1])
        try:
            return self.anciennete[echelon, years]
        except KeyError:
            raise DomainError("bareme_out_of_range", echelon=echelon, years=years) from None


def build_baremes(folder: Path = law.LEGAL) -> dict[str, DatedValues[Bareme]]:
    """The table of each corps, by corps code. Raises LawFileError."""
    tables: dict[str, DatedValues[Bareme]] = {}
    for file in FILES:
        data = law.read(file, required={"label", "checked_on", "corps", "observation_day", "values"}, folder=folder)
        values = law.dated(file, data["values"], data["checked_on"], {"appreciation", "anciennete"}, _bareme)
        for corps in law.sequence(data["corps"], f"{file}: corps"):
            if law.text(corps, f"{file}: corps") in tables:
                raise law.LawFileError(f"{file}: corps: {corps!r} already has a table")
            tables[corps] = values
    return tables


def _bareme(entry: Mapping[str, Any], where: str) -> Bareme:
    appreciation = law.mapping(entry["appreciation"], f"{where}.appreciation")
    law.check_keys(appreciation, set(APPRECIATIONS), frozenset(), f"{where}.appreciation")
    rows: dict[tuple[int, int], int] = {}
    for row in law.sequence(entry["anciennete"], f"{where}.anciennete"):
        echelon, years, points = (
            law.whole(n, f"{where}.anciennete") for n in law.sequence(row, f"{where}.anciennete", length=3)
        )
        if rows and (echelon, years) <= max(rows):
            raise law.LawFileError(f"{where}.anciennete: rows do not increase at {row}")
        rows[echelon, years] = points
    return Bareme({name: law.whole(points, f"{where}.{name}") for name, points in appreciation.items()}, rows)


@lru_cache(maxsize=1)
def load_baremes() -> dict[str, DatedValues[Bareme]]:
    """The tables of the project, read once per process."""
    return build_baremes()


def bareme_of(corps: str, on: dt.date) -> Dated[Bareme]:
    """The table of a corps on a day. Raises NotInForce, DomainError("no_bareme")."""
    tables = load_baremes()
    if corps not in tables:
        raise DomainError("no_bareme", corps=corps)
    return tables[corps].at(on)


def bareme_node(
    *, corps: str, grade: str, echelon: int, echelon_start: dt.date, appreciation: str, on: dt.date, origin: str = ""
) -> Node:
    """Points on the observation day `on` (31 August of the campaign), in points, with one child per line.

    Full years are counted date to date: entered on 1 September 2024, one has one full year on 31 August 2026.
    Raises NotInForce, DomainError("no_bareme" | "bareme_grade" | "bareme_out_of_range" | "entered_later").
    Source: lignes directrices de gestion ministérielles, annexe 1, II.2.2.
    """
    table = bareme_of(corps, on)
    if grade != "classe_normale":
        raise DomainError("bareme_grade", grade=grade)
    if echelon_start > on:
        raise DomainError("entered_later", on=on)
    years = months_between(echelon_start, on) // 12
    earned = table.value.appreciation[appreciation]
    seniority = table.value.seniority_points(echelon, years)
    said = origin or "Situation saisie"
    version, sources = table.since.isoformat(), (table.source,)
    lines = (
        Node(
            "Points d'appréciation",
            earned,
            "points",
            "career.bareme_hors_classe.appreciation",
            version,
            sources,
            (Input("Appréciation finale", APPRECIATIONS[appreciation], said),),
            sentence=f"L'appréciation « {APPRECIATIONS[appreciation]} » donne {counted(earned, 'points')}.",
        ),
        Node(
            "Points d'ancienneté",
            seniority,
            "points",
            "career.bareme_hors_classe.anciennete",
            version,
            sources,
            (Input("Échelon", echelon, said), Input("Date d'entrée dans l'échelon", echelon_start, said)),
            sentence=(
                f"Au {french_date(on)}, {ordinal(echelon)} échelon depuis {years} an{'s' if years > 1 else ''} "
                f"complet{'s' if years > 1 else ''} : {counted(seniority, 'points')}."
            ),
        ),
    )
    total = earned + seniority
    return Node(
        "Barème de la hors-classe",
        total,
        "points",
        "career.bareme_hors_classe",
        version,
        sources,
        children=lines,
        sentence=f"{earned} + {seniority} = {counted(total, 'points')}. Le barème est indicatif.",
    )
