"""« Perspectives »: ways to other duties, retirement, what pay is made of; the days as calendars."""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.models import Agent
from career.selectors.outlook import dated_ways, perspectives_of
from career.selectors.perspectives import Way
from career.views.access import own_file
from career.views.history import download
from iprof.web import ics


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    context = {"agent": agent, "found": perspectives_of(agent, on=timezone.localdate())}
    return render(request, "career/perspectives.html", context)


@require_safe
@own_file
def calendar(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Every way whose day is known. 404 when there is none: a calendar cannot be empty."""
    return _file(request, agent, dated_ways(agent, on=timezone.localdate()), "perspectives")


@require_safe
@own_file
def calendar_of_way(request: HttpRequest, agent: Agent, code: str) -> HttpResponse:
    """One way; 404 for an unknown one, and for one without a day."""
    ways = [way for way in dated_ways(agent, on=timezone.localdate()) if way.code == code]
    return _file(request, agent, ways, f"perspective-{code}")


def _file(request: HttpRequest, agent: Agent, ways: Iterable[Way], name: str) -> HttpResponse:
    url = settings.BASE_URL + reverse("career:perspectives")
    events = [
        ics.Event(
            ics.stable_uid("career/perspectives", agent.matricule, way.code),
            way.on,
            f"Condition de services remplie : {way.label}",
            f"{way.met.sentence}\nUne information, pas une promesse.",
            url,
        )
        for way in ways
        if way.on
    ]
    if not events:
        raise Http404("Aucun jour connu")
    content = ics.calendar(events, name="Perspectives de carrière", stamp=timezone.now())
    return download(content, ics.CONTENT_TYPE, f"{name}.ics")
