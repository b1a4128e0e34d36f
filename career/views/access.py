"""Pages of one's own file: whoever has none is told so."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from career.selectors.agents import agent_of


def own_file(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Passes the agent of the person signed in to `view`; 404 with a clear page for an account without file."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        agent = agent_of(request.user)
        if agent is None:
            return render(request, "career/no_file.html", status=404)
        return view(request, agent, *args, **kwargs)

    return wrapped
