"""Where the person stands, at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from career.selectors import agent_of
from career.views import situation


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    agent = agent_of(request.user)  # type: ignore[arg-type]  # signed in by middleware
    return render(request, "home/dashboard.html", situation(agent) if agent else {})
