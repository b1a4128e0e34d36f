"""A change asked after the closing, for a listed event: told what it costs, written, checked, sent, followed (S72)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from documents.selectors.receipts import receipt_for
from documents.services.submit import Incomplete
from iprof.kernel.errors import DomainError
from mobility.domain.facts import Degree
from mobility.domain.late import late_law
from mobility.forms.life import LateForm
from mobility.models import MobilityRequest
from mobility.selectors.contests import proofs_for
from mobility.selectors.late import event_label, late_changes_of, late_obstacle
from mobility.services.late import PROCEDURE, Changed, ask_late_change
from mobility.views.access import own_mobility, own_request
from mobility.wording_life import explain
from security.people import signed_in

AGAIN, SEND = "modifier", "envoyer"


@sensitive_post_parameters("message", "evenement")
@require_http_methods(["GET", "HEAD", "POST"])
@own_request
def late(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    if code := late_obstacle(one, at=timezone.now()):
        return render(request, "mobility/refused.html", {"one": one, "refusal": explain(DomainError(code))}, status=409)
    form = _form(request, one)
    if request.method != "POST":
        return _page(request, one, form)
    if not form.is_valid():
        return _page(request, one, form, status=400)
    step = request.POST.get("etape", "")
    if step == AGAIN:
        return _page(request, one, form)
    return _send(request, one, form) if step == SEND else _recap(request, one, form)


@require_safe
@own_mobility
def late_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(late_changes_of(signed_in(request)), public_id=public_id)
    context = {
        "late": found,
        "one": found.request,
        "event": event_label(found),
        "receipt": receipt_for(f"tardive:{found.public_id}"),
    }
    return render(request, "mobility/late_detail.html", context)


def _form(request: HttpRequest, one: MobilityRequest) -> LateForm:
    """Begun with the vœux as they are."""
    campaign = one.campaign
    degree = Degree(campaign.degree) if campaign else Degree.SECOND
    written = "\n".join(one.voeux.order_by("rank").values_list("place", flat=True))
    return LateForm(
        request.POST if request.method == "POST" else None,
        piece=proofs_for(signed_in(request), PROCEDURE),
        degree=degree,
        most=campaign.voeux_max if campaign else None,
        initial={"voeux": written},
    )


def _send(request: HttpRequest, one: MobilityRequest, form: LateForm) -> HttpResponse:
    data = form.cleaned_data
    asked = Changed(data["evenement"], data["survenu_le"], data["voeux"], form.claims, data["message"])
    try:
        sent = ask_late_change(request=one, asked=asked, by=signed_in(request), documents=form.joined, http=request)
    except Incomplete as error:
        form.tell(error.problems)
        return _page(request, one, form, status=400)
    except DomainError as error:
        form.add_error(None, explain(error))
        return _page(request, one, form, status=400)
    messages.success(request, "Votre demande est envoyée. Son accusé de réception est ci-dessous.")
    return redirect(sent.late)


def _page(request: HttpRequest, one: MobilityRequest, form: LateForm, *, status: int = 200) -> HttpResponse:
    context = {"one": one, "form": form, "events": late_law().events.values(), "source": late_law().source}
    return render(request, "mobility/late_form.html", context, status=status)


def _recap(request: HttpRequest, one: MobilityRequest, form: LateForm) -> HttpResponse:
    context = {
        "one": one,
        "event": late_law().events[form.cleaned_data["evenement"]].label,
        "data": form.cleaned_data,
        "claims": form.claims,
        "joined": form.joined,
        "kept": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
    }
    return render(request, "mobility/late_recap.html", context)
