"""« Heures et formations »: what the head validated and what one was trained in, by school year. Three queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from career.domain.corridor import ServiceFact, Year, corridor
from career.domain.snapshot import standing
from career.models import Agent, Establishment, ServicePeriod
from career.selectors.remuneration import overtime_of
from career.selectors.situation import step_fact, steps_of
from career.selectors.trainings import training_facts
from iprof.kernel.explain import Node


@dataclass(frozen=True, slots=True)
class Corridor:
    """`overtime`: what the hours of the last service validated are paid, None for an agent without échelon."""

    years: tuple[Year, ...]
    overtime: Node | None


def corridor_of(agent: Agent, *, on: dt.date) -> Corridor:
    rows = ServicePeriod.objects.filter(agent=agent, cancelled=False).order_by("-validated_on", "ref")
    services = _services(list(rows))
    now = standing(tuple(step_fact(row) for row in steps_of(agent)), on)
    paid = overtime_of(agent, now.step, on) if now and services else None
    return Corridor(corridor(services, training_facts(agent)), paid)


def _services(rows: Sequence[ServicePeriod]) -> list[ServiceFact]:
    places = dict(Establishment.objects.filter(uai__in={row.uai for row in rows}).values_list("uai", "name"))
    return [
        ServiceFact(
            ref=row.ref,
            school_year=row.school_year,
            place=places.get(row.uai) or (f"Établissement {row.uai}" if row.uai else "Établissement non transmis"),
            hours_due=row.hours_due,
            hours_done=row.hours_done,
            hsa=row.hsa,
            hse=row.hse,
            validated_on=row.validated_on,
            origin=settings.SIAE_LABEL,
            recorded_on=timezone.localtime(row.recorded_at).date(),
        )
        for row in rows
    ]
