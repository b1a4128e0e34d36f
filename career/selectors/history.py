"""The « carnet de route »: every fact of a career in chronological order, with its source.

One query per kind of fact, whatever the length of the career. Rectified facts are kept apart: they no longer count,
but the agent may see what was taken back, and when.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from career.domain.pay import place
from career.enums import Appreciation, FactKind, TrainingOrigin
from career.models import (
    Agent,
    Arrete,
    Assignment,
    CareerStep,
    Diploma,
    Evaluation,
    FamilySituation,
    ServicePeriod,
    Tombstone,
    Training,
)
from career.models.facts import FeedFact
from career.selectors.situation import step_fact
from career.wording import FACT_NAMES
from iprof.kernel.money import NARROW_SPACE, format_number
from iprof.web.formats import french_date

LABELS = dict(FactKind.choices)
PERIODS = {FactKind.ASSIGNMENT}  # facts that last: without an end, they still hold


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One fact as shown. `lines` are the details, `source` where it comes from, `note` why it was cancelled."""

    kind: str
    ref: str
    on: dt.date
    ends_on: dt.date | None
    title: str
    lines: tuple[str, ...]
    source: str
    recorded_on: dt.date
    cancelled: bool = False
    note: str = ""

    @property
    def kind_label(self) -> str:
        """One fact of its kind: « Affectation », where the filter says « Affectations »."""
        return FACT_NAMES[self.kind]

    @property
    def period(self) -> str:
        """« 2 mars 2026 », « du 1er septembre 2017 au 31 août 2023 », « depuis le 1er septembre 2023 »."""
        if self.kind in PERIODS and self.ends_on is None:
            return f"depuis le {french_date(self.on)}"
        if self.ends_on and self.ends_on != self.on:
            return f"du {french_date(self.on)} au {french_date(self.ends_on)}"
        return french_date(self.on)

    @property
    def key(self) -> str:
        """« kind:ref », unique in a file."""
        return f"{self.kind}:{self.ref}"

    @property
    def label(self) -> str:
        """The fact in one line, as a request of rectification quotes it."""
        return f"{self.title}, {french_date(self.on)}"[:300]


@dataclass(frozen=True, slots=True)
class History:
    entries: tuple[HistoryEntry, ...]
    cancelled: tuple[HistoryEntry, ...]

    def years(self) -> list[int]:
        return sorted({entry.on.year for entry in self.entries}, reverse=True)

    def of(self, *, kind: str = "", year: int | None = None) -> tuple[HistoryEntry, ...]:
        """Entries of a kind and a year; everything without filter."""
        return tuple(e for e in self.entries if (not kind or e.kind == kind) and (year is None or e.on.year == year))


def by_year(entries: Iterable[HistoryEntry]) -> list[tuple[int, list[HistoryEntry]]]:
    """Consecutive entries of the same year together, in the order given."""
    return [(year, list(group)) for year, group in groupby(entries, key=lambda entry: entry.on.year)]


def hours(value: Decimal) -> str:
    return format_number(value.to_integral_value() if value == value.to_integral_value() else value.normalize())


def appreciation(code: str) -> str:
    """The final appreciation in words, by its code."""
    words = dict(Appreciation.choices).get(code, code).lower()
    return f"Appréciation finale : {words}" if code else "Appréciation non transmise"


def training_origin(code: str) -> str:
    """Who recorded a training before the SIAE, empty when it did itself; the connector's label is set (requirement T10)."""
    names: dict[str, str] = {TrainingOrigin.SCOLARITE_SERVICES: settings.TRAINING_LABEL, TrainingOrigin.SIAE: ""}
    return names[code] if code in names else dict(TrainingOrigin.choices).get(code, code)


def _step(row: CareerStep) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    kept = f"Ancienneté conservée : {row.kept_days} jour{'s' if row.kept_days > 1 else ''}" if row.kept_days else ""
    title = place(step_fact(row))
    return (
        row.effective_on,
        None,
        title,
        (row.get_mode_display(), kept),
        f"Arrêté n° {row.arrete_ref}" if row.arrete_ref else "",
    )


def _assignment(row: Assignment) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    where = row.establishment
    title = (
        f"{where.name}, {where.commune}"
        if where and where.commune
        else where.name
        if where
        else f"Établissement {row.uai}"
    )
    share = f"{hours(row.quotity)}{NARROW_SPACE}% d'un service complet"
    return (
        row.starts_on,
        row.ends_on,
        title,
        (row.get_nature_display(), row.discipline, share),
        "",
    )


def _evaluation(row: Evaluation) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    return row.held_on, None, row.get_kind_display(), (appreciation(row.appreciation), row.evaluator), ""


def _diploma(row: Diploma) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    return row.awarded_on, None, row.label, (row.institution, f"Niveau {row.level}" if row.level else ""), ""


def _training(row: Training) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    competence = f"Compétence : {row.competence}" if row.competence else ""
    kind = "Formation certifiante" if row.certifying else ""
    length = f"{hours(row.hours)} heure{'s' if row.hours >= 2 else ''}"
    return row.starts_on, row.ends_on, row.label, (length, competence, kind), training_origin(row.origin)


def _service(row: ServicePeriod) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    extra = ", ".join(f"{hours(value)} {name}" for value, name in ((row.hsa, "HSA"), (row.hse, "HSE")) if value)
    done = f"{hours(row.hours_done)} heures faites par semaine pour {hours(row.hours_due)} dues"
    title = f"Service {row.school_year}-{row.school_year + 1} validé"
    return row.validated_on, None, title, (done, extra, f"Établissement {row.uai}" if row.uai else ""), ""


def _arrete(row: Arrete) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    signed = f"Signé le {french_date(row.signed_on)}, publié le {french_date(row.published_on)}"
    return row.effective_on, None, row.title, (signed,), f"Arrêté n° {row.ref}"


def _family(row: FamilySituation) -> tuple[dt.date, dt.date | None, str, tuple[str, ...], str]:
    born = ", ".join(french_date(day) for day in row.children_birthdates)
    count = len(row.children_birthdates)
    return (
        row.effective_on,
        None,
        row.get_union_display(),
        (
            f"Union du {french_date(row.union_on)}" if row.union_on else "",
            f"Département du conjoint : {row.conjoint_departement}" if row.conjoint_departement else "",
            f"{count} enfant{'s' if count > 1 else ''} : {born}" if count else "",
        ),
        "",
    )


# Each builder takes its own model, the one beside it.
Row = Callable[[Any], tuple[dt.date, dt.date | None, str, tuple[str, ...], str]]
SOURCES: dict[str, tuple[Any, str, Row]] = {  # kind: model, type of the message, builder
    FactKind.STEP: (CareerStep, "career.step", _step),
    FactKind.ASSIGNMENT: (Assignment, "assignment.upserted", _assignment),
    FactKind.EVALUATION: (Evaluation, "evaluation.recorded", _evaluation),
    FactKind.DIPLOMA: (Diploma, "diploma.recorded", _diploma),
    FactKind.TRAINING: (Training, "training.recorded", _training),
    FactKind.SERVICE: (ServicePeriod, "service.validated", _service),
    FactKind.ARRETE: (Arrete, "arrete.published", _arrete),
    FactKind.FAMILY: (FamilySituation, "family.changed", _family),
}
KIND_OF_TYPE = {message: kind for kind, (_, message, _) in SOURCES.items()}
KINDS = tuple(SOURCES)  # in the order of the filter
RANK = {kind: rank for rank, kind in enumerate(KINDS)}


def entry_of(kind: str, row: FeedFact, note: str = "") -> HistoryEntry:
    """A row of facts as an entry."""
    on, ends_on, title, lines, source = SOURCES[kind][2](row)
    return HistoryEntry(
        kind=str(kind),
        ref=row.ref,
        on=on,
        ends_on=ends_on,
        title=title,
        lines=tuple(line for line in lines if line),
        source=" · ".join(part for part in (source, settings.SIAE_LABEL) if part),
        recorded_on=timezone.localtime(row.recorded_at).date(),
        cancelled=row.cancelled,
        note=note,
    )


def _rows(kind: str, agent: Agent) -> models.QuerySet[Any]:
    rows = SOURCES[kind][0]._default_manager.filter(agent=agent)
    return rows.select_related("establishment") if kind == FactKind.ASSIGNMENT else rows


def history(agent: Agent) -> History:
    """The whole history, oldest first; the day's ties are in the order of the kinds, then of the references."""
    notes = {
        (
            KIND_OF_TYPE.get(tomb.type, ""),
            tomb.ref,
        ): f"Annulé par une rectification du {french_date(timezone.localtime(tomb.time).date())}"
        + (f" : {tomb.reason}" if tomb.reason else "")
        for tomb in Tombstone.objects.filter(matricule=agent.matricule)
    }
    entries = [entry_of(kind, row, notes.get((kind, row.ref), "")) for kind in SOURCES for row in _rows(kind, agent)]
    entries.sort(key=lambda entry: (entry.on, RANK[entry.kind], entry.ref))
    return History(tuple(e for e in entries if not e.cancelled), tuple(e for e in entries if e.cancelled))


def find_entry(agent: Agent, kind: str, ref: str) -> HistoryEntry | None:
    """One fact of this agent, None when it does not exist or belongs to someone else."""
    if kind not in SOURCES:
        return None
    row = _rows(kind, agent).filter(ref=ref).first()
    return entry_of(kind, row) if row else None
