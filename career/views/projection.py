"""« Projection de carrière »: échelons to come, what a bonification would change, table for spreadsheets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from career.exports import projection_csv as write_csv
from career.forms import ProjectionForm
from career.models import Agent
from career.selectors.projection import Outlook, bonifications_ahead, outlook, standing_of
from career.views.access import own_file
from career.views.history import download


def _read(request: HttpRequest, agent: Agent) -> tuple[ProjectionForm, Outlook, bool]:
    """The form asks only for the bonifications that lie ahead: those are known once the years are."""
    today = timezone.localdate()
    form = ProjectionForm(request.GET)
    form.is_valid()
    now = standing_of(agent, on=today)
    form.offer(bonifications_ahead(now, on=today, years=form.years))
    valid = form.is_valid()
    return form, outlook(agent, now, on=today, years=form.years, bonifications=form.bonifications), valid


@require_GET
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    form, found, valid = _read(request, agent)
    context = {"agent": agent, "form": form, "found": found, "query": request.GET.urlencode()}
    return render(request, "career/projection.html", context, status=200 if valid else 400)


@require_GET
@own_file
def table(request: HttpRequest, agent: Agent) -> HttpResponse:
    _, found, _ = _read(request, agent)
    name = f"projection-{found.on:%Y-%m-%d}.csv"
    return download(write_csv(found.scenarios), "text/csv; charset=utf-8", name)
