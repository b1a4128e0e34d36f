"""« Mes alertes »: what the portal sent to the academic mailbox, kept here; reading one is always a POST."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from iprof.correspondence.selectors.alerts import alert_counts, alerts_of
from iprof.correspondence.services.alerts import mark_all_read, mark_read
from iprof.correspondence.services.circular_marks import read_through_alert
from security.people import signed_in

PER_PAGE = 20


@require_safe
def alert_list(request: HttpRequest) -> HttpResponse:
    """One's own alerts, newest first, the unread ones marked. The counts serve the pagination too."""
    counts = alert_counts(signed_in(request))
    paginator = Paginator(alerts_of(signed_in(request)), PER_PAGE)
    paginator.count = counts["total"]
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "correspondence/alert_list.html", {"page": page} | counts)


@require_POST
def alert_read(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Marks as read, then opens what the alert is about (`ouvrir`) or comes back to the list."""
    alert = mark_read(by=signed_in(request), message_id=message_id)
    if alert is None:
        raise Http404
    if alert.link and request.POST.get("ouvrir"):
        read_through_alert(by=signed_in(request), alert=alert)
        return redirect(alert.link)  # a path of the portal: `send_alert` writes nothing else
    messages.success(request, "L'alerte est marquée comme lue.")
    return _back(request)


@require_POST
def alert_read_all(request: HttpRequest) -> HttpResponse:
    done = mark_all_read(by=signed_in(request))
    if done:
        messages.success(
            request,
            f"{done} alerte{'s' if done > 1 else ''} marquée{'s' if done > 1 else ''} comme lue{'s' if done > 1 else ''}.",
        )
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """The page of the list the reader was on; anything that is no page number opens the first one."""
    number = request.POST.get("page", "")
    response = redirect("correspondence:alert_list")
    if number.isascii() and number.isdigit() and number != "1":
        response["Location"] += f"?page={int(number[:6])}"
    return response
