"""Documents are those of an agent whose file is in the portal; whoever has none is told so. Staff read those they were sent
once they hold the second factor that the administration asks for."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from documents.models import Document
from iprof.correspondence.subjects import is_followed
from security.people import signed_in
from security.second_step import must_enrol


def own_documents(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_followed(signed_in(request)):
            return render(request, "documents/nobody.html", status=404)
        return view(request, *args, **kwargs)

    return wrapped


def any_reader(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view of the document `pk`; the view itself asks who may read it."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: UUID, *args: object, **kwargs: object) -> HttpResponse:
        user = signed_in(request)
        if must_enrol(request, user) and not Document.objects.filter(pk=pk, owner=user).exists():
            return redirect("security:second_step")
        return view(request, pk, *args, **kwargs)

    return wrapped
