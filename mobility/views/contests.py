"""Contesting the barème displayed, line by line: choose, write, check, send, follow (K4)."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from documents.selectors.receipts import receipt_for
from documents.services.submit import Incomplete
from iprof.kernel.errors import DomainError
from mobility.domain.contests import contest_law
from mobility.domain.states import State
from mobility.enums import Ground
from mobility.forms.contests import ContestForm
from mobility.models import BaremeVersion, MobilityRequest
from mobility.selectors.contests import (
    Contestable,
    answer_delay,
    contestable,
    contests_of,
    line_named,
    may_contest,
    proofs_for,
)
from mobility.services.contests import PROCEDURE, Contested, contest_line
from mobility.services.versions import latest_version
from mobility.views.access import own_mobility, own_request
from mobility.wording_life import explain
from security.people import signed_in

AGAIN, SEND = "modifier", "envoyer"


@sensitive_post_parameters("message")
@require_http_methods(["GET", "HEAD", "POST"])
@own_request
def contest(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    """Without a line in the address, the lines to choose from; 409 with the reason outside the window."""
    if not may_contest(one, at=timezone.now()):
        return _closed(request, one)
    version = latest_version(one)
    data = request.POST if request.method == "POST" else request.GET
    if "ligne" not in data:
        return _choice(request, one, version)
    line = _line(version, data)
    if line.pending:
        return _refused(request, one, line, DomainError("contest_already_open"))
    piece = proofs_for(signed_in(request), PROCEDURE)
    there = line.shown is not None
    if request.method != "POST":
        return _form(request, one, version, line, ContestForm(piece=piece, there=there))
    form = ContestForm(request.POST, piece=piece, there=there)
    if not form.is_valid():
        return _form(request, one, version, line, form, status=400)
    step = request.POST.get("etape", "")
    if step == AGAIN:
        return _form(request, one, version, line, form)
    if step != SEND:
        return _recap(request, one, version, line, form)
    return _send(request, one, version, line, form)


@require_safe
@own_mobility
def contest_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was said, its receipt, the delay, the answer."""
    found = get_object_or_404(contests_of(signed_in(request)), public_id=public_id)
    context = {
        "contest": found,
        "one": found.request,
        "receipt": receipt_for(f"contestation:{found.public_id}"),
        "delay": answer_delay(found),
        "remedies": contest_law().remedies,
    }
    return render(request, "mobility/contest_detail.html", context)


def _line(version: BaremeVersion, data: Mapping[str, str]) -> Contestable:
    """404 for a line the version does not know. A version made since is told when it is sent."""
    line = line_named(version, data.get("voeu", ""), data.get("ligne", ""))
    if line is None:
        raise Http404
    return line


def _send(
    request: HttpRequest, one: MobilityRequest, version: BaremeVersion, line: Contestable, form: ContestForm
) -> HttpResponse:
    if request.POST.get("version", "") != str(version.number):
        form.add_error(None, explain(DomainError("contest_overtaken")))
        return _form(request, one, version, line, form, status=409)
    about = Contested(
        line.place,
        line.item,
        line.label,
        Ground(form.cleaned_data["objet"]),
        line.shown,
        form.cleaned_data["points"],
        form.cleaned_data["message"],
    )
    try:
        sent = contest_line(version=version, about=about, by=signed_in(request), documents=form.joined, http=request)
    except Incomplete as error:
        form.tell(error.problems)
        return _form(request, one, version, line, form, status=400)
    except DomainError as error:
        form.add_error(None, explain(error))
        return _form(request, one, version, line, form, status=409)
    messages.success(request, "Votre contestation est envoyée. Son accusé de réception est ci-dessous.")
    return redirect(sent.contest)


def _choice(request: HttpRequest, one: MobilityRequest, version: BaremeVersion) -> HttpResponse:
    context = {"one": one, "version": version, "voeux": contestable(version), "until": _until(one)}
    return render(request, "mobility/contest_lines.html", context)


def _form(
    request: HttpRequest,
    one: MobilityRequest,
    version: BaremeVersion,
    line: Contestable,
    form: ContestForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"one": one, "version": version, "line": line, "form": form, "until": _until(one)}
    return render(request, "mobility/contest_form.html", context, status=status)


def _recap(
    request: HttpRequest, one: MobilityRequest, version: BaremeVersion, line: Contestable, form: ContestForm
) -> HttpResponse:
    context = {
        "one": one,
        "version": version,
        "line": line,
        "ground": Ground(form.cleaned_data["objet"]).label,
        "points": form.cleaned_data["points"],
        "message": form.cleaned_data["message"],
        "joined": form.joined,
        "kept": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
    }
    return render(request, "mobility/contest_recap.html", context)


def _closed(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    code = "contest_closed" if State(one.state) in (State.CONTROLLED, State.SUBMITTED) else "request_transition"
    return render(request, "mobility/refused.html", {"one": one, "refusal": explain(DomainError(code))}, status=409)


def _refused(request: HttpRequest, one: MobilityRequest, line: Contestable, error: DomainError) -> HttpResponse:
    return render(request, "mobility/refused.html", {"one": one, "refusal": explain(error), "line": line}, status=409)


def _until(one: MobilityRequest) -> object:
    return one.campaign.contest_until if one.campaign else None
