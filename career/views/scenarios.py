"""The scenarios of projection a teacher keeps: under a name, renamed, removed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from career.forms_projection import ScenarioNameForm
from career.models import Agent, SavedScenario
from career.services.scenarios import remove_scenario, rename_scenario, save_scenario
from career.views.access import own_file
from career.views.projection import read_page
from career.wording import explain_error
from iprof.kernel.errors import DomainError

QUERY_MAX = 500


@require_POST
@own_file
def create(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Keeps the hypotheses shown; with a wrong name, the projection and the name typed are still there."""
    page = read_page(agent, QueryDict(request.POST.get("hypotheses", "")[:QUERY_MAX]))
    form = ScenarioNameForm(request.POST)
    if form.is_valid():
        try:
            save_scenario(agent=agent, name=form.cleaned_data["nom"], query=page.form.canonical())
        except DomainError as error:
            form.add_error("nom", explain_error(error))
        else:
            messages.success(request, "Votre scénario est enregistré.")
            return redirect(f"{_projection_url(page.form.canonical())}#scenarios")
    return render(request, "career/projection.html", page.context() | {"name_form": form}, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@own_file
def detail(request: HttpRequest, agent: Agent, public_id: UUID) -> HttpResponse:
    """Renames a scenario."""
    scenario = get_object_or_404(SavedScenario, agent=agent, public_id=public_id)
    form = ScenarioNameForm(request.POST if request.method == "POST" else {"nom": scenario.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_scenario(scenario=scenario, name=form.cleaned_data["nom"])
        except DomainError as error:
            form.add_error("nom", explain_error(error))
        else:
            messages.success(request, "Le scénario a changé de nom.")
            return redirect(f"{_projection_url(scenario.query)}#scenarios")
    context = {"scenario": SavedScenario.objects.get(pk=scenario.pk), "form": form}
    return render(request, "career/scenario.html", context, status=400 if form.errors else 200)


@require_POST
@own_file
def remove(request: HttpRequest, agent: Agent, public_id: UUID) -> HttpResponse:
    scenario = get_object_or_404(SavedScenario, agent=agent, public_id=public_id)
    remove_scenario(scenario=scenario)
    messages.success(request, f"Le scénario « {scenario.name} » est supprimé.")
    return redirect(f"{_projection_url('')}#scenarios")


def _projection_url(query: str) -> str:
    return f"{reverse('career:projection')}{'?' if query else ''}{query}"
