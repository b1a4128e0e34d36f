"""Taking one's request back, asked once more before (S56)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from iprof.kernel.errors import DomainError
from mobility.domain.states import Act, State, may
from mobility.forms.life import WithdrawForm
from mobility.models import MobilityRequest
from mobility.services.withdraw import may_withdraw, withdraw
from mobility.views.access import own_request
from mobility.wording_life import explain
from security.people import signed_in


@sensitive_post_parameters("motif")
@require_http_methods(["GET", "HEAD", "POST"])
@own_request
def withdraw_request(request: HttpRequest, one: MobilityRequest) -> HttpResponse:
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(request=one, by=signed_in(request), reason=form.cleaned_data["motif"], http=request)
        except DomainError as error:
            return _page(request, one, form, refusal=explain(error), status=409)
        messages.success(request, "Votre demande est retirée. Votre accusé de réception est sur cette page.")
        return redirect(one)
    if (code := _obstacle(one)) is not None:
        return render(request, "mobility/refused.html", {"one": one, "refusal": explain(DomainError(code))}, status=409)
    return _page(request, one, form, status=400 if form.is_bound else 200)


def _obstacle(one: MobilityRequest) -> str | None:
    if not may(State(one.state), Act.WITHDRAW):
        return "request_transition"
    return None if may_withdraw(one, at=timezone.now()) else "withdraw_closed"


def _page(
    request: HttpRequest, one: MobilityRequest, form: WithdrawForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "one": one,
        "form": form,
        "refusal": refusal,
        "open": one.campaign and one.campaign.is_open(timezone.now()),
    }
    return render(request, "mobility/withdraw.html", context, status=status)
