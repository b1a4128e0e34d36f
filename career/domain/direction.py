"""Reclassement in the corps of the personnels de direction at titularisation: échelon and ancienneté kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.pay import french_date, ordinal, place, step_input
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Node

FILE = "perspectives/reclassement_direction.yaml"


@dataclass(frozen=True, slots=True)
class Row:
    """The échelon reached in the classe normale; ancienneté × kept[0] ÷ kept[1] + plus_months, within its duration."""

    to: int
    kept: tuple[int, int]
    plus_months: int

    @property
    def kept_text(self) -> str:
        """« toute l'ancienneté acquise et 36 mois », « les 4/5 de l'ancienneté acquise »."""
        top, bottom = self.kept
        share = {(1, 1): "toute", (1, 2): "la moitié de"}.get(self.kept, f"les {top}/{bottom} de")
        share += " l'ancienneté acquise"
        return f"{share} et {self.plus_months} mois" if self.plus_months else share


@dataclass(frozen=True, slots=True)
class DirectionTable:
    """Rows by (grade, échelon) for some corps; the others are not published. `note` is a reserve on the table."""

    corps: frozenset[str]
    note: str
    rows: Mapping[tuple[str, int], Row]


def build_direction(folder: Path = law.LEGAL) -> DatedValues[DirectionTable]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"label", "checked_on", "values"}, folder=folder)
    return law.dated(FILE, data["values"], data["checked_on"], {"note", "corps", "rows"}, _table)


def _table(entry: Mapping[str, Any], where: str) -> DirectionTable:
    corps = frozenset(law.text(code, f"{where}.corps") for code in law.sequence(entry["corps"], f"{where}.corps"))
    rows = {
        (law.text(grade, f"{where}.rows"), law.whole(echelon, f"{where}.rows.{grade}")): _row(
            row, f"{where}.rows.{grade}.{echelon}"
        )
        for grade, table in law.mapping(entry["rows"], f"{where}.rows").items()
        for echelon, row in law.mapping(table, f"{where}.rows.{grade}").items()
    }
    return DirectionTable(corps, law.text(entry["note"], f"{where}.note"), rows)


def _row(entry: object, where: str) -> Row:
    law.check_keys(entry, {"to", "kept", "plus_months"}, frozenset(), where)
    row = law.mapping(entry, where)
    top, bottom = (law.whole(n, f"{where}.kept") for n in law.sequence(row["kept"], f"{where}.kept", length=2))
    if top < 1 or bottom < 1:
        raise law.LawFileError(f"{where}.kept: {top}/{bottom} is not a fraction")
    return Row(
        law.whole(row["to"], f"{where}.to"), (top, bottom), law.whole(row["plus_months"], f"{where}.plus_months")
    )


@lru_cache(maxsize=1)
def load_direction() -> DatedValues[DirectionTable]:
    """Read once per process."""
    return build_direction()


def direction_node(step: CareerStepFact, on: dt.date) -> Node:
    """The échelon of the classe normale an agent would be placed in. Its index is not in the texts at hand.

    Raises NotInForce, UnknownFigure("direction_unpublished"). Source: décret n° 2001-1174, article 10.
    """
    table = load_direction().at(on)
    row = table.value.rows.get((step.grade, step.echelon or 0)) if step.corps in table.value.corps else None
    if row is None:
        raise UnknownFigure("direction_unpublished", place=place(step))
    return Node(
        label="Reclassement à la titularisation",
        value=f"{ordinal(row.to)} échelon de la classe normale",
        unit="",
        rule="career.perspectives.direction.reclassement",
        version=table.since.isoformat(),
        sources=(table.source,),
        inputs=(step_input(step),),
        sentence=(
            f"Depuis l'échelon tenu aujourd'hui : {ordinal(row.to)} échelon de la classe normale, avec {row.kept_text}, dans "
            f"la limite de la durée de cet échelon (depuis le {french_date(table.since)} ; {table.value.note}). L'indice de "
            "cet échelon n'est pas dans les textes consultés."
        ),
    )
