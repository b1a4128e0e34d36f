"""What the rules see of a career: frozen plain values, never the ORM."""

import datetime as dt
from dataclasses import dataclass

from iprof.kernel.periods import add_months


@dataclass(frozen=True, slots=True)
class CareerStepFact:
    """The agent's place on the grid from `effective_on`.

    `kept_days` is the ancienneté brought along, in the 360-day accounting; `echelon` and `chevron` are None where the
    corps has none. `origin` and `recorded_on` tell where the fact came from and when.
    """

    corps: str
    grade: str
    echelon: int | None
    effective_on: dt.date
    chevron: int | None = None
    kept_days: int = 0
    origin: str = ""
    recorded_on: dt.date | None = None

    @property
    def seniority_start(self) -> dt.date:
        """The day from which ancienneté on this step is counted: the effective day less what was kept."""
        return self.reaches(0)

    def reaches(self, months: int) -> dt.date:
        """The day `months` of ancienneté are complete on this step, kept ancienneté included; it may be a past day.

        What is left is counted date to date from the effective day: from 31 May with 3 months kept, 30 months end on
        31 August, not on the 28th that a step back through February would give.
        """
        kept_months, kept_days = divmod(self.kept_days, 30)
        return add_months(self.effective_on, months - kept_months) - dt.timedelta(kept_days)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agent stands: the current step, and the first day counted in its échelon (chevrons may follow)."""

    step: CareerStepFact
    echelon_start: dt.date


def standing(steps: tuple[CareerStepFact, ...], on: dt.date) -> Standing | None:
    """The standing on a day, from steps in any order; None before the first one."""
    past = sorted((s for s in steps if s.effective_on <= on), key=lambda s: s.effective_on)
    if not past:
        return None
    current = past[-1]
    start = current
    for step in reversed(past):
        if (step.corps, step.grade, step.echelon) != (current.corps, current.grade, current.echelon):
            break
        start = step
    return Standing(current, start.seniority_start)


@dataclass(frozen=True, slots=True)
class CareerSnapshot:
    """The steps of one agent, in any order, seen on the day `on`."""

    steps: tuple[CareerStepFact, ...]
    on: dt.date

    @property
    def standing(self) -> Standing | None:
        return standing(self.steps, self.on)
