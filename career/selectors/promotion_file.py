"""What the simulator reads of an agent's file: the standing, the appréciation, the trainings, the services."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from career.domain.promotion_situation import grid_start
from career.domain.snapshot import CareerStepFact, Standing, standing
from career.domain.trainings import TrainingFact
from career.models import Agent, Evaluation
from career.selectors.situation import step_fact, steps_of
from career.selectors.trainings import training_facts
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import months_between

LAST_APPRAISAL = "rdv_carriere_3"  # the appraisal that gives the appréciation of the hors-classe


@dataclass(frozen=True, slots=True)
class PromotionFile:
    """The file on the day `on`. `now` None: no échelon transmitted. The `…_since` are the first day without a break."""

    on: dt.date
    now: Standing | None
    left: bool
    appreciation: str
    born_on: dt.date
    corps_since: dt.date | None
    grade_since: dt.date | None
    trainings: tuple[TrainingFact, ...]

    @property
    def entered_on(self) -> dt.date | None:
        """The day to type for the situation of the file: the entry in the échelon, or the first day of the grid."""
        if self.now is None:
            return None
        step = self.now.step
        try:
            return max(self.now.echelon_start, grid_start(step.corps, step.grade))
        except DomainError:  # a corps without grid, or unknown
            return self.now.echelon_start

    def corps_years(self, on: dt.date) -> Decimal:
        """Full years in the present corps on a day, interruptions not taken off."""
        return Decimal(months_between(self.corps_since, on) // 12) if self.corps_since else Decimal(0)


def promotion_file(agent: Agent, *, on: dt.date) -> PromotionFile:
    """Three queries: steps, appraisals, trainings."""
    steps = tuple(step_fact(row) for row in steps_of(agent))
    now = standing(steps, on)
    return PromotionFile(
        on=on,
        now=now,
        left=bool(agent.left_on and agent.left_on <= on),
        appreciation=transmitted_appreciation(agent),
        born_on=agent.birth_date,
        corps_since=_since(steps, now, ("corps",)),
        grade_since=_since(steps, now, ("corps", "grade")),
        trainings=training_facts(agent),
    )


def transmitted_appreciation(agent: Agent) -> str:
    """The code of the appréciation the hors-classe looks at: the third rendez-vous or a campaign, the latest one."""
    kinds = (LAST_APPRAISAL, "campagne")
    rows = Evaluation.objects.filter(agent=agent, cancelled=False, kind__in=kinds).exclude(appreciation="")
    found = rows.order_by("-held_on", "-seq").first()
    return found.appreciation if found else ""


def _since(steps: tuple[CareerStepFact, ...], now: Standing | None, names: tuple[str, ...]) -> dt.date | None:
    """The first day of the unbroken run of steps that share these attributes with the present one."""
    if now is None:
        return None
    first = now.step.effective_on
    past = [step for step in steps if step.effective_on <= now.step.effective_on]
    for step in sorted(past, key=lambda step: step.effective_on, reverse=True):
        if any(getattr(step, name) != getattr(now.step, name) for name in names):
            break
        first = step.effective_on
    return first
