"""« Promotion de grade »: the situation of the file or another one, an appréciation, and the next two campaigns."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.forms_promotion import PromotionForm
from career.models import Agent
from career.selectors.promotion import promotion_outlook
from career.selectors.promotion_advice import advice_on
from career.selectors.promotion_file import promotion_file
from career.views.access import own_file


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    file = promotion_file(agent, on=timezone.localdate())
    form = PromotionForm(request.GET, file=file)
    valid = form.is_valid()
    supposed = "" if form.refused else form.kept("appreciation")  # it went with the situation refused
    found = promotion_outlook(file, typed=form.typed, appreciation=supposed)
    context = {"agent": agent, "form": form, "found": found, "advice": advice_on(file, found)}
    return render(request, "career/promotion.html", context, status=200 if valid else 400)
