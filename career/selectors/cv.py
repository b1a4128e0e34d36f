"""The academic CV: facts of the file and entries of the agent's own, in the agent's order (requirement S46)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from career.domain.cv import LEVELS, SECTIONS, Content, Section, french_period, needs_review
from career.models import Agent, Cv, CvEntry
from career.selectors.history import History, HistoryEntry


@dataclass(frozen=True, slots=True)
class CvItem:
    """One line of the CV. A fact of the file has a `ref`, a source and a day; an entry of the agent's own a `public_id`.

    `starts` and `ends` are ISO: days for facts, months or years for entries.
    """

    title: str
    period: str
    starts: str
    ends: str
    lines: tuple[str, ...] = ()
    text: str = ""
    level: str = ""
    visible: bool = True
    kind: str = ""
    ref: str = ""
    source: str = ""
    recorded_on: dt.date | None = None
    later: bool = False
    public_id: UUID | None = None

    @property
    def name(self) -> str:
        """What a button about this line says."""
        return ", ".join(part for part in (self.title, self.period) if part) or "texte de présentation"


@dataclass(frozen=True, slots=True)
class CvPart:
    """A section at its place. `items` holds what is left out too, marked so."""

    section: Section
    visible: bool
    items: tuple[CvItem, ...]

    @property
    def code(self) -> str:
        return self.section.code

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def full(self) -> bool:
        return len(self.items) >= self.section.most

    @property
    def anchor(self) -> str:
        return f"rubrique-{self.section.code}"


@dataclass(frozen=True, slots=True)
class AcademicCv:
    """The whole CV. `updated_on` None: its owner never touched it. `stale`: a year passed since."""

    parts: tuple[CvPart, ...]
    updated_on: dt.date | None
    stale: bool

    @property
    def shown(self) -> tuple[CvPart, ...]:
        """What another reader sees: the visible items of the visible sections that hold some."""
        parts = (
            replace(part, items=tuple(item for item in part.items if item.visible))
            for part in self.parts
            if part.visible
        )
        return tuple(part for part in parts if part.items)

    @property
    def holds_facts(self) -> bool:
        return any(part.items for part in self.parts if not part.section.own)


def academic_cv(agent: Agent, history: History, *, on: dt.date) -> AcademicCv:
    """The CV as arranged by the agent, facts newest first. Four queries at most, whatever it holds."""
    cv = Cv.objects.filter(agent=agent).prefetch_related("sections", "entries", "hidden_facts").first()
    hidden = {(fact.kind, fact.ref) for fact in cv.hidden_facts.all()} if cv else set()
    entries: dict[str, list[CvItem]] = defaultdict(list)
    for row in cv.entries.all() if cv else ():
        entries[row.section].append(entry_item(row))
    parts = tuple(
        CvPart(
            section,
            visible,
            tuple(entries[section.code])
            if section.own
            else tuple(_of_file(fact, hidden, on) for fact in history.of(kind=section.facts)[::-1]),
        )
        for section, visible in _arranged(cv)
    )
    updated_on = timezone.localtime(cv.updated_at).date() if cv else None
    return AcademicCv(parts, updated_on, updated_on is not None and needs_review(updated_on, on))


def _arranged(cv: Cv | None) -> list[tuple[Section, bool]]:
    """(section, visible) in the agent's order; a section never placed comes after, as the portal orders them."""
    placed = {row.code: row for row in cv.sections.all()} if cv else {}
    last = len(placed)
    order = sorted(SECTIONS, key=lambda section: placed[section.code].position if section.code in placed else last)
    return [(section, placed[section.code].visible if section.code in placed else True) for section in order]


def content_of(row: CvEntry) -> Content:
    return Content(row.title, row.text, row.level, row.starts, row.ends)


def find_cv_entry(agent: Agent, public_id: UUID) -> CvEntry | None:
    """One entry of this agent's CV, None when it is gone or someone else's."""
    return CvEntry.objects.filter(cv__agent=agent, public_id=public_id).first()


def entry_item(row: CvEntry) -> CvItem:
    section = next(section for section in SECTIONS if section.code == row.section)
    return CvItem(
        title=row.title,
        period=french_period(section, content_of(row)),
        starts=row.starts,
        ends=row.ends,
        lines=(LEVELS[row.level],) if row.level else (),
        text=row.text,
        level=row.level,
        public_id=row.public_id,
    )


def _of_file(fact: HistoryEntry, hidden: set[tuple[str, str]], on: dt.date) -> CvItem:
    return CvItem(
        title=fact.title,
        period=fact.period,
        starts=fact.on.isoformat(),
        ends=fact.ends_on.isoformat() if fact.ends_on else "",
        lines=fact.lines,
        visible=(fact.kind, fact.ref) not in hidden,
        kind=fact.kind,
        ref=fact.ref,
        source=fact.source or settings.SIAE_LABEL,
        recorded_on=fact.recorded_on,
        later=fact.on > on,
    )
