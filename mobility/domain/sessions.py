"""The sessions of the movement: which text founds each, and the days a session turns on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from iprof.kernel import law
from iprof.kernel.errors import DomainError
from iprof.kernel.legal import LegalSource
from mobility.domain.geography import LEGAL

FILE = "sessions.yaml"


@dataclass(frozen=True, slots=True)
class Session:
    """`year` is that of the rentrée; `rules` the session its figures come from; `official` False when they are carried."""

    year: int
    rules: int
    since: dt.date
    source: LegalSource

    @property
    def official(self) -> bool:
        return self.rules == self.year

    @property
    def echelon_day(self) -> dt.date:
        """The échelon counted is that held on this day."""
        return dt.date(self.year - 1, 8, 31)

    @property
    def classement_day(self) -> dt.date:
        """That of a stagiaire: the classement of the rentrée."""
        return dt.date(self.year - 1, 9, 1)

    @property
    def union_limit(self) -> dt.date:
        """Last day of a marriage or a PACS that counts."""
        return dt.date(self.year - 1, 8, 31)

    @property
    def birth_limit(self) -> dt.date:
        """Last day of a birth, or of a reconnaissance anticipée, that counts."""
        return dt.date(self.year - 1, 12, 31)

    @property
    def seniority_day(self) -> dt.date:
        """Years in post, children's age and years of separation are those of this day."""
        return dt.date(self.year, 8, 31)

    @property
    def activity_limit(self) -> dt.date:
        """The last activity of a conjoint out of work ended after this day."""
        return dt.date(self.year - 3, 8, 31)


def session_of(year: int) -> Session:
    """The session of a rentrée; later than those known, that of the last text carried over.

    Raises DomainError("session_unknown") for a session before the first text kept.
    """
    known = sessions()
    if year in known:
        return known[year]
    last = max(known)
    if year < last:
        raise DomainError("session_unknown", session=year)
    return Session(year, known[last].rules, known[last].since, known[last].source)


@cache
def sessions() -> Mapping[int, Session]:
    data = law.read(FILE, required={"checked_on", "sessions"}, folder=LEGAL)
    found: dict[int, Session] = {}
    for year, entry in law.mapping(data["sessions"], FILE).items():
        where = f"{FILE}: {year}"
        law.check_keys(entry, {"since", "source"}, frozenset({"carries", "confidence", "url"}), where)
        source = law.source_of(entry, data["checked_on"], where)
        found[law.whole(year, where)] = Session(
            year, entry.get("carries", year), law.day(entry["since"], where), source
        )
    return found
