from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from career.selectors.agents import agent_of
from iprof.correspondence.selectors.news import home_news
from iprof.home.selectors import board_of, staff_counts, staff_todo, url_of
from security.people import signed_in


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The teacher's board, the counts of staff, or both for whoever is both."""
    user, today = signed_in(request), timezone.localdate()
    agent = agent_of(user)
    context = {
        "today": today,
        "agent": agent,
        "board": board_of(user, agent, on=today, alone=not hasattr(request, "impersonation")) if agent else None,
        "counts": staff_counts(user, on=today) if user.is_staff else None,
        "staff_todo": staff_todo(user, on=today) if user.is_staff else None,
        "news": home_news(user, timezone.now()),
        "admin_url": url_of("admin:index") if user.is_staff else "",
        "account_url": url_of("security:account"),
        "profile_url": url_of("security:profile"),
    }
    return render(request, "home/dashboard.html", context)
