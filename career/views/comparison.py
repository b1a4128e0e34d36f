"""« Comparaison »: seniority in the grade beside the means published or computed, as a chart, tables and a CSV."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.exports import comparison_csv as write_csv
from career.forms_comparison import ComparisonForm
from career.models import Agent
from career.selectors.comparison import Comparison, Own, Place, comparison, own_seniority
from career.views.access import own_file
from career.views.history import download

DEFAULT: Place = ("certifies", "classe_normale", None)  # for whoever holds no grade


def _read(request: HttpRequest, agent: Agent) -> tuple[ComparisonForm, Own | None, Comparison, bool]:
    today = timezone.localdate()
    own = own_seniority(agent, on=today)
    form = ComparisonForm(request.GET, own=(own.corps, own.grade, None) if own else DEFAULT)
    valid = form.is_valid()
    return form, own, comparison(own, form.place, perimeter=form.perimeter, on=today), valid


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    form, own, found, valid = _read(request, agent)
    context = {"agent": agent, "form": form, "own": own, "found": found, "query": request.GET.urlencode()}
    return render(request, "career/comparison.html", context, status=200 if valid else 400)


@require_safe
@own_file
def table(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The figures shown, filters kept."""
    _, _, found, _ = _read(request, agent)
    return download(write_csv(found), "text/csv; charset=utf-8", f"comparaison-{found.seen.on:%Y-%m-%d}.csv")
