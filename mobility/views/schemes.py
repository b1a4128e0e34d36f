"""« Dispositifs spécifiques »: the list, and the page of one with its guide (requirements S58, S59, S81)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from iprof.kernel.errors import DomainError
from mobility.domain.facts import Degree
from mobility.domain.schemes import Scheme, schemes
from mobility.selectors.file import FileFacts, file_facts
from mobility.selectors.schemes import guide_of, shown_scheme, shown_schemes
from mobility.selectors.snapshot import session_of
from mobility.services.schemes import open_application
from mobility.views.access import own_mobility
from security.people import signed_in

CLOSED = "Ce dispositif n'est pas ouvert : aucune candidature n'est prise aujourd'hui. Revenez à son ouverture."


def _file(request: HttpRequest) -> FileFacts:
    today = timezone.localdate()
    return file_facts(signed_in(request), session=session_of(today), on=today)


def _degree(file: FileFacts) -> Degree | None:
    return file.degree if file.corps else None


def _scheme(code: str) -> Scheme:
    found = schemes().get(code)
    if found is None:
        raise Http404
    return found


@require_safe
@own_mobility
def scheme_list(request: HttpRequest) -> HttpResponse:
    degree = _degree(_file(request))
    families = shown_schemes(signed_in(request), at=timezone.now(), degree=degree)
    return render(request, "mobility/scheme_list.html", {"families": families})


@require_safe
@own_mobility
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _scheme(code))


@require_POST
@own_mobility
def scheme_begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begins the application, or goes back to the one that is there."""
    law = _scheme(code)
    found = shown_scheme(signed_in(request), law, at=timezone.now())
    if found.campaign is None or _degree(_file(request)) not in (None, *law.degrees):
        return _page(request, law, problem=CLOSED, status=409)
    try:
        return redirect(open_application(owner=signed_in(request), campaign=found.campaign))
    except DomainError:
        return _page(request, law, problem=CLOSED, status=409)


def _page(request: HttpRequest, law: Scheme, *, problem: str = "", status: int = 200) -> HttpResponse:
    file = _file(request)
    context = {
        "one": shown_scheme(signed_in(request), law, at=timezone.now()),
        "mine_too": _degree(file) in (None, *law.degrees),
        "guide": guide_of(law, departement=file.departement),
        "problem": problem,
    }
    return render(request, "mobility/scheme.html", context, status=status)
