"""Pages that cost much, counted by person: a script that prints without end would slow everybody (ASVS 2.4.1)."""

import logging
import math
import time
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
PER_WINDOW, WINDOW_SECONDS = 20, 600


def costly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """At most PER_WINDOW calls of such pages in WINDOW_SECONDS for one account; then a page that says how long to wait.

    HEAD counts as GET. Without the cache nothing is counted: the document matters more than its limit.
    """

    @wraps(view)
    def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if _calls(request.user.pk) <= PER_WINDOW:
            return view(request, *args, **kwargs)
        wait = math.ceil((WINDOW_SECONDS - time.time() % WINDOW_SECONDS) / 60)
        response = render(request, "429_costly.html", {"limit": PER_WINDOW, "wait": wait}, status=429)
        response.headers["Retry-After"] = str(wait * 60)
        return response

    return counted


def _calls(pk: int | None) -> int:
    key = f"costly:{pk}:{int(time.time() // WINDOW_SECONDS)}"
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        return int(cache.incr(key))
    except RedisError:
        log.warning("cache out of reach: costly pages are not counted")
        return 0
