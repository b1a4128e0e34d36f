"""Corps, grades, échelons and chevrons as dated law."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from iprof.kernel.dated import Dated, DatedValues
from iprof.kernel.errors import DomainError, UnknownFigure
from iprof.kernel.legal import LegalSource


@dataclass(frozen=True, slots=True)
class EchelonRule:
    """An échelon of a grade: months before the next (None: last one), group of chevrons if hors échelle."""

    months: int | None
    months_known: bool = True
    accelerated_months: int | None = None
    hors_echelle: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    code: str
    label: str
    structure: DatedValues[Mapping[int, EchelonRule]]
    indices: DatedValues[Mapping[int, int | None]]

    @property
    def echelons(self) -> tuple[int, ...]:
        """Every échelon that exists or existed in the grade."""
        found: set[int] = set()
        for _, value in self.structure.items():
            found.update(value)
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Corps:
    code: str
    label: str
    person: str
    degrees: tuple[int, ...]
    statute: str
    grid: str
    weekly_hours: int | None
    grades: Mapping[str, Grade]

    @property
    def has_grid(self) -> bool:
        return bool(self.grid)


@dataclass(frozen=True, slots=True)
class Bonification:
    """One year less in some échelons of the classe normale, for a share of the agents concerned."""

    since: dt.date
    grade: str
    echelons: frozenset[int]
    months: int
    source: LegalSource


@dataclass(frozen=True, slots=True)
class Grids:
    corps: Mapping[str, Corps]
    hors_echelle: Mapping[str, DatedValues[tuple[int, ...]]]
    chevron_months: int
    point_value: DatedValues[Decimal]
    minimum_index: DatedValues[Decimal]
    bonification: Bonification

    def find_corps(self, code: str) -> Corps:
        """Raises DomainError("corps_unknown")."""
        try:
            return self.corps[code]
        except KeyError:
            raise DomainError("corps_unknown", corps=code) from None

    def find_grade(self, corps: str, grade: str) -> Grade:
        """Raises DomainError("corps_unknown" | "corps_without_grid" | "grade_unknown")."""
        found = self.find_corps(corps)
        if not found.has_grid:
            raise UnknownFigure("corps_without_grid", corps=corps)
        try:
            return found.grades[grade]
        except KeyError:
            raise DomainError("grade_unknown", corps=corps, grade=grade) from None

    def rule(self, corps: str, grade: str, echelon: int, on: dt.date) -> Dated[EchelonRule]:
        """The échelon's rule in force on a day. Raises NotInForce, DomainError("echelon_unknown")."""
        structure = self.find_grade(corps, grade).structure.at(on)
        try:
            return Dated(structure.value[echelon], structure.since, structure.source)
        except KeyError:
            raise DomainError("echelon_unknown", corps=corps, grade=grade, echelon=echelon, on=on) from None

    def index(self, corps: str, grade: str, echelon: int, chevron: int | None, on: dt.date) -> Dated[int]:
        """Indice majoré of the grid, in points. Raises NotInForce, UnknownFigure, DomainError("chevron_unknown")."""
        rule = self.rule(corps, grade, echelon, on).value
        if rule.hors_echelle:
            group = self.hors_echelle[rule.hors_echelle].at(on)
            position = chevron or 1
            if not 1 <= position <= len(group.value):
                raise DomainError("chevron_unknown", chevron=chevron, echelon=echelon)
            return Dated(group.value[position - 1], group.since, group.source)
        if chevron:
            raise DomainError("chevron_unknown", chevron=chevron, echelon=echelon)
        indices = self.find_grade(corps, grade).indices.at(on)
        points = indices.value.get(echelon)
        if points is None:
            raise UnknownFigure("index_unpublished", corps=corps, grade=grade, echelon=echelon)
        return Dated(points, indices.since, indices.source)


def _echelon_rule(entry: Any, where: str) -> EchelonRule:
    law.check_keys(entry, {"months"}, frozenset({"accelerated_months", "hors_echelle"}), where)
    months = entry["months"]
    return EchelonRule(
        months=None if months in (None, law.UNKNOWN) else law.whole(months, where),
        months_known=months != law.UNKNOWN,
        accelerated_months=entry.get("accelerated_months"),
        hors_echelle=entry.get("hors_echelle", ""),
    )


def _points(value: object, where: str) -> int | None:
    return None if value == law.UNKNOWN else law.whole(value, where)


def _load_grade(file: str, code: str, entry: Mapping[str, Any], checked_on: dt.date) -> Grade:
    law.check_keys(entry, {"label", "structure", "indices"}, frozenset(), f"{file}: {code}")
    return Grade(
        code=code,
        label=entry["label"],
        structure=law.dated(
            f"{file}: {code}.structure",
            entry["structure"],
            checked_on,
            {"echelons"},
            lambda e, where: {law.whole(n, where): _echelon_rule(rule, f"{where}.{n}") for n, rule in e["echelons"].items()},
        ),
        indices=law.dated(
            f"{file}: {code}.indices",
            entry["indices"],
            checked_on,
            {"echelons"},
            lambda e, where: {law.whole(n, where): _points(points, f"{where}.{n}") for n, points in e["echelons"].items()},
        ),
    )


def build_grids(folder: Path = law.LEGAL) -> Grids:
    """Reads every file of the folder. Raises LawFileError."""
    registry = law.read("corps.yaml", required={"label", "checked_on", "since", "corps"}, folder=folder)
    corps: dict[str, Corps] = {}
    loaded: dict[str, dict[str, Grade]] = {}
    for code, entry in registry["corps"].items():
        where = f"corps.yaml: {code}"
        law.check_keys(entry, {"label", "person", "degrees", "statute", "grid", "weekly_hours"}, frozenset(), where)
        grid = entry["grid"] or ""
        if grid and grid not in loaded:
            file = f"grids/{grid}.yaml"
            data = law.read(file, required={"label", "checked_on", "grades"}, folder=folder)
            loaded[grid] = {g: _load_grade(file, g, value, data["checked_on"]) for g, value in data["grades"].items()}
        corps[code] = Corps(
            code, entry["label"], entry["person"], tuple(entry["degrees"]), entry["statute"], grid, entry["weekly_hours"],
            loaded.get(grid, {}),
        )
    letters = law.read("hors_echelle.yaml", required={"label", "checked_on", "chevron_months", "groups"}, folder=folder)
    bonus = law.read(
        "avancement.yaml",
        required={"label", "checked_on", "since", "until", "grade", "echelons", "months", "share", "rounding", "confidence", "source"},
        folder=folder,
    )
    return Grids(
        corps=corps,
        hors_echelle={
            group: law.dated(
                f"hors_echelle.yaml: {group}",
                entries,
                letters["checked_on"],
                {"indices"},
                lambda e, where: tuple(law.whole(points, where) for points in e["indices"]),
            )
            for group, entries in letters["groups"].items()
        },
        chevron_months=letters["chevron_months"],
        point_value=law.scalar("point_indice.yaml", folder),
        minimum_index=law.scalar("indice_minimum.yaml", folder),
        bonification=Bonification(
            bonus["since"],
            bonus["grade"],
            frozenset(bonus["echelons"]),
            bonus["months"],
            law.source_of(bonus, bonus["checked_on"], "avancement.yaml"),
        ),
    )


@lru_cache(maxsize=1)
def load_grids() -> Grids:
    """The grids of the project, read once per process."""
    return build_grids()
