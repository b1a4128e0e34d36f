"""« Signaler une erreur »: explain, check, send; then follow the request in « Mes demandes »."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from career.enums import FactKind
from career.forms import CorrectionForm, TargetForm
from career.models import Agent
from career.selectors.corrections import corrections_of
from career.selectors.history import find_entry
from career.services.corrections import ANSWER_MONTHS, open_correction
from career.views.access import own_file
from career.wording import FACT_NAMES, explain_error
from iprof.kernel.errors import DomainError
from iprof.kernel.periods import add_months
from iprof.web.formats import french_date
from security.people import signed_in

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Target:
    """What the request is about. Without `kind`, an element is missing and the form asks which."""

    kind: str
    ref: str
    label: str
    lines: tuple[str, ...] = ()
    source: str = ""


def _target(agent: Agent, data: Mapping[str, str]) -> Target:
    """The fact named by the address or the form; 404 for a fact that is not in this agent's file."""
    form = TargetForm(data)
    if not form.is_valid():
        raise Http404
    kind, ref = form.cleaned_data["nature"], form.cleaned_data["ref"]
    if kind == FactKind.IDENTITY:
        return Target(kind, "", "Identité et coordonnées")
    if not ref:
        return Target("", "", "Un élément manque dans mon dossier")
    entry = find_entry(agent, kind, ref)
    if entry is None:
        raise Http404
    source = f"{entry.source}, transmis le {french_date(entry.recorded_on)}"
    return Target(entry.kind, entry.ref, entry.label, entry.lines, source)


@require_http_methods(["GET", "HEAD", "POST"])
@own_file
def create(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Form, then recap, then deposit; « modifier » goes back with what was typed."""
    target = _target(agent, request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        return _page(request, target, CorrectionForm(about_fact=bool(target.kind)))
    form = CorrectionForm(request.POST, about_fact=bool(target.kind))
    if not form.is_valid():
        return _page(request, target, form, status=400)
    step = request.POST.get("etape")
    if step == "modifier":
        return _page(request, target, form)
    kind = target.kind or form.cleaned_data["nature"]
    label = target.label if target.kind else f"Élément manquant : {FACT_NAMES[kind].lower()}"
    if step != "envoyer":
        context = {
            "target": target,
            "label": label,
            "nature": kind,
            "message": form.cleaned_data["message"],
            "due_on": add_months(timezone.localdate(), ANSWER_MONTHS),
        }
        return render(request, "career/correction_recap.html", context)
    try:
        correction = open_correction(
            agent=agent,
            by=signed_in(request),
            kind=kind,
            ref=target.ref,
            label=label,
            message=form.cleaned_data["message"],
            on=timezone.localdate(),
        )
    except DomainError as error:
        form.add_error(None, explain_error(error))
        return _page(request, target, form, status=409)
    messages.success(request, "Votre demande est enregistrée.")
    return redirect("career:correction_detail", correction.public_id)


def _page(request: HttpRequest, target: Target, form: CorrectionForm, status: int = 200) -> HttpResponse:
    return render(request, "career/correction_form.html", {"target": target, "form": form}, status=status)


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    page = Paginator(corrections_of(agent), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "career/correction_list.html", {"page": page, "today": timezone.localdate()})


@require_safe
@own_file
def detail(request: HttpRequest, agent: Agent, public_id: UUID) -> HttpResponse:
    correction = get_object_or_404(corrections_of(agent), public_id=public_id)
    late = correction.answered_at is None and correction.due_on < timezone.localdate()
    return render(request, "career/correction_detail.html", {"correction": correction, "late": late})
