"""« Projection »: the stages ahead of an agent, with and without the bonifications chosen (requirements S39, S77, S82)."""

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from career.domain.pay import ordinal, place
from career.domain.hypotheses import NO_BONIFICATION as NONE
from career.domain.projection import gain_node, open_bonifications, project
from career.domain.scenario import Projection, Stage
from career.domain.snapshot import Standing, standing
from career.models import Agent
from career.selectors.situation import step_fact, steps_of
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.kernel.periods import add_months
from iprof.web.charts import Series, StepChart

CERTAIN, CHOSEN = "À l'ancienneté", "Avec bonification"


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    stages: tuple[Stage, ...]
    gain: Node
    stopped: str  # why it ends early, in French; empty when it does not


@dataclass(frozen=True, slots=True)
class Outlook:
    """`refusal` says in French why nothing can be projected; then there is no scenario."""

    on: dt.date
    until: dt.date
    bonifications: tuple[int, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    chart: StepChart | None = None
    refusal: str = ""


def standing_of(agent: Agent, *, on: dt.date) -> Standing | None:
    """Where the agent stands on a day. One query."""
    return standing(tuple(step_fact(row) for row in steps_of(agent)), on)


def bonifications_ahead(now: Standing | None, *, on: dt.date, years: int) -> tuple[int, ...]:
    """The échelons for which a bonification may be supposed."""
    return open_bonifications(now, on=on, until=add_months(on, 12 * years)) if now else ()


def outlook(agent: Agent, now: Standing | None, *, on: dt.date, years: int, bonifications: Set[int] = NONE) -> Outlook:
    """The projection of an agent who stands at `now`, over `years` from the day `on`; a second scenario when
    bonifications are chosen. No query."""
    until = add_months(on, 12 * years)
    if agent.left_on and agent.left_on <= on:
        return Outlook(on, until, refusal="Vous n'êtes plus affecté dans l'académie : aucun avancement n'est calculé.")
    if now is None:
        return Outlook(on, until, refusal="Votre échelon n'a pas encore été transmis : rien ne peut être projeté.")
    ahead = bonifications_ahead(now, on=on, years=years)
    try:
        found = [_scenario(CERTAIN, project(now, on=on, until=until))]
        if chosen := frozenset(bonifications) & frozenset(ahead):
            found.append(_scenario(CHOSEN, project(now, on=on, until=until, bonifications=chosen)))
    except DomainError as error:
        return Outlook(on, until, ahead, refusal=explain_error(error))
    scenarios = tuple(found)
    return Outlook(on, until, ahead, scenarios, _chart(scenarios, on, until))


def _scenario(name: str, found: Projection) -> Scenario:
    return Scenario(name, found.stages, gain_node(found), explain_error(found.stopped) if found.stopped else "")


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
    return StepChart("Traitement brut mensuel à temps plein, par échelon atteint", series, on, until, "€/mois")


def short_place(stage: Stage) -> str:
    """« 7e échelon », « 4e échelon, 2e chevron »."""
    step = stage.standing.step
    if step.echelon is None:
        return place(step)
    return f"{ordinal(step.echelon)} échelon" + (f", {ordinal(step.chevron)} chevron" if step.chevron else "")
