"""« Mon compte », and staying connected."""

import time
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from security.middleware import SEEN
from security.models import User
from security.selectors import account_events, recovery_of
from security.selectors_factors import second_step_of
from security.selectors_sso import links_of


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Login, addresses, password, last events of the account."""
    user = cast(User, request.user)
    context = {"known": recovery_of(user), "events": account_events(user)[:10], "step": second_step_of(user)}
    context["links"] = links_of(user)
    return render(request, "security/account.html", context)


@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """« Rester connecté » of the warning before the idle limit (norm E24)."""
    request.session[SEEN] = int(time.time())
    return HttpResponse(status=204)
