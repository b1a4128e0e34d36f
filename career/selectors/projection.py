"""« Projection »: the stages ahead of an agent under hypotheses, beside another scenario (requirements S09, S39, S82)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from career.domain.differences import DateGap, YearGap, date_gaps, year_gaps
from career.domain.hypotheses import Hypotheses
from career.domain.pay import ordinal, place
from career.domain.projection import gain_node
from career.domain.scenario import COMPETITION, PAY, PROMOTION, Projection, Stage, imagine
from career.domain.snapshot import Standing, standing
from career.domain.training_effect import training_node
from career.models import Agent
from career.selectors.situation import step_fact, steps_of
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.periods import add_months
from iprof.web.charts import Series, StepChart

CERTAIN, CHOSEN = "À l'ancienneté", "Mon scénario"
CAUSES = {PROMOTION: "promotion supposée", COMPETITION: "concours supposé", PAY: "rémunération supposée"}
FIELDS = {"post": "outre_mer"}  # of the form, where a hypothesis has another name in the rules


@dataclass(frozen=True, slots=True)
class Scenario:
    """`stopped` says why it ends early, in French; empty when it does not."""

    name: str
    found: Projection
    gain: Node

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.found.stages

    @property
    def stopped(self) -> str:
        return explain_error(self.found.stopped) if self.found.stopped else ""

    def rows(self) -> Iterator[tuple[Stage, str, bool]]:
        """Each stage, what supposes it, and whether its day is past without the act having come."""
        for number, stage in enumerate(self.stages):
            supposed = "par bonification" if stage.bonified else CAUSES.get(stage.cause, "")
            yield stage, supposed, number > 0 and stage.on <= self.stages[0].on


@dataclass(frozen=True, slots=True)
class Outlook:
    """`refusal` says in French why nothing can be projected; then there is no scenario. `refused`: by field of the form,
    why the law does not allow what was supposed."""

    on: dt.date
    until: dt.date
    scenarios: tuple[Scenario, ...] = ()
    chart: StepChart | None = None
    years: tuple[YearGap, ...] = ()
    dates: tuple[DateGap, ...] = ()
    training: Node | None = None
    refused: tuple[tuple[str, str], ...] = ()
    refusal: str = ""

    @property
    def compared(self) -> bool:
        return len(self.scenarios) > 1


def standing_of(agent: Agent, *, on: dt.date) -> Standing | None:
    """Where the agent stands on a day. One query."""
    return standing(tuple(step_fact(row) for row in steps_of(agent)), on)


def nothing_ahead(agent: Agent, now: Standing | None, *, on: dt.date) -> str:
    """Why nothing can be projected, in French; empty when something can."""
    if agent.left_on and agent.left_on <= on:
        return "Vous n'êtes plus affecté dans l'académie : aucun avancement n'est calculé."
    if now is None:
        return "Votre échelon n'a pas encore été transmis : rien ne peut être projeté."
    return ""


def outlook(
    agent: Agent,
    now: Standing | None,
    *,
    on: dt.date,
    years: int,
    supposed: Hypotheses,
    face: tuple[str, Hypotheses] = (CERTAIN, Hypotheses()),
    training: bool = False,
) -> Outlook:
    """The projection of an agent who stands at `now`, over `years` from the day `on`; the scenario supposed stands beside
    `face` (its name and what it supposes) when it differs. No query."""
    until = add_months(on, 12 * years)
    if refusal := nothing_ahead(agent, now, on=on):
        return Outlook(on, until, refusal=refusal)
    assert now is not None  # noqa: S101  (refused above)
    try:
        found = [_scenario(face[0], imagine(now, on=on, until=until, supposed=face[1]))]
        if supposed != face[1]:
            found.append(_scenario(CHOSEN, imagine(now, on=on, until=until, supposed=supposed)))
    except DomainError as error:
        return Outlook(on, until, refusal=explain_error(error))
    refused = found[-1].found.refused if len(found) > 1 else ()
    if refused and found[-1].stages == found[0].stages:  # nothing is left of what was supposed
        found.pop()
    scenarios = tuple(found)
    both = len(found) > 1
    return Outlook(
        on,
        until,
        scenarios,
        _chart(scenarios, on, until),
        tuple(year_gaps(found[0].found, found[1].found, on=on, years=years)) if both else (),
        tuple(date_gaps(found[0].found, found[1].found)) if both else (),
        training_node(now.step.corps, on) if training else None,
        tuple((FIELDS.get(name, name), explain_error(error)) for name, error in refused),
    )


def _scenario(name: str, found: Projection) -> Scenario:
    return Scenario(name, found, gain_node(found))


def _chart(scenarios: tuple[Scenario, ...], on: dt.date, until: dt.date) -> StepChart:
    series = tuple(
        Series(
            scenario.name,
            tuple(
                (max(stage.on, on), cast(Decimal, stage.gross.value), short_place(stage)) for stage in scenario.stages
            ),
        )
        for scenario in scenarios
    )
    return StepChart("Traitement brut mensuel, par échelon atteint", series, on, until, "€/mois")


def short_place(stage: Stage) -> str:
    """« 7e échelon », « 4e échelon, 2e chevron »."""
    step = stage.standing.step
    if step.echelon is None:
        return place(step)
    return f"{ordinal(step.echelon)} échelon" + (f", {ordinal(step.chevron)} chevron" if step.chevron else "")
