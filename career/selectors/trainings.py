"""« Mes formations »: the trainings of an agent as the domain adds them up (requirements S44, S45). One query."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from career.domain.trainings import Group, TrainingFact, by_competence, by_school_year, hours_node
from career.models import Agent, Training
from career.selectors.history import training_origin
from iprof.kernel.explain import Node


@dataclass(frozen=True, slots=True)
class Trainings:
    """All trainings, and those the filters keep with their sums. `origins` and `competences` are what can be asked."""

    every: tuple[TrainingFact, ...]
    shown: tuple[TrainingFact, ...]
    total: Node
    certified: Node
    competences: tuple[Group, ...]
    years: tuple[Group, ...]


def training_facts(agent: Agent) -> tuple[TrainingFact, ...]:
    """Newest first; rectified ones do not count."""
    rows = Training.objects.filter(agent=agent, cancelled=False).order_by("-starts_on", "ref")
    return tuple(_fact(row) for row in rows)


def _fact(row: Training) -> TrainingFact:
    return TrainingFact(
        ref=row.ref,
        label=row.label,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        hours=row.hours,
        competence=row.competence,
        origin=training_origin(row.origin) or settings.SIAE_LABEL,
        certifying=row.certifying,
        recorded_on=timezone.localtime(row.recorded_at).date(),
    )


def trainings_of(
    facts: Iterable[TrainingFact], *, competence: str = "", year: int | None = None, origin: str = ""
) -> Trainings:
    """The trainings of a competence, a school year (that of its rentrée) and an origin; all without filter."""
    every = tuple(facts)
    shown = tuple(
        fact
        for fact in every
        if (not competence or fact.competence == competence)
        and (year is None or fact.school_year == year)
        and (not origin or fact.origin == origin)
    )
    return Trainings(
        every=every,
        shown=shown,
        total=hours_node("Heures de formation", shown),
        certified=hours_node("Heures certifiées", [fact for fact in shown if fact.certifying]),
        competences=by_competence(shown),
        years=by_school_year(shown),
    )
