"""« Mes données »: what is done with them, for how long, and what one may ask (RGPD art. 13 to 22, norms D22, D23)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.domain.rights import rights_law
from documents.forms.rights import PrivacyRequestForm
from documents.selectors.rights import asked, current_export, requests_of
from documents.services.rights import open_request, withdraw_request
from iprof.kernel.errors import DomainError
from iprof.web.processings import processings
from security.people import signed_in

SENTENCES = {
    "privacy_documents": "Les documents choisis ne vont pas avec la demande. Choisissez de nouveau.",
    "privacy_not_owner": "Un document choisi n'est plus conservé. Choisissez de nouveau.",
    "privacy_already_open": "Une demande est déjà en cours sur un de ces documents. Attendez sa réponse, ou retirez-la.",
    "privacy_settled": "Cette demande a déjà reçu une réponse, ou est retirée.",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    context = {
        "processings": processings(),
        "requests": [asked(row, on=today) for row in requests_of(user)],
        "export": current_export(user),
        "rights": rights_law(),
        "dpo": settings.DPO_EMAIL,
    }
    return render(request, "documents/privacy/home.html", context)


@sensitive_post_parameters("message")
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    owner = signed_in(request)
    if request.method != "POST":
        initial = {"demande": request.GET.get("demande", ""), "documents": request.GET.getlist("document")}
        return _form_page(request, PrivacyRequestForm(owner=owner, initial=initial))
    form = PrivacyRequestForm(request.POST, owner=owner)
    if not form.is_valid():
        return _form_page(request, form, status=400)
    told = {"kind": form.cleaned_data["demande"], "message": form.cleaned_data["message"], "documents": form.chosen}
    try:
        made = open_request(owner=owner, request=request, **told)
    except DomainError as error:
        form.add_error(None, SENTENCES[error.code])
        return _form_page(request, form, status=409)
    messages.success(request, "Votre demande est transmise au délégué à la protection des données.")
    return redirect(made)


def _form_page(request: HttpRequest, form: PrivacyRequestForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "rights": rights_law(), "dpo": settings.DPO_EMAIL}
    return render(request, "documents/privacy/request_form.html", context, status=status)


@require_safe
def request_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = get_object_or_404(requests_of(signed_in(request)), public_id=public_id)
    context = {"one": asked(row, on=timezone.localdate()), "dpo": settings.DPO_EMAIL}
    return render(request, "documents/privacy/request_detail.html", context)


@require_POST
def request_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = get_object_or_404(requests_of(signed_in(request)), public_id=public_id)
    try:
        withdraw_request(asked=row, by=signed_in(request), request=request)
    except DomainError as error:
        messages.error(request, SENTENCES[error.code])
    else:
        messages.success(request, "Votre demande est retirée.")
    return redirect(row)
