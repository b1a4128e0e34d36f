"""Documents are those of an agent whose file is in the portal; whoever has none is told so."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from iprof.correspondence.subjects import is_followed
from security.people import signed_in


def own_documents(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_followed(signed_in(request)):
            return render(request, "documents/nobody.html", status=404)
        return view(request, *args, **kwargs)

    return wrapped
