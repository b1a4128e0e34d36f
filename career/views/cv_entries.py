"""The agent's own entries of the CV: add, change, delete after confirmation, move. Two tabs never overwrite one another."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from career.domain.cv import BY_CODE, Content, Section
from career.forms_cv import CvEntryForm, MoveForm, entry_initial
from career.models import Agent, CvEntry
from career.selectors.cv import CvItem, content_of, entry_item, find_cv_entry
from career.services.cv_entries import add_entry, change_entry, delete_entry, move_entry
from career.views.access import own_file
from career.views.cv import at_section
from career.wording import explain_error
from iprof.kernel.errors import DomainError


def _own_section(code: str) -> Section:
    section = BY_CODE.get(code)
    if section is None or not section.own:
        raise Http404
    return section


@require_http_methods(["GET", "HEAD", "POST"])
@own_file
def create(request: HttpRequest, agent: Agent, code: str) -> HttpResponse:
    section = _own_section(code)
    today = timezone.localdate()
    if request.method != "POST":
        return _page(request, section, CvEntryForm(section=section, on=today))
    form = CvEntryForm(request.POST, section=section, on=today)
    if not form.is_valid():
        return _page(request, section, form, status=400)
    try:
        add_entry(agent=agent, section=code, content=form.content, on=today)
    except DomainError as error:
        form.add_error(None, explain_error(error))
        return _page(request, section, form, status=409)
    messages.success(request, f"{section.title}. L'entrée est ajoutée à votre CV.")
    return at_section(code)


@require_http_methods(["GET", "HEAD", "POST"])
@own_file
def change(request: HttpRequest, agent: Agent, public_id: UUID) -> HttpResponse:
    entry = find_cv_entry(agent, public_id)
    if entry is None:
        return _gone(request)
    section, today = BY_CODE[entry.section], timezone.localdate()
    if request.method != "POST":
        initial = entry_initial(content_of(entry), entry.version)
        return _page(request, section, CvEntryForm(initial=initial, section=section, on=today), entry)
    form = CvEntryForm(request.POST, section=section, on=today)
    if not form.is_valid():
        return _page(request, section, form, entry, status=400)
    try:
        change_entry(agent=agent, public_id=public_id, version=form.version_seen, content=form.content, on=today)
    except DomainError as error:
        return _conflict(request, agent, entry, form.content, error)
    messages.success(request, f"{section.title}. L'entrée est modifiée.")
    return at_section(section.code)


def _conflict(request: HttpRequest, agent: Agent, seen: CvEntry, typed: Content, error: DomainError) -> HttpResponse:
    """What is stored now beside what was typed: saving again, from here, is a choice."""
    entry = find_cv_entry(agent, seen.public_id)
    if entry is None:
        return _gone(request)
    section = BY_CODE[entry.section]
    form = CvEntryForm(initial=entry_initial(typed, entry.version), section=section, on=timezone.localdate())
    context = {
        "section": section,
        "form": form,
        "entry": entry,
        "stored": entry_item(entry),
        "told": explain_error(error),
    }
    return render(request, "career/cv_entry_form.html", context, status=409)


def _gone(request: HttpRequest) -> HttpResponse:
    """No such entry here: what was typed can be added again. The same answer for someone else's entry."""
    code = request.POST.get("rubrique", "")
    if request.method != "POST" or code not in BY_CODE or not BY_CODE[code].own:
        raise Http404
    section = BY_CODE[code]
    form = CvEntryForm(
        initial={name: request.POST.get(name, "") for name in Content.__slots__},
        section=section,
        on=timezone.localdate(),
    )
    context = {"section": section, "form": form, "told": explain_error(DomainError("cv_entry_gone")), "gone": True}
    return render(request, "career/cv_entry_form.html", context, status=404)


def _page(
    request: HttpRequest, section: Section, form: CvEntryForm, entry: CvEntry | None = None, status: int = 200
) -> HttpResponse:
    context = {"section": section, "form": form, "entry": entry}
    return render(request, "career/cv_entry_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@own_file
def delete(request: HttpRequest, agent: Agent, public_id: UUID) -> HttpResponse:
    """Confirmation, then deletion of the version that was confirmed."""
    entry = find_cv_entry(agent, public_id)
    if entry is None:
        raise Http404
    if request.method != "POST":
        return _confirmation(request, entry)
    seen = request.POST.get("version", "")
    try:
        delete_entry(agent=agent, public_id=public_id, version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0)
    except DomainError as error:
        entry = get_object_or_404(CvEntry, cv__agent=agent, public_id=public_id)
        return _confirmation(request, entry, told=explain_error(error), status=409)
    messages.success(request, f"{BY_CODE[entry.section].title}. L'entrée est supprimée.")
    return at_section(entry.section)


def _confirmation(request: HttpRequest, entry: CvEntry, told: str = "", status: int = 200) -> HttpResponse:
    item: CvItem = entry_item(entry)
    context = {"section": BY_CODE[entry.section], "entry": entry, "item": item, "told": told}
    return render(request, "career/cv_entry_delete.html", context, status=status)


@require_POST
@own_file
def move(request: HttpRequest, agent: Agent, public_id: UUID) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Http404
    up = form.cleaned_data["action"] == "monter"
    try:
        entry = move_entry(agent=agent, public_id=public_id, up=up)
    except DomainError as error:
        raise Http404 from error
    messages.success(request, f"{entry.title} : {'montée' if up else 'descendue'} d'un rang.")
    return at_section(entry.section)
