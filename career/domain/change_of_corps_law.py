"""Décret n° 51-1423 as dated law: what change of corps and prior services share."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from iprof.kernel.dated import DatedValues
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import Duration360

FILE = "change_of_corps.yaml"
HELD_INDEX = "held_index"
SOURCED = {"confidence", "source", "url"}
SECTIONS = {
    "clock",
    "rounding",
    "entry_grade",
    "coefficients",
    "annexe_hors_classe",
    "annexe_classe_exceptionnelle",
    "by_index",
    "services",
}


@dataclass(frozen=True, slots=True)
class AnnexeRows:
    """Months added to the 11th échelon, by échelon of the former grade; empty when the rows were not found.

    `beyond_months`: the time spent in the 11th échelon beyond these months is added too; None when not told.
    """

    months: Mapping[int, int]
    beyond_months: int | None = None


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """Two corps between which the index decides."""

    from_corps: str
    to_corps: str


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction as the law writes it: 100/135 is not shown 20/27."""

    above: int
    below: int

    @property
    def value(self) -> Fraction:
        return Fraction(self.above, self.below)

    def __str__(self) -> str:
        return f"{self.above}/{self.below}"


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """Share of the service kept, by grid of the corps entered; None when the held index decides."""

    fractions: Mapping[str, Share] | None


@dataclass(frozen=True, slots=True)
class FormerStatus:
    """What one was before entering the corps; `names` are the codes it can be told by."""

    code: str
    label: str
    names: frozenset[str]
    rules: DatedValues[ServiceRule]


@dataclass(frozen=True, slots=True)
class ChangeLaw:
    entry_grade: str
    entry_source: LegalSource
    clock_source: LegalSource
    rounding_source: LegalSource
    coefficients: DatedValues[Mapping[str, int]]
    annexe_hors_classe: DatedValues[AnnexeRows]
    annexe_classe_exceptionnelle: DatedValues[AnnexeRows]
    by_index: DatedValues[IndexEntry]
    full_time_from: DatedValues[Decimal]
    statuses: Mapping[str, FormerStatus]

    @staticmethod
    def nearest(days: Fraction) -> int:
        """Days to the nearest one, a half counted up: the rounding rule of the file.

        >>> ChangeLaw.nearest(Fraction(9925 * 135, 175)), ChangeLaw.nearest(Fraction(27, 2))
        (7656, 14)
        """
        return (days + Fraction(1, 2)).__floor__()


def _flat(section: object, keys: set[str], name: str, checked_on: dt.date) -> tuple[Mapping[str, Any], LegalSource]:
    """A section that does not depend on the day: its own keys and one source."""
    where = f"{FILE}: {name}"
    law.check_keys(section, keys | SOURCED, frozenset(), where)
    entry = law.mapping(section, where)
    return entry, law.source_of(entry, checked_on, where)


def _is(value: object, expected: object, where: str) -> None:
    """What the code is written for: another value would be law the engine does not follow."""
    if value != expected or isinstance(value, bool):
        raise law.LawFileError(f"{where}: the rules are written for {expected!r}, not {value!r}")


def _whole_by(value: object, where: str) -> dict[Any, int]:
    return {key: law.whole(points, f"{where}.{key}") for key, points in law.mapping(value, where).items()}


def _points(entry: Mapping[str, Any], where: str) -> Mapping[str, int]:
    where = f"{where}.points"
    found = {law.text(key, where): points for key, points in _whole_by(entry["points"], where).items()}
    if low := next((key for key, points in found.items() if points < 1), None):
        raise law.LawFileError(f"{where}.{low}: a coefficient is 1 or more")
    return found


def _annexe(entry: Mapping[str, Any], where: str) -> AnnexeRows:
    beyond = entry.get("beyond_months")
    if entry["majoration_months"] == law.UNKNOWN:
        return AnnexeRows({})
    rows = _whole_by(entry["majoration_months"], f"{where}.majoration_months")
    echelons = {law.whole(echelon, f"{where}.majoration_months"): months for echelon, months in rows.items()}
    return AnnexeRows(echelons, law.whole(beyond, f"{where}.beyond_months"))


def _index_entry(entry: Mapping[str, Any], where: str) -> IndexEntry:
    return IndexEntry(law.text(entry["from_corps"], where), law.text(entry["to_corps"], where))


def _share(value: object, where: str) -> Share:
    above, below = (law.whole(n, where) for n in law.sequence(value, where, length=2))
    if not 0 < above <= below:
        raise law.LawFileError(f"{where}: {above}/{below} is not a share")
    return Share(above, below)


def _service_rule(entry: Mapping[str, Any], where: str) -> ServiceRule:
    where = f"{where}.fractions"
    if entry["fractions"] == HELD_INDEX:
        return ServiceRule(None)
    return ServiceRule(
        {
            law.text(grid, where): _share(pair, f"{where}.{grid}")
            for grid, pair in law.mapping(entry["fractions"], where).items()
        }
    )


def _statuses(section: object, checked_on: dt.date) -> dict[str, FormerStatus]:
    found: dict[str, FormerStatus] = {}
    for code, entry in law.mapping(section, f"{FILE}: services.statuses").items():
        where = f"{FILE}: services.statuses.{code}"
        law.check_keys(entry, {"label", "aliases", "values"}, frozenset(), where)
        aliases = [law.text(name, f"{where}.aliases") for name in law.sequence(entry["aliases"], f"{where}.aliases")]
        names = frozenset({law.text(code, where), *aliases})
        for other in found.values():
            if shared := names & other.names:
                raise law.LawFileError(f"{where}.aliases: {min(shared)!r} already names {other.code!r}")
        rules: DatedValues[ServiceRule] = law.dated(where, entry["values"], checked_on, {"fractions"}, _service_rule)
        found[code] = FormerStatus(code, law.text(entry["label"], f"{where}.label"), names, rules)
    return found


def build_change_law(folder: Path = law.LEGAL) -> ChangeLaw:
    """Reads the file of the folder. Raises LawFileError naming file and key."""
    data = law.read(FILE, required={"label", "checked_on", *SECTIONS}, folder=folder)
    checked_on = data["checked_on"]
    clock, clock_source = _flat(data["clock"], {"days_per_month", "days_per_year"}, "clock", checked_on)
    _is(clock["days_per_month"], Duration360.of(months=1).days, f"{FILE}: clock.days_per_month")
    _is(clock["days_per_year"], Duration360.of(years=1).days, f"{FILE}: clock.days_per_year")
    rounding, rounding_source = _flat(data["rounding"], {"to", "half"}, "rounding", checked_on)
    _is(rounding["to"], "nearest_day", f"{FILE}: rounding.to")
    _is(rounding["half"], "up", f"{FILE}: rounding.half")
    entry, entry_source = _flat(data["entry_grade"], {"grade"}, "entry_grade", checked_on)
    services = data["services"]
    law.check_keys(services, {"quotite", "statuses"}, frozenset(), f"{FILE}: services")

    def values(section: str, keys: set[str], build: Any) -> DatedValues[Any]:
        return law.dated(f"{FILE}: {section}", data[section], checked_on, keys, build)

    return ChangeLaw(
        entry_grade=law.text(entry["grade"], f"{FILE}: entry_grade.grade"),
        entry_source=entry_source,
        clock_source=clock_source,
        rounding_source=rounding_source,
        coefficients=values("coefficients", {"points"}, _points),
        annexe_hors_classe=values("annexe_hors_classe", {"majoration_months"}, _annexe),
        annexe_classe_exceptionnelle=values(
            "annexe_classe_exceptionnelle", {"majoration_months", "beyond_months"}, _annexe
        ),
        by_index=values("by_index", {"from_corps", "to_corps"}, _index_entry),
        full_time_from=law.dated(
            f"{FILE}: services.quotite",
            services["quotite"],
            checked_on,
            {"full_from"},
            lambda e, where: law.decimal(e["full_from"], f"{where}.full_from"),
        ),
        statuses=_statuses(services["statuses"], checked_on),
    )


@lru_cache(maxsize=1)
def load_change_law() -> ChangeLaw:
    """The law of the project, read once per process."""
    return build_change_law()
