"""« Ma projection » as an accessible PDF (PDF/UA-1): scenarios, differences, what is uncertain, why these figures."""

from itertools import chain

from career.models import Agent
from career.selectors.forecast import ForecastView
from career.selectors.projection import Outlook
from iprof.kernel.explain import Node
from iprof.web.printing import explanations, printed


def projection_pdf(*, agent: Agent, found: Outlook, forecast: ForecastView | None) -> bytes:
    """The document on the day of the projection. Nothing is fetched from outside."""
    context = {
        "agent": agent,
        "found": found,
        "forecast": forecast,
        "on": found.on,
        "annex": [(node, tuple(explanations(node))) for node in _figures(found, forecast)],
    }
    return printed("pdf/projection.html", context)


def _figures(found: Outlook, forecast: ForecastView | None) -> list[Node]:
    """What the annex explains: the last stage and the gain of each scenario, each day reached, the assumptions."""
    stages = chain.from_iterable(scenario.stages for scenario in found.scenarios)
    reached = [stage.reached for stage in stages if stage.reached]
    ends = [node for scenario in found.scenarios for node in (scenario.stages[-1].gross, scenario.gain)]
    supposed = [*forecast.assumptions, *forecast.dates] if forecast else []
    return list(dict.fromkeys([*reached, *ends, *supposed]))
