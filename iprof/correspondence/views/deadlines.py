"""« Échéances »: one's dates in order, the mark of what is done, and the calendar other applications follow."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from iprof.correspondence.calendar import entries_of
from iprof.correspondence.feed import calendar_of
from iprof.correspondence.models import Deadline
from iprof.correspondence.selectors.deadlines import agenda_of
from iprof.correspondence.selectors.feeds import feed_of, feed_owner
from iprof.correspondence.services.deadlines import mark_done
from iprof.correspondence.services.feeds import close_feed, open_feed
from iprof.web import ics
from iprof.web.limits import over
from security.people import signed_in
from security.throttle import network_of

READS_A_MINUTE = 30  # of one network: a school behind one address, each calendar reading every few hours


@require_safe
def deadline_list(request: HttpRequest) -> HttpResponse:
    """What is to do, nearest first; what is behind, folded."""
    today = timezone.localdate()
    agenda = agenda_of(signed_in(request), on=today)
    return render(request, "correspondence/deadline_list.html", {"agenda": agenda, "today": today})


@require_POST
def deadline_done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own mark: `faite` says so, its absence takes it back. 404 for a deadline that does not concern the reader."""
    deadline = get_object_or_404(Deadline, public_id=public_id)
    done = "faite" in request.POST
    if not mark_done(by=signed_in(request), deadline=deadline, done=done):
        raise Http404
    messages.success(
        request,
        "L'échéance est marquée comme faite : aucun rappel ne viendra plus."
        if done
        else "L'échéance est de nouveau à faire.",
    )
    return redirect("correspondence:deadline_list")


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The secret address is made by POST and shown once; `acte=retirer` takes it back."""
    user, address = signed_in(request), ""
    if request.method == "POST" and request.POST.get("acte") == "retirer":
        if close_feed(by=user):
            messages.success(request, "L'adresse est retirée : elle n'ouvre plus rien.")
        return redirect("correspondence:calendar_feed")
    if request.method == "POST":
        address = settings.BASE_URL + reverse("correspondence:calendar_file", args=[open_feed(by=user)])
    return render(request, "correspondence/calendar_feed.html", {"address": address, "feed": feed_of(user)})


@login_not_required
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """One's dates for whoever holds the secret. 404 once it is taken back, 429 for a network that reads without end."""
    if over("calendar", network_of(request), limit=READS_A_MINUTE):
        return HttpResponse("Too many reads.\n", "text/plain; charset=utf-8", 429, headers={"Retry-After": "60"})
    owner = feed_owner(token)
    if owner is None:
        raise Http404
    content = calendar_of(entries_of(owner, on=timezone.localdate()), stamp=timezone.now())
    return HttpResponse(content, content_type=ics.CONTENT_TYPE)
