"""« Ma carrière » and its exports."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.exports import history_csv as write_csv
from career.forms import ALL, HistoryFilterForm
from career.models import Agent
from career.pdf import career_pdf
from career.selectors.agents import identity_of
from career.selectors.corrections import open_facts
from career.selectors.cv import academic_cv
from career.selectors.history import by_year
from career.selectors.history import history as read_history
from career.selectors.situation import current_situation
from career.views.access import own_file
from iprof.web.costly import costly

UNFOLDED_YEARS = 2


@require_safe
@own_file
def history(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    found = read_history(agent)
    form = HistoryFilterForm(request.GET, years=found.years())
    valid = form.is_valid()
    shown = found.of(kind=form.kind, year=form.year)
    filtered = bool(form.kind or form.year)
    unfold = request.GET.get("deplier") == ALL
    years = sorted({entry.on.year for entry in shown})
    context = {
        "agent": agent,
        "situation": current_situation(agent, on=today),
        "today": today,
        "form": form,
        "filtered": filtered,
        "recent": form.recent_first,
        "years": by_year(shown[::-1] if form.recent_first else shown),
        "unfolded": years if filtered or unfold else years[-UNFOLDED_YEARS:],
        "unfold": unfold,
        "fold_url": _fold_url(request, unfold=not unfold),
        "shown": len(shown),
        "total": len(found.entries),
        "cancelled": found.cancelled,
        "identity": identity_of(agent),
        "reported": open_facts(agent),
    }
    return render(request, "career/history.html", context, status=200 if valid else 400)


def _fold_url(request: HttpRequest, *, unfold: bool) -> str:
    """The same page with every year unfolded, or only the last ones; the filters are kept."""
    query = request.GET.copy()
    query.pop("deplier", None)
    if unfold:
        query["deplier"] = ALL
    return f"?{query.urlencode()}"


@require_safe
@costly
@own_file
def history_pdf(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    found = read_history(agent)
    content = career_pdf(
        agent=agent,
        situation=current_situation(agent, on=today),
        history=found,
        identity=identity_of(agent),
        cv=academic_cv(agent, found, on=today),
        on=today,
    )
    return download(content, "application/pdf", f"ma-carriere-{today:%Y-%m-%d}.pdf")


@require_safe
@own_file
def history_csv(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = timezone.localdate()
    return download(write_csv(read_history(agent)), "text/csv; charset=utf-8", f"ma-carriere-{today:%Y-%m-%d}.csv")


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
