"""The days at which a session looks at facts (mobility/legal/anchors.yaml)."""

import datetime as dt
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from iprof.kernel import law
from iprof.kernel.legal import LegalSource
from mobility.domain.law import LEGAL

FILE = "anchors.yaml"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day of the year, `offset` years from that of the session."""

    label: str
    month: int
    day: int
    offset: int
    source: LegalSource

    def of(self, session: int) -> dt.date:
        return dt.date(session + self.offset, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Days of one session: the last that counts, except `chomage` (the activity ended after it)."""

    echelon: dt.date
    echelon_classement: dt.date
    poste: dt.date
    lien: dt.date
    reconnaissance: dt.date
    enfant: dt.date
    chomage: dt.date


NAMES = tuple(one.name for one in fields(Anchors))


def build_anchors(folder: Path = LEGAL) -> dict[str, Anchor]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"checked_on", "anchors"}, folder=folder)
    law.check_keys(data["anchors"], set(NAMES), frozenset(), FILE)
    found = {}
    for name, entry in data["anchors"].items():
        where = f"{FILE}: {name}"
        law.check_keys(entry, {"label", "day", "year", "source"}, frozenset({"confidence"}), where)
        month, day = law.month_day(entry["day"], where)
        source = law.source_of(entry, data["checked_on"], where)
        found[name] = Anchor(law.text(entry["label"], where), month, day, law.whole(entry["year"], where), source)
    return found


@cache
def anchor_rules() -> dict[str, Anchor]:
    """Those of the project, read once per process."""
    return build_anchors()


def anchors_of(session: int, *, lien: dt.date | None = None) -> Anchors:
    """The days of a session; `lien` where that session alone has its own day for the marriage or PACS.

    >>> anchors_of(2026).lien, anchors_of(2026).chomage
    (datetime.date(2025, 8, 31), datetime.date(2023, 8, 31))
    """
    days = {name: rule.of(session) for name, rule in anchor_rules().items()}
    return Anchors(**(days | {"lien": lien or days["lien"]}))
