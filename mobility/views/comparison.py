"""« Comparer les destinations »: one table, sorted by the address, printable (requirement S10)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.models import Agent
from career.views.access import own_file
from mobility.domain.comparison import ordered
from mobility.forms.comparison import DestinationsForm
from mobility.selectors.comparison import comparison


@require_safe
@own_file
def destinations(request: HttpRequest, agent: Agent) -> HttpResponse:
    form = DestinationsForm(request.GET)
    valid = form.is_valid()
    found = comparison(agent, on=timezone.localdate(), at=timezone.now())
    kept = [row for row in found.destinations if form.kept_zone in (None, row.zone)]
    context = {"form": form, "found": found, "rows": ordered(kept, form.order), "order": form.order.value}
    return render(request, "mobility/comparison.html", context, status=200 if valid else 400)
