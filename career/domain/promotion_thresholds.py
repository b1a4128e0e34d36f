"""Points of the last agent promoted to the hors-classe, where an académie published them."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from career.domain import law
from career.domain.promotion_conditions import corps_list
from iprof.kernel.legal import LegalSource

FILE = "promotions/seuils.yaml"
NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Points of the last promoted of one campaign; `academie` a code, or "national"."""

    academie: str
    corps: tuple[str, ...]
    year: int
    points: int
    source: LegalSource


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`margin` in points is a rule of the portal: that close below a threshold one is told to be near it.

    `unpublished` is the source told where no threshold is known.
    """

    known: tuple[Threshold, ...]
    unpublished: LegalSource
    margin: int
    margin_source: LegalSource

    def last(self, corps: str, academie: str, year: int) -> Threshold | None:
        """The latest one known before or in the campaign `year`: of the académie, failing that the national one."""
        ranked = [
            (threshold.year, threshold.academie != NATIONAL, threshold)
            for threshold in self.known
            if corps in threshold.corps and threshold.academie in {academie, NATIONAL} and threshold.year <= year
        ]
        return max(ranked, key=lambda row: row[:2])[2] if ranked else None


def build_thresholds(folder: Path = law.LEGAL) -> Thresholds:
    """Raises LawFileError. The list may be empty: then nothing is published."""
    data = law.read(FILE, required={"label", "checked_on", "thresholds", "unpublished", "margin"}, folder=folder)
    if not isinstance(data["thresholds"], list):
        raise law.LawFileError(f"{FILE}: thresholds: expected a list")
    known = tuple(
        _threshold(entry, f"{FILE}: thresholds.{position}", data["checked_on"])
        for position, entry in enumerate(data["thresholds"], start=1)
    )
    keys = [(code, one.academie, one.year) for one in known for code in one.corps]
    if len(keys) != len(set(keys)):
        raise law.LawFileError(f"{FILE}: thresholds: two for the same corps, académie and year")
    unpublished, margin = data["unpublished"], data["margin"]
    law.check_keys(unpublished, {"source"}, frozenset({"confidence", "url"}), f"{FILE}: unpublished")
    law.check_keys(margin, {"points", "source"}, frozenset({"confidence", "url"}), f"{FILE}: margin")
    return Thresholds(
        known,
        law.source_of(unpublished, data["checked_on"], f"{FILE}: unpublished"),
        law.whole(margin["points"], f"{FILE}: margin.points"),
        law.source_of(margin, data["checked_on"], f"{FILE}: margin"),
    )


def _threshold(entry: Any, where: str, checked_on: dt.date) -> Threshold:
    law.check_keys(entry, {"academie", "corps", "year", "points", "source"}, frozenset({"confidence", "url"}), where)
    return Threshold(
        law.text(entry["academie"], f"{where}.academie"),
        corps_list(entry["corps"], f"{where}.corps"),
        law.whole(entry["year"], f"{where}.year"),
        law.whole(entry["points"], f"{where}.points"),
        law.source_of(entry, checked_on, where),
    )


@lru_cache(maxsize=1)
def load_thresholds() -> Thresholds:
    """The thresholds of the project, read once per process."""
    return build_thresholds()
