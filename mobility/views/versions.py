"""« Mon barème » : every version kept, its explanation and its PDF, for good (K5)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mobility.models import MobilityRequest
from mobility.selectors.contests import contests_about, may_contest
from mobility.selectors.late import late_changes_about
from mobility.selectors.versions import version_of, versions_of
from mobility.services.versions import print_bytes
from mobility.views.access import own_request


@require_safe
@own_request
def version_list(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    """With what was contested and asked late, which some of the versions answer."""
    context = {
        "one": one,
        "versions": versions_of(one),
        "asks": [*contests_about(one), *late_changes_about(one)],
        "contest": may_contest(one, at=timezone.now()),
    }
    return render(request, "mobility/versions.html", context)


@require_safe
@own_request
def version_detail(request: HttpRequest, one: MobilityRequest, number: int) -> HttpResponse:
    found = version_of(one, number)
    if found is None:
        raise Http404
    latest = not one.versions.filter(number__gt=number).exists()
    contest = latest and may_contest(one, at=timezone.now())
    return render(
        request, "mobility/version.html", {"one": one, "version": found, "latest": latest, "contest": contest}
    )


@require_safe
@own_request
def version_pdf(request: HttpRequest, one: MobilityRequest, number: int) -> HttpResponse:
    rows = one.versions.select_related("request__owner", "request__campaign")
    row = get_object_or_404(rows, number=number)
    response = HttpResponse(print_bytes(row), content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="Bareme_{row.number}_{timezone.localdate(row.made_at):%Y-%m-%d}.pdf"'
    )
    return response
