"""One's own request: its state, its vœux, what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mobility.models import MobilityRequest
from mobility.views.access import own_request


@require_safe
@own_request
def request_detail(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    voeux = list(one.voeux.all())
    return render(request, "mobility/request.html", {"one": one, "voeux": voeux})
