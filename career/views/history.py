"""« Ma carrière », the academic CV and their exports."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from career.exports import history_csv as write_csv
from career.forms import HistoryFilterForm
from career.models import Agent
from career.pdf import career_pdf
from career.selectors.agents import identity_of
from career.selectors.corrections import open_facts
from career.selectors.cv import academic_cv
from career.selectors.history import by_year
from career.selectors.history import history as read_history
from career.selectors.situation import current_situation
from career.views.access import own_file

UNFOLDED_YEARS = 2


@require_GET
@own_file
def history(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    found = read_history(agent)
    form = HistoryFilterForm(request.GET, years=found.years())
    valid = form.is_valid()
    kind, year = (form.cleaned_data["nature"], form.cleaned_data["annee"]) if valid else ("", None)
    recent = valid and form.cleaned_data["ordre"] == "recent"
    shown = found.of(kind=kind, year=year)
    filtered = bool(kind or year)
    newest = {entry.on.year for entry in shown}
    context = {
        "agent": agent,
        "situation": current_situation(agent, on=today),
        "today": today,
        "form": form,
        "filtered": filtered,
        "years": by_year(shown[::-1] if recent else shown),
        "unfolded": newest if filtered else set(sorted(newest)[-UNFOLDED_YEARS:]),
        "shown": len(shown),
        "total": len(found.entries),
        "cancelled": found.cancelled,
        "identity": identity_of(agent),
        "reported": open_facts(agent),
    }
    return render(request, "career/history.html", context, status=200 if valid else 400)


@require_GET
@own_file
def cv(request: HttpRequest, agent: Agent) -> HttpResponse:
    context = {"agent": agent, "today": timezone.localdate(), "parts": academic_cv(read_history(agent))}
    return render(request, "career/cv.html", context)


@require_GET
@own_file
def history_pdf(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    content = career_pdf(
        agent=agent,
        situation=current_situation(agent, on=today),
        history=read_history(agent),
        identity=identity_of(agent),
        on=today,
    )
    return _download(content, "application/pdf", f"ma-carriere-{today:%Y-%m-%d}.pdf")


@require_GET
@own_file
def history_csv(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    return _download(write_csv(read_history(agent)), "text/csv; charset=utf-8", f"ma-carriere-{today:%Y-%m-%d}.csv")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
