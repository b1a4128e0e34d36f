"""The last events of a career for the home page: one statement over all kinds, a handful of rows out."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from career.domain.pay import place
from career.enums import AssignmentNature, EvaluationKind, FactKind
from career.models import Agent, CareerStep
from career.selectors.history import LABELS, hours
from career.selectors.situation import step_fact

# Arrêtés are left out: each repeats the fact it founds, which is listed.
SQL = """
SELECT kind, "on", label, detail FROM (
  SELECT 'affectation' AS kind, a.starts_on AS "on", coalesce(e.name, a.uai) AS label, a.nature AS detail, a.ref
    FROM career_assignment a LEFT JOIN career_establishment e ON e.id = a.establishment_id
   WHERE a.agent_id = %(agent)s AND NOT a.cancelled
  UNION ALL SELECT 'evaluation', held_on, kind, '', ref FROM career_evaluation WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'diplome', awarded_on, label, institution, ref FROM career_diploma WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'formation', starts_on, label, hours::text, ref FROM career_training WHERE agent_id = %(agent)s AND NOT cancelled
  UNION ALL SELECT 'service', validated_on, school_year::text, '', ref FROM career_serviceperiod
   WHERE agent_id = %(agent)s AND NOT cancelled
) AS facts ORDER BY "on" DESC, kind, ref LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    on: dt.date
    title: str
    detail: str

    @property
    def kind_label(self) -> str:
        return LABELS[self.kind]


def latest_events(agent: Agent, steps: list[CareerStep], *, limit: int = 5) -> list[Event]:
    """The newest facts first, those to come included. One query; `steps` are already at hand."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"agent": agent.pk, "limit": limit})
        events = [_event(*row) for row in cursor.fetchall()]
    newest = sorted(steps, key=lambda row: row.effective_on)[-limit:]
    events += [
        Event(str(FactKind.STEP), row.effective_on, place(step_fact(row)), row.get_mode_display()) for row in newest
    ]
    return sorted(events, key=lambda event: event.on, reverse=True)[:limit]


def _event(kind: str, on: dt.date, label: str, detail: str) -> Event:
    match kind:
        case FactKind.ASSIGNMENT:
            detail = str(AssignmentNature(detail).label)
        case FactKind.EVALUATION:
            label = str(EvaluationKind(label).label)
        case FactKind.TRAINING:
            detail = f"{hours(Decimal(detail))} h"
        case FactKind.SERVICE:
            label = f"Service {label}-{int(label) + 1} validé"
    return Event(kind, on, label, detail)
