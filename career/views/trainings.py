"""« Mes formations »: list, totals per competence and year, table for spreadsheets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.exports import trainings_csv as write_csv
from career.forms import TrainingFilterForm
from career.models import Agent
from career.selectors.corrections import open_facts
from career.selectors.corridor import corridor_of
from career.selectors.trainings import Trainings, training_facts, trainings_of
from career.views.access import own_file
from career.views.history import download


def _read(request: HttpRequest, agent: Agent) -> tuple[TrainingFilterForm, Trainings, bool]:
    facts = training_facts(agent)
    form = TrainingFilterForm(request.GET, facts=facts)
    valid = form.is_valid()
    return (
        form,
        trainings_of(facts, competence=form.kept("competence"), year=form.year, origin=form.kept("origine")),
        valid,
    )


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    form, found, valid = _read(request, agent)
    context = {
        "agent": agent,
        "today": timezone.localdate(),
        "form": form,
        "found": found,
        "filtered": found.shown != found.every,
        "query": request.GET.urlencode(),
        "reported": open_facts(agent),
    }
    return render(request, "career/trainings.html", context, status=200 if valid else 400)


@require_safe
@own_file
def hours(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Hours validated by the head and trainings, in one corridor (requirement S64)."""
    today = timezone.localdate()
    context = {"agent": agent, "today": today, "found": corridor_of(agent, on=today)}
    return render(request, "career/hours.html", context)


@require_safe
@own_file
def table(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The trainings shown, filters kept."""
    _, found, _ = _read(request, agent)
    name = f"mes-formations-{timezone.localdate():%Y-%m-%d}.csv"
    return download(write_csv(found.shown), "text/csv; charset=utf-8", name)
