"""« Ma carrière »: the situation, each figure explained, and the history."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from career import selectors
from career.domain.advancement import next_step_node
from career.domain.pay import indice_majore_node, monthly_gross_node, place
from career.models import Agent
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node


def _or_none(build: Callable[[], Node]) -> Node | None:
    """A figure the texts do not give is shown as not published."""
    try:
        return build()
    except DomainError:
        return None


def situation(agent: Agent) -> dict[str, object]:
    """What the page and the dashboard show of an agent today: place, post, explained figures, history."""
    today = timezone.localdate()
    steps = selectors.steps_of(agent)
    now = selectors.standing_of(steps, today)
    context = {"agent": agent, "post": selectors.current_post(agent, today), "entries": selectors.history(agent, steps)}
    if now is not None:
        context |= {
            "place": place(now.step),
            "index": _or_none(lambda: indice_majore_node(now.step, today)),
            "pay": _or_none(lambda: monthly_gross_node(now.step, today)),
            "following": _or_none(lambda: next_step_node(now)),
        }
    return context


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    agent = selectors.agent_of(request.user)  # type: ignore[arg-type]  # signed in by middleware
    if agent is None:
        raise Http404
    return render(request, "career/history.html", situation(agent))
