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

HORS_ECHELLE = ("HEA", "HEB")


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
    gross_indices: DatedValues[Mapping[int, int | None]]

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
    share: Decimal
    source: LegalSource


@dataclass(frozen=True, slots=True)
class Grids:
    corps: Mapping[str, Corps]
    hors_echelle: Mapping[str, DatedValues[tuple[int, ...]]]
    chevron_months: int
    chevron_source: LegalSource
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

    def chevrons(self, grade: Grade) -> dict[int, int]:
        """Échelon → the highest chevron it has or had; 0 outside the hors-échelle groups."""
        found: dict[int, int] = {}
        for _, rules in grade.structure.items():
            for echelon, rule in rules.items():
                groups = self.hors_echelle[rule.hors_echelle].items() if rule.hors_echelle else ()
                found[echelon] = max([found.get(echelon, 0), *(len(group) for _, group in groups)])
        return found

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

    def gross_index(self, corps: str, grade: str, echelon: int, on: dt.date) -> Dated[int]:
        """Indice brut, in points. Raises NotInForce, UnknownFigure (not published, or hors échelle)."""
        indices = self.find_grade(corps, grade).gross_indices.at(on)
        points = indices.value.get(echelon)
        if points is None:
            raise UnknownFigure("index_unpublished", corps=corps, grade=grade, echelon=echelon)
        return Dated(points, indices.since, indices.source)

    def echelons_on(self, corps: str, grade: str, on: dt.date) -> tuple[int, ...]:
        """The échelons of a grade on a day, in order. Raises NotInForce, UnknownFigure, DomainError."""
        return tuple(sorted(self.find_grade(corps, grade).structure.at(on).value))


def _echelon_rule(entry: Any, where: str) -> EchelonRule:
    law.check_keys(entry, {"months"}, frozenset({"accelerated_months", "hors_echelle"}), where)
    months = entry["months"]
    accelerated = entry.get("accelerated_months")
    hors_echelle = entry.get("hors_echelle", "")
    if hors_echelle not in ("", *HORS_ECHELLE):
        raise law.LawFileError(f"{where}: hors_echelle {hors_echelle!r}")
    return EchelonRule(
        months=None if months in (None, law.UNKNOWN) else law.whole(months, where),
        months_known=months != law.UNKNOWN,
        accelerated_months=None if accelerated is None else law.whole(accelerated, where),
        hors_echelle=hors_echelle,
    )


def _points(value: object, where: str) -> int | None:
    return None if value == law.UNKNOWN else law.whole(value, where)


def _load_grade(file: str, code: str, entry: Any, checked_on: dt.date) -> Grade:
    law.check_keys(entry, {"label", "structure", "indices", "gross_indices"}, frozenset(), f"{file}: {code}")
    points: dict[str, DatedValues[Mapping[int, int | None]]] = {
        kind: law.dated(
            f"{file}: {code}.{kind}",
            entry[kind],
            checked_on,
            {"echelons"},
            lambda e, where: {
                law.whole(n, where): _points(value, f"{where}.{n}")
                for n, value in law.mapping(e["echelons"], where).items()
            },
        )
        for kind in ("indices", "gross_indices")
    }
    structure: DatedValues[Mapping[int, EchelonRule]] = law.dated(
        f"{file}: {code}.structure",
        entry["structure"],
        checked_on,
        {"echelons"},
        lambda e, where: {
            law.whole(n, where): _echelon_rule(rule, f"{where}.{n}")
            for n, rule in law.mapping(e["echelons"], where).items()
        },
    )
    return Grade(
        code, law.text(entry["label"], f"{file}: {code}.label"), structure, points["indices"], points["gross_indices"]
    )


def build_grids(folder: Path = law.LEGAL) -> Grids:
    """Reads every file of the folder. Raises LawFileError."""
    registry = law.read("corps.yaml", required={"label", "checked_on", "since", "corps"}, folder=folder)
    corps: dict[str, Corps] = {}
    loaded: dict[str, dict[str, Grade]] = {}
    for code, entry in law.mapping(registry["corps"], "corps.yaml: corps").items():
        where = f"corps.yaml: {code}"
        law.check_keys(entry, {"label", "person", "degrees", "statute", "grid", "weekly_hours"}, frozenset(), where)
        grid = "" if entry["grid"] is None else law.text(entry["grid"], f"{where}.grid")
        if grid and grid not in loaded:
            file = f"grids/{grid}.yaml"
            data = law.read(file, required={"label", "checked_on", "grades"}, folder=folder)
            loaded[grid] = {
                g: _load_grade(file, g, value, data["checked_on"])
                for g, value in law.mapping(data["grades"], file).items()
            }
        hours = entry["weekly_hours"]
        corps[code] = Corps(
            code,
            law.text(entry["label"], where),
            law.text(entry["person"], where),
            tuple(law.whole(degree, where) for degree in law.sequence(entry["degrees"], where)),
            law.text(entry["statute"], where),
            grid,
            None if hours is None else law.whole(hours, where),
            loaded.get(grid, {}),
        )
    letters = law.read(
        "hors_echelle.yaml",
        required={"label", "checked_on", "chevron_months", "confidence", "source", "url", "groups"},
        folder=folder,
    )
    bonus = law.read(
        "avancement.yaml",
        required={
            "label",
            "checked_on",
            "since",
            "grade",
            "echelons",
            "months",
            "share",
            "rounding",
            "confidence",
            "source",
        },
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
                lambda e, where: tuple(law.whole(points, where) for points in law.sequence(e["indices"], where)),
            )
            for group, entries in law.mapping(letters["groups"], "hors_echelle.yaml: groups").items()
        },
        chevron_months=law.whole(letters["chevron_months"], "hors_echelle.yaml: chevron_months"),
        chevron_source=law.source_of(letters, letters["checked_on"], "hors_echelle.yaml"),
        point_value=law.scalar("point_indice.yaml", folder),
        minimum_index=law.scalar("indice_minimum.yaml", folder),
        bonification=Bonification(
            bonus["since"],
            law.text(bonus["grade"], "avancement.yaml: grade"),
            frozenset(
                law.whole(n, "avancement.yaml: echelons")
                for n in law.sequence(bonus["echelons"], "avancement.yaml: echelons")
            ),
            law.whole(bonus["months"], "avancement.yaml: months"),
            law.decimal(bonus["share"], "avancement.yaml: share"),
            law.source_of(bonus, bonus["checked_on"], "avancement.yaml"),
        ),
    )


@lru_cache(maxsize=1)
def load_grids() -> Grids:
    """The grids of the project, read once per process."""
    return build_grids()
