"""« Mon barème aujourd'hui »: the same sections all year, nothing sent (issue 7, simulation outside campaigns)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mobility.selectors.differences import file_rows
from mobility.selectors.file import file_facts
from mobility.selectors.live import live
from mobility.selectors.prefill import claims_from
from mobility.selectors.requests import simulation_of
from mobility.selectors.snapshot import session_of
from mobility.services.drafts import open_simulation
from mobility.views.access import own_mobility
from security.people import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@own_mobility
def simulation(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    session = session_of(today)
    file = file_facts(user, session=session, on=today)
    if request.method == "POST":
        one = open_simulation(owner=user, claims=claims_from(file))
        return redirect("mobility:voeux", public_id=one.public_id)
    begun = simulation_of(user)
    found = live(begun, on=today, file=file) if begun else None
    context = {"one": begun, "live": found, "session": session, "file_rows": file_rows(file)}
    return render(request, "mobility/simulation.html", context)
