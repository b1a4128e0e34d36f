"""« Mutation »: the campaigns open to me, my requests, beginning one, taking one up again (S04, S50, S72)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from documents.domain.procedures import procedures
from iprof.kernel.errors import DomainError
from mobility.models import Campaign, MobilityRequest
from mobility.selectors.file import file_facts
from mobility.selectors.prefill import claims_from
from mobility.selectors.requests import campaigns_for, requests_of
from mobility.selectors.snapshot import session_of
from mobility.services.confirm import PROCEDURE
from mobility.services.drafts import open_request, take_up
from mobility.views.access import own_mobility, own_request
from security.people import signed_in

CLOSED = "La saisie de cette campagne n'est pas ouverte : rien n'est commencé. Ses dates sont ci-dessous."


@require_safe
@own_mobility
def home(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    file = file_facts(user, session=session_of(today), on=today)
    return render(request, "mobility/home.html", {"campaigns": campaigns_for(user, file.degree, timezone.now())})


@require_POST
@own_mobility
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asked twice, the request already begun."""
    user, today = signed_in(request), timezone.localdate()
    campaign = get_object_or_404(Campaign, public_id=public_id)
    file = file_facts(user, session=campaign.session, on=today)
    if campaign.degree != file.degree.value and not any(row.campaign_id == campaign.pk for row in requests_of(user)):
        messages.error(request, "Cette campagne est celle d'un autre corps que le vôtre.")
        return redirect("mobility:home")
    try:
        one = open_request(owner=user, campaign=campaign, claims=claims_from(file))
    except DomainError:
        messages.error(request, CLOSED)
        return redirect("mobility:home")
    return redirect("mobility:voeux", public_id=one.public_id)


@require_POST
@own_request
def resume(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    """« Reprendre ma demande »: a draft again, while the campaign is open."""
    try:
        take_up(request=one, by=signed_in(request))
    except DomainError:
        messages.error(request, "Cette demande ne se reprend plus : la saisie est close, ou son examen a commencé.")
        return redirect(one)
    messages.success(
        request,
        "Votre demande est reprise : elle n'est plus confirmée tant que vous ne l'avez pas confirmée de nouveau.",
    )
    return redirect("mobility:voeux", public_id=one.public_id)


@require_safe
@own_mobility
def my_pieces(request: HttpRequest) -> HttpResponse:
    """Back from a deposit: the pieces of the draft at hand, or what the procedure asks for."""
    drafts = MobilityRequest.objects.filter(owner=signed_in(request), state="brouillon").order_by(
        F("campaign").asc(nulls_last=True), "-changed_at"
    )
    found = drafts.first()
    if found is None:
        code = request.GET.get("procedure", "")
        return redirect("documents:procedure", code=code if code in procedures() else PROCEDURE)
    return redirect("mobility:pieces", public_id=found.public_id)
