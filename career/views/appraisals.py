"""« Rendez-vous de carrière »: windows and delays; then a request: write, check, send, follow."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from career.domain.rendez_vous import load_rendez_vous_law
from career.domain.rendez_vous_clocks import answer_node, clock_node
from career.enums import AppraisalAsk
from career.forms_appraisals import AppraisalForm, AskForm
from career.models import Agent
from career.selectors.appraisals import appraisal_page, follow_up, meetings_of, notified_day, requests_of
from career.services.appraisals import ORIGIN, About, ask, check_in_time
from career.views.access import own_file
from career.wording import explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Node
from iprof.web.formats import french_date
from security.people import signed_in


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    return render(
        request, "career/appraisals.html", {"agent": agent, "found": appraisal_page(agent, on=today), "today": today}
    )


def _target(agent: Agent, data: Mapping[str, str]) -> tuple[AppraisalAsk, About]:
    """The appraisal named by the address or the form; 404 for one that is not in this agent's file."""
    form = AskForm(data)
    if not form.is_valid():
        raise Http404
    kind, ref = AppraisalAsk(form.cleaned_data["nature"] or AppraisalAsk.EARLY), form.cleaned_data["ref"]
    if kind == AppraisalAsk.EARLY:
        return kind, About()
    row = meetings_of(agent).filter(ref=ref.replace("\x00", "")).first()
    if row is None or (kind == AppraisalAsk.REVISION and not row.appreciation):
        raise Http404
    title = f"{row.get_kind_display()} du {french_date(row.held_on)}"
    return kind, About(row.ref, title, row.held_on, notified_day(kind, row))


@require_http_methods(["GET", "HEAD", "POST"])
@own_file
def create(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Form, then recap, then deposit; « modifier » goes back with what was typed. Past the delay, only the reason."""
    kind, about = _target(agent, request.POST if request.method == "POST" else request.GET)
    dated = kind == AppraisalAsk.EARLY or about.notified_on is not None
    today = timezone.localdate()
    try:
        check_in_time(kind, about, on=today)
    except DomainError as error:
        context = {"kind": kind, "about": about, "refusal": explain_error(error)}
        return render(request, "career/appraisal_late.html", context, status=409)
    if request.method != "POST":
        return _page(request, kind, about, AppraisalForm(kind=kind, dated=dated))
    form = AppraisalForm(request.POST, kind=kind, dated=dated)
    if form.is_valid() and not dated:
        about = replace(about, notified_on=form.cleaned_data["notifie_le"], declared=True)
        _check(form, kind, about)
    if not form.is_valid():
        return _page(request, kind, about, form, status=400)
    if request.POST.get("etape") == "modifier":
        return _page(request, kind, about, form)
    if request.POST.get("etape") != "envoyer":
        return render(request, "career/appraisal_recap.html", _recap(kind, about, form))
    try:
        asked = ask(
            agent=agent,
            by=signed_in(request),
            kind=kind,
            about=about,
            message=form.cleaned_data["message"],
            on=today,
        )
    except DomainError as error:
        form.add_error(None, explain_error(error))
        return _page(request, kind, about, form, status=409)
    messages.success(request, "Votre demande est enregistrée.")
    return redirect("career:appraisal_detail", asked.public_id)


def _check(form: AppraisalForm, kind: AppraisalAsk, about: About) -> None:
    """The declared day, told at its field when it is wrong or too old."""
    try:
        check_in_time(kind, about, on=timezone.localdate())
    except DomainError as error:
        form.add_error("notifie_le", explain_error(error))


def _recap(kind: AppraisalAsk, about: About, form: AppraisalForm) -> dict[str, object]:
    clock: Node | None = clock_node(kind, about.notified_on, origin=ORIGIN) if about.notified_on else None
    due = answer_node(timezone.localdate(), origin=ORIGIN) if kind == AppraisalAsk.REVISION else None
    return {"kind": kind, "about": about, "message": form.cleaned_data["message"], "clock": clock, "due": due}


def _page(
    request: HttpRequest, kind: AppraisalAsk, about: About, form: AppraisalForm, status: int = 200
) -> HttpResponse:
    rule = load_rendez_vous_law().revision.at(timezone.localdate()).value
    context = {"kind": kind, "about": about, "form": form, "rule": rule}
    return render(request, "career/appraisal_form.html", context, status=status)


@require_safe
@own_file
def detail(request: HttpRequest, agent: Agent, public_id: UUID) -> HttpResponse:
    asked = get_object_or_404(requests_of(agent), public_id=public_id)
    late = asked.due_on is not None and asked.answered_at is None and asked.due_on < timezone.localdate()
    context = {"asked": asked, "delays": follow_up(asked), "late": late}
    return render(request, "career/appraisal_detail.html", context)
