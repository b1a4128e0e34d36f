"""« Mon CV académique »: the page where it is arranged, what another reader sees, and its exports."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from career.domain.cv import BY_CODE
from career.exports_cv import cv_json
from career.forms_cv import FactActionForm, SectionActionForm
from career.models import Agent
from career.pdf_cv import cv_pdf
from career.selectors.cv import AcademicCv, academic_cv
from career.selectors.history import history
from career.services.cv import confirm_cv, move_section, show_fact, show_section
from career.views.access import own_file
from career.views.history import download
from iprof.kernel.errors import DomainError
from iprof.web.costly import costly

TOLD = {
    "monter": "La rubrique est montée d'un rang.",
    "descendre": "La rubrique est descendue d'un rang.",
    "montrer": "La rubrique est affichée.",
    "masquer": "La rubrique est masquée : un lecteur ne la voit plus.",
}


def _read(agent: Agent) -> AcademicCv:
    return academic_cv(agent, history(agent), on=timezone.localdate())


def at_section(code: str) -> HttpResponse:
    """Back to the CV, at the section just changed."""
    return redirect(f"{reverse('career:cv')}#rubrique-{code}")


@require_safe
@own_file
def index(request: HttpRequest, agent: Agent) -> HttpResponse:
    return render(request, "career/cv.html", {"agent": agent, "cv": _read(agent), "today": timezone.localdate()})


@require_safe
@own_file
def preview(request: HttpRequest, agent: Agent) -> HttpResponse:
    return render(
        request, "career/cv_preview.html", {"agent": agent, "cv": _read(agent), "today": timezone.localdate()}
    )


@require_safe
@costly
@own_file
def pdf(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    content = cv_pdf(agent=agent, cv=_read(agent), on=today)
    return download(content, "application/pdf", f"cv-academique-{today:%Y-%m-%d}.pdf")


@require_safe
@own_file
def as_json(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    content = cv_json(agent=agent, cv=_read(agent), on=today)
    return download(content, "application/json", f"cv-academique-{today:%Y-%m-%d}.json")


@require_POST
@own_file
def section(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Moves, shows or hides a section."""
    form = SectionActionForm(request.POST)
    if not form.is_valid() or form.cleaned_data["rubrique"] not in BY_CODE:
        raise Http404
    code, action = form.cleaned_data["rubrique"], form.cleaned_data["action"]
    if action in {"monter", "descendre"}:
        move_section(agent=agent, code=code, up=action == "monter")
    else:
        show_section(agent=agent, code=code, visible=action == "montrer")
    messages.success(request, f"{BY_CODE[code].title}. {TOLD[action]}")
    return at_section(code)


@require_POST
@own_file
def fact(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows or leaves out one fact of the file."""
    form = FactActionForm(request.POST)
    if not form.is_valid():
        raise Http404
    kind, visible = form.cleaned_data["nature"], form.cleaned_data["action"] == "montrer"
    try:
        show_fact(agent=agent, kind=kind, ref=form.cleaned_data["ref"], visible=visible)
    except DomainError as error:
        raise Http404 from error
    told = "est affiché dans votre CV" if visible else "est masqué de votre CV ; votre dossier ne change pas"
    messages.success(request, f"L'élément {told}.")
    return at_section(next(found.code for found in BY_CODE.values() if found.facts == kind))


@require_POST
@own_file
def confirm(request: HttpRequest, agent: Agent) -> HttpResponse:
    """« Mon CV est à jour »."""
    confirm_cv(agent=agent)
    messages.success(request, "Votre CV est noté comme à jour aujourd'hui.")
    return redirect("career:cv")
