"""The link at the foot of a mail: shown by GET, done by POST, by a person or by their mailbox in one click (RFC 8058)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from iprof.correspondence.outbox.unsubscribe import subscription_of
from iprof.correspondence.services.choices import set_forwarding, unsubscribe


@csrf_exempt  # the mailbox that clicks has no session; the signed link alone says what to switch off
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Works signed out, as often as one likes."""
    found = subscription_of(token)
    if found is not None and request.method == "POST":
        if found.family is None:
            set_forwarding(by=found.user, on=False)
        else:
            unsubscribe(user=found.user, family=found.family)
    context = {"known": found is not None, "family": found and found.family, "done": request.method == "POST"}
    return render(request, "correspondence/unsubscribe.html", context, status=200 if found else 404)
