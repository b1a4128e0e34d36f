"""The logbook of the home page: the last events of a career and how many facts of each kind, in one statement."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from career.domain.pay import place
from career.enums import AssignmentNature, EvaluationKind, FactKind
from career.models import Agent, CareerStep
from career.selectors.history import KINDS, LABELS, appreciation, hours, training_origin
from career.selectors.situation import step_fact
from career.wording import FACT_NAMES

# Arrêtés are counted and not listed: each repeats the fact it founds. The family situation is not a career event.
SQL = """
WITH facts AS MATERIALIZED (
  SELECT 'affectation' AS kind, a.starts_on AS "on", coalesce(e.name, 'Établissement ' || a.uai) AS label,
         a.nature AS detail, '' AS origin, a.recorded_at, a.ref
    FROM career_assignment a LEFT JOIN career_establishment e ON e.id = a.establishment_id
   WHERE a.agent_id = %(agent)s AND NOT a.cancelled
  UNION ALL SELECT 'evaluation', held_on, kind, appreciation, '', recorded_at, ref
   FROM career_evaluation WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'diplome', awarded_on, label, institution, '', recorded_at, ref
   FROM career_diploma WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'formation', starts_on, label, hours::text, origin, recorded_at, ref
   FROM career_training WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'service', validated_on, school_year::text, '', '', recorded_at, ref
   FROM career_serviceperiod WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'arrete', effective_on, '', '', '', recorded_at, ref
   FROM career_arrete WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'famille', effective_on, '', '', '', recorded_at, ref
   FROM career_familysituation WHERE agent_id = %(agent)s AND NOT cancelled
)
(SELECT NULL::bigint, kind, "on", label, detail, origin, recorded_at FROM facts
  WHERE kind NOT IN ('arrete', 'famille') ORDER BY "on" DESC, kind, ref LIMIT %(limit)s)
UNION ALL
SELECT count(*), kind, min("on"), '', '', '', NULL FROM facts GROUP BY kind
"""


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    on: dt.date
    title: str
    detail: str
    source: str
    recorded_on: dt.date

    @property
    def kind_label(self) -> str:
        return FACT_NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many facts of a kind are in the file; `kind` is the filter of « Ma carrière »."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Logbook:
    """`events` newest first, those to come included; `since` the day of the oldest fact, None for an empty file."""

    events: tuple[Event, ...]
    counts: tuple[KindCount, ...]
    since: dt.date | None

    @property
    def total(self) -> int:
        return sum(count.count for count in self.counts)


def logbook(agent: Agent, steps: Sequence[CareerStep], *, limit: int = 5) -> Logbook:
    """One query whatever the length of the career; `steps`, oldest first, are already at hand."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"agent": agent.pk, "limit": limit})
        rows = cursor.fetchall()
    events = [_event(*row) for number, *row in rows if number is None]
    events += [_step_event(row) for row in steps[-limit:]]
    counted = {kind: number for number, kind, *_ in rows if number is not None}
    days = [on for number, _, on, *_ in rows if number is not None]
    if steps:
        counted[FactKind.STEP] = len(steps)
        days.append(steps[0].effective_on)
    return Logbook(
        events=tuple(sorted(events, key=lambda event: event.on, reverse=True)[:limit]),
        counts=tuple(KindCount(str(kind), LABELS[kind], counted[kind]) for kind in KINDS if kind in counted),
        since=min(days, default=None),
    )


def _step_event(row: CareerStep) -> Event:
    fact = step_fact(row)
    recorded_on = timezone.localtime(row.recorded_at).date()
    return Event(str(FactKind.STEP), row.effective_on, place(fact), row.get_mode_display(), fact.origin, recorded_on)


def _event(kind: str, on: dt.date, label: str, detail: str, origin: str, recorded_at: dt.datetime, *_: Any) -> Event:
    source = settings.SIAE_LABEL
    match kind:
        case FactKind.ASSIGNMENT:
            detail = dict(AssignmentNature.choices).get(detail, detail)
        case FactKind.EVALUATION:
            label, detail = dict(EvaluationKind.choices).get(label, label), appreciation(detail)
        case FactKind.TRAINING:
            length = Decimal(detail)
            detail = f"{hours(length)} heure{'s' if length >= 2 else ''}"
            source = " · ".join(part for part in (training_origin(origin), source) if part)
        case FactKind.SERVICE:
            label = f"Service {label}-{int(label) + 1} validé"
    return Event(kind, on, label, detail, source, timezone.localtime(recorded_at).date())
