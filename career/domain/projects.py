"""Rule sets announced but not in force: read and checked like the law, never applied to a career."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from career.domain import law
from iprof.kernel.legal import LegalSource

FILE = "projets/milieux_de_carriere_2025.yaml"


@dataclass(frozen=True, slots=True)
class DurationProject:
    """Durations a draft text would set, in months by échelon. A screen that shows it calls it a hypothesis."""

    label: str
    presented_on: dt.date
    grade: str
    months: Mapping[int, int]
    bonification: bool
    excluded_corps: frozenset[str]
    source: LegalSource


def build_project(folder: Path = law.LEGAL) -> DurationProject:
    """The draft of 2025. Raises LawFileError, also if the file claims to be in force: then it belongs to the grids."""
    data = law.read(
        FILE,
        required={
            "label",
            "checked_on",
            "in_force",
            "presented_on",
            "announced_for",
            "grade",
            "months",
            "bonification",
            "excluded_corps",
            "source",
        },
        folder=folder,
    )
    if data["in_force"] is not False:
        raise law.LawFileError(f"{FILE}: in_force: a text in force is written in the grids")
    return DurationProject(
        label=data["label"],
        presented_on=law.day(data["presented_on"], f"{FILE}: presented_on"),
        grade=law.text(data["grade"], f"{FILE}: grade"),
        months={
            law.whole(echelon, f"{FILE}: months"): law.whole(months, f"{FILE}: months.{echelon}")
            for echelon, months in law.mapping(data["months"], f"{FILE}: months").items()
        },
        bonification=data["bonification"] is True,
        excluded_corps=frozenset(law.sequence(data["excluded_corps"], f"{FILE}: excluded_corps")),
        source=law.source_of(data, data["checked_on"], FILE),
    )


@lru_cache(maxsize=1)
def load_project() -> DurationProject:
    """The draft of the project, read once per process."""
    return build_project()
