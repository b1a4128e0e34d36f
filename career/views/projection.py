"""« Ma projection »: a scenario beside another, what is uncertain, table for spreadsheets, document."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.domain.hypotheses import Hypotheses
from career.exports import projection_csv as write_csv
from career.forms_projection import ProjectionForm, ScenarioNameForm
from career.models import Agent, SavedScenario
from career.pdf_projection import projection_pdf
from career.selectors.forecast import ForecastView, forecast_or_reason
from career.selectors.projection import CERTAIN, Outlook, outlook, standing_of
from career.selectors.projection_choices import choices_for, scenarios_of
from career.views.access import own_file
from career.views.history import download
from iprof.web.costly import costly


@dataclass(frozen=True, slots=True)
class Page:
    """What the address asks and what the rules answer."""

    agent: Agent
    form: ProjectionForm
    kept: list[SavedScenario]
    found: Outlook
    forecast: ForecastView | None
    reason: str
    name_form: ScenarioNameForm = field(default_factory=ScenarioNameForm)

    @property
    def valid(self) -> bool:
        return not self.form.errors

    def context(self) -> dict[str, Any]:
        query = self.form.canonical()
        face = self.form.cleaned_data.get("face")
        return {
            "agent": self.agent,
            "form": self.form,
            "found": self.found,
            "forecast": self.forecast,
            "reason": self.reason,
            "kept": self.kept,
            "query": query,
            "export_query": "&".join(part for part in (query, f"face={face}" if face else "") if part),
            "name_form": self.name_form,
        }


def read_page(agent: Agent, query: QueryDict) -> Page:
    """The form offers only what the file allows to suppose: that is known once the years are. What the law refuses is
    told at its field, and the rest is projected."""
    today = timezone.localdate()
    form = ProjectionForm(query)
    form.is_valid()
    now, kept = standing_of(agent, on=today), scenarios_of(agent)
    choices = choices_for(now, kept, on=today, years=form.years)
    form.offer(choices)
    form.is_valid()
    supposed, face = form.supposed(), (CERTAIN, Hypotheses())
    for scenario in kept:
        if str(scenario.public_id) == form.cleaned_data.get("face"):
            other = ProjectionForm(QueryDict(scenario.query))
            other.offer(choices)
            other.is_valid()
            face = scenario.name, other.supposed()
    training = bool(form.cleaned_data.get("formation"))
    found = outlook(agent, now, on=today, years=form.years, supposed=supposed, face=face, training=training)
    for name, said in found.refused:
        form.add_error(name, said)
    forecast, reason = forecast_or_reason(None if found.refusal else now, on=today, years=form.years)
    return Page(agent, form, kept, found, forecast, reason)


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    page = read_page(agent, request.GET)
    return render(request, "career/projection.html", page.context(), status=200 if page.valid else 400)


@require_safe
@own_file
def table(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = read_page(agent, request.GET).found
    name = f"projection-{found.on:%Y-%m-%d}.csv"
    return download(write_csv(found.scenarios), "text/csv; charset=utf-8", name)


@require_safe
@costly
@own_file
def document(request: HttpRequest, agent: Agent) -> HttpResponse:
    page = read_page(agent, request.GET)
    content = projection_pdf(agent=agent, found=page.found, forecast=page.forecast)
    return download(content, "application/pdf", f"projection-{page.found.on:%Y-%m-%d}.pdf")
