from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from career.selectors.agents import agent_of
from iprof.home.selectors import board_of, staff_counts, url_of


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """The teacher's board, the counts of staff, or both for whoever is both."""
    today = timezone.localdate()
    agent = agent_of(request.user)
    context = {
        "today": today,
        "agent": agent,
        "board": board_of(request.user, agent, on=today) if agent else None,
        "counts": staff_counts(request.user, on=today) if request.user.is_staff else None,
        "admin_url": url_of("admin:index") if request.user.is_staff else "",
        "account_url": url_of("security:account"),
        "profile_url": url_of("security:profile"),
    }
    return render(request, "home/dashboard.html", context)
