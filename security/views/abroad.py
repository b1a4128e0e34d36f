"""« Connexion depuis l'étranger »: the page where a sign-in from outside Europe stops, and asks (requirement S88)."""

from typing import Any, cast

from allauth.account.internal.decorators import login_stage_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from iprof.kernel.errors import DomainError
from iprof.web.formats import french_date
from security.abroad import AbroadStage, asks_for_leave, country_of
from security.forms_abroad import AbroadForm
from security.models import User
from security.selectors import abroad_accesses
from security.services_abroad import LONGEST, ask_access

SENTENCES = {
    "abroad_already_asked": "Vous avez déjà une demande en cours : elle suffit. Sa réponse arrive dans votre boîte académique.",
    "abroad_too_long": "Un accès dure au plus quinze jours. Choisissez une date d'ici au {last}.",
}


@login_stage_required(stage=AbroadStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def abroad(request: HttpRequest) -> HttpResponse:
    """The password was right: the person asks, waits, or goes on once the access is granted."""
    stage: AbroadStage = cast(Any, request)._login_stage
    user, today = cast(User, stage.login.user), timezone.localdate()
    if not asks_for_leave(request, user, today):  # granted meanwhile, or back in Europe
        return cast(HttpResponse, stage.exit())
    form = AbroadForm(request.POST if request.method == "POST" else None, today=today)
    country = country_of(request.META.get("REMOTE_ADDR"))
    if request.method == "POST" and form.is_valid():
        try:
            ask_access(user=user, country=country, request=request, **form.cleaned_data)
        except DomainError as error:
            params = {name: french_date(cast(Any, value)) for name, value in error.params.items()}
            form.add_error("until", SENTENCES[error.code].format(**params))
        else:
            return redirect("security:abroad")
    context = {
        "form": form,
        "country": country,
        "last": abroad_accesses(user).first(),
        "longest": LONGEST.days,
    }
    return render(request, "security/abroad.html", context, status=400 if form.errors else 200)
