"""« Promotion de grade »: the agent confirms or supposes an appréciation, and reads the next two campaigns."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from career.forms import PromotionForm
from career.models import Agent
from career.selectors.promotion import promotion_outlook
from career.views.access import own_file


@require_GET
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    form = PromotionForm(request.GET)
    valid = form.is_valid()
    found = promotion_outlook(agent, on=timezone.localdate(), appreciation=form.kept("appreciation"))
    if not form.kept("appreciation") and valid:
        form = PromotionForm({"appreciation": found.transmitted})
        form.is_valid()
    context = {"agent": agent, "form": form, "found": found}
    return render(request, "career/promotion.html", context, status=200 if valid else 400)
