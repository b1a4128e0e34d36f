"""The event « projection » of rule cases: each place reached by ancienneté, up to a day or an échelon."""

import datetime as dt
from collections.abc import Callable, Mapping

from career.domain.case_inputs import Inputs
from career.domain.case_places import Result, situation_of
from career.domain.pay import indice_majore_node
from career.domain.projection import path
from career.domain.snapshot import Standing
from iprof.kernel.periods import add_months

YEARS = 5
FAR_YEARS = 60  # no career is longer: a bound for « until this échelon »


def _projection(inputs: Inputs) -> Result:
    """From `date_observation`, `date_event` or the entry in the échelon, to `vers` (a day or an échelon) or 5 years on."""
    step, start = situation_of(inputs)
    on = inputs.get("date_observation", "date_event") or step.effective_on
    target = inputs.get("vers")
    until = target if isinstance(target, dt.date) else add_months(on, 12 * (FAR_YEARS if target else YEARS))
    flags = {6: inputs.get("bonification_6e"), 8: inputs.get("bonification_8e")}
    chosen = frozenset(echelon for echelon, given in flags.items() if given or inputs.get("bonification"))
    stages = []
    for place, _ in path(Standing(step, start), until=until, bonifications=chosen):
        fact = place.step
        if fact.effective_on >= on:
            stages.append(
                {
                    "date": fact.effective_on,
                    "grade": fact.grade,
                    "echelon": fact.echelon,
                    "chevron": fact.chevron,
                    "indice_majore": indice_majore_node(fact, fact.effective_on).value,
                }
            )
        if isinstance(target, int) and fact.echelon == target:
            break
    return {"etapes": stages}


EVENTS: Mapping[str, Callable[[Inputs], Result]] = {"projection": _projection}
