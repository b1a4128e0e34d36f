"""A request of mobility is its owner's: another's is as if it did not exist."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from career.selectors.agents import agent_of
from mobility.models import MobilityRequest
from security.people import signed_in


def own_mobility(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For whoever has a file; 404 with a clear page for an account without."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if agent_of(signed_in(request)) is None:
            return render(request, "career/no_file.html", status=404)
        return view(request, *args, **kwargs)

    return wrapped


def own_request(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Passes the request of `public_id`, when it is one's own."""

    @wraps(view)
    def wrapped(request: HttpRequest, public_id: UUID, *args: object, **kwargs: object) -> HttpResponse:
        mine = MobilityRequest.objects.select_related("campaign", "owner", "claims").filter(owner=signed_in(request))
        return view(request, get_object_or_404(mine, public_id=public_id), *args, **kwargs)

    return wrapped
