"""The button of the banner that ends a visit in the place of an agent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from security.enums import ImpersonationEnd
from security.impersonation import leave, visit_of
from security.services_impersonation import end_impersonation


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Back to one's own session, on the page of the agent. Without a visit, back home: nothing was to be ended."""
    visit = visit_of(request)
    if visit is None:
        return redirect("home:dashboard")
    end_impersonation(visit=visit, cause=ImpersonationEnd.ASKED, request=request)
    back = leave(request)
    messages.success(request, f"Vous ne voyez plus le portail à la place de {visit.subject.get_full_name()}.")
    return redirect(back)
