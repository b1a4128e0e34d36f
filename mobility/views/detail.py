"""One's own request: its state, what happened, its barème, what comes next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mobility.domain.refusals import refusal
from mobility.models import MobilityRequest
from mobility.selectors.detail import last_version, receipts_about, steps_of
from mobility.selectors.live import live
from mobility.selectors.requests import milestones, request_shown
from mobility.selectors.results import recalled, result_of
from mobility.views.access import own_request


@require_safe
@own_request
def request_detail(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    """The barème shown is the one archived; a draft shows that of today."""
    now = timezone.now()
    found = live(one, on=timezone.localdate())
    context = {
        "one": one,
        "shown": request_shown(one, now),
        "live": found,
        "version": last_version(one, found.degree) if one.state != "brouillon" else None,
        "unconfirmed": refusal("confirmation_absente").message,
        "result": result_of(one),
        "recalled": recalled(one),
        "steps": steps_of(one),
        "receipts": receipts_about(one),
        "dates": milestones(one.campaign, now) if one.campaign else (),
    }
    return render(request, "mobility/request.html", context)
