"""« Signaler un message suspect », for whoever is signed in (S23: what users report feeds the next bulletin)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from iprof.correspondence.forms.reports import ReportForm
from iprof.correspondence.services.reports import report_message
from iprof.kernel.errors import DomainError
from security.people import signed_in

THANKS = (
    "Merci : le message est signalé. S'il circule, le prochain bulletin d'alerte le décrira. Supprimez-le de votre "
    "messagerie."
)
TOO_MANY = (
    "Vous avez déjà signalé {limit} messages en vingt-quatre heures, le plus qu'une personne peut en signaler. "
    "Réessayez demain ; si c'est urgent, prévenez l'assistance."
)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    form, status = ReportForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound and form.is_valid():
        try:
            report_message(by=signed_in(request), reported=form.reported)
        except DomainError as error:
            form.add_error(None, TOO_MANY.format(**error.params))
            status = 429
        else:
            messages.success(request, THANKS)
            return redirect("correspondence:bulletin_list")
    elif form.errors:
        status = 400
    return render(request, "correspondence/report.html", {"form": form}, status=status)
