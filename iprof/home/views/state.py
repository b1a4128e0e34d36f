"""« État du service » inside the portal: what is said of the incidents, and the pen for those who may tell of them."""

from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from iprof.home.forms_state import OpenForm, UpdateForm
from iprof.web.service_state import folder
from security.enums import AccessKind
from security.journal import record
from security.models import User
from status.files import StateProblem
from status.incidents import Incident, load, open_incident, update_incident

TELLS = "security.tell_incident"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def service_state(request: HttpRequest) -> HttpResponse:
    """Incidents of ninety days; POST opens, completes or closes one."""
    if folder() is None:
        raise Http404
    may_tell = request.user.has_perm(TELLS)
    forms: dict[str, Any] = {"opening": OpenForm(), "updating": UpdateForm(), "problem": ""}
    if request.method == "POST":
        if not may_tell:
            raise PermissionDenied
        try:
            if _act(request, forms):
                return redirect("home:service_state")
        except StateProblem as problem:
            forms["problem"] = str(problem)
    status = 400 if request.method == "POST" else 200
    return render(
        request, "home/service_state.html", {"book": load(_place()), "may_tell": may_tell, **forms}, status=status
    )


def _act(request: HttpRequest, forms: dict[str, Any]) -> bool:
    """Whether something was written; the form in `forms` says why otherwise. Raises StateProblem."""
    match request.POST.get("acte"):
        case "ouvrir":
            return _open(request, forms)
        case "completer" | "clore" as act:
            return _update(request, forms, act)
    raise StateProblem("Aucune décision n'a été comprise. Choisissez un des boutons.")


def _open(request: HttpRequest, forms: dict[str, Any]) -> bool:
    form = forms["opening"] = OpenForm(request.POST)
    if not form.is_valid():
        return False
    made = open_incident(_place(), now=timezone.now(), **form.cleaned_data)
    _told(request, made, "ouverture", "L'incident est annoncé.")
    return True


def _update(request: HttpRequest, forms: dict[str, Any], act: str) -> bool:
    form, code = UpdateForm(request.POST), request.POST.get("code", "")[:20]
    forms |= {"updating": form, "code": code}
    if not form.is_valid():
        return False
    close = act == "clore"
    changed = update_incident(_place(), code=code, text=form.cleaned_data["text"], now=timezone.now(), close=close)
    _told(request, changed, act, "L'incident est clos." if close else "La suite est annoncée.")
    return True


def _told(request: HttpRequest, incident: Incident, act: str, sentence: str) -> None:
    record(AccessKind.INCIDENT_TOLD, actor=cast(User, request.user), request=request, incident=incident.code, act=act)
    messages.success(request, sentence)


def _place() -> Path:
    return cast(Path, folder())  # the view has looked
