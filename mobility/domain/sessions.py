"""The sessions of the movement: which texts found each, what it asks, and the days it turns on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from iprof.kernel import law
from iprof.kernel.errors import DomainError
from iprof.kernel.legal import LegalSource
from mobility.domain.anchors import Anchors, anchors_of
from mobility.domain.law import LEGAL

FILE = "sessions.yaml"
KEYS = {"since", "texts", "imposition_commune", "teletravail", "source"}


@dataclass(frozen=True, slots=True)
class Session:
    """`year` is that of the rentrée; `rules` the session its figures come from, an earlier one while no text is published.

    `since` is the day of the text. `imposition_commune`: a PACS must prove it. `teletravail`: a place of telework is a
    place of work.
    """

    year: int
    rules: int
    since: dt.date
    texts: tuple[str, ...]
    imposition_commune: bool
    teletravail: bool
    anchors: Anchors
    source: LegalSource

    @property
    def official(self) -> bool:
        return self.rules == self.year

    @property
    def echelon_day(self) -> dt.date:
        """The échelon counted is that held on this day."""
        return self.anchors.echelon

    @property
    def classement_day(self) -> dt.date:
        """That of a stagiaire: the classement of the rentrée."""
        return self.anchors.echelon_classement

    @property
    def union_limit(self) -> dt.date:
        """Last day of a marriage or a PACS that counts."""
        return self.anchors.lien

    @property
    def birth_limit(self) -> dt.date:
        """Last day of a birth, or of a reconnaissance anticipée, that counts."""
        return self.anchors.reconnaissance

    @property
    def seniority_day(self) -> dt.date:
        """Years in post, children's age and years of separation are those of this day."""
        return self.anchors.poste

    @property
    def activity_limit(self) -> dt.date:
        """The last activity of a conjoint out of work ended after this day."""
        return self.anchors.chomage


def build_sessions(folder: Path = LEGAL) -> dict[int, Session]:
    """Raises LawFileError."""
    data = law.read(FILE, required={"checked_on", "sessions"}, folder=folder)
    found: dict[int, Session] = {}
    for year, entry in law.mapping(data["sessions"], FILE).items():
        where = f"{FILE}: {year}"
        if "carries" in law.mapping(entry, where):
            law.check_keys(entry, {"carries"}, frozenset(), where)
            found[year] = carried(law.whole(year, where), found[law.whole(entry["carries"], where)])
        else:
            found[year] = _session(law.whole(year, where), entry, data["checked_on"], where)
    return found


def _session(year: int, entry: Mapping[str, Any], checked_on: dt.date, where: str) -> Session:
    law.check_keys(entry, KEYS, frozenset({"confidence", "lien_limit"}), where)
    own = law.day(entry["lien_limit"], where) if "lien_limit" in entry else None
    return Session(
        year,
        year,
        law.day(entry["since"], where),
        tuple(law.text(one, where) for one in law.sequence(entry["texts"], where)),
        law.flag(entry["imposition_commune"], where),
        law.flag(entry["teletravail"], where),
        anchors_of(year, lien=own),
        law.source_of(entry, checked_on, where),
    )


def carried(year: int, before: Session) -> Session:
    """A session without text: the rules of one before, the days of its own year."""
    text = f"Aucun texte lu pour la session {year} : règles de la session {before.rules} reprises, non officielles"
    source = LegalSource(text, checked_on=before.source.checked_on, confidence="low")
    return replace(before, year=year, texts=(text,), anchors=anchors_of(year), source=source)


@cache
def sessions() -> Mapping[int, Session]:
    """Those of the project, read once per process."""
    return build_sessions()


@cache
def session_of(year: int) -> Session:
    """The session of a rentrée; later than those known, that of the last text carried over.

    Raises DomainError("session_unknown") for a session before the first text kept.
    """
    known = sessions()
    if year in known:
        return known[year]
    if year < max(known):
        raise DomainError("session_unknown", session=year)
    return carried(year, known[max(known)])
