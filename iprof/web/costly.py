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
        wait = minutes_to_wait(f"{request.user.pk}", most=PER_WINDOW)
        if not wait:
            return view(request, *args, **kwargs)
        response = render(request, "429_costly.html", {"limit": PER_WINDOW, "wait": wait}, status=429)
        response.headers["Retry-After"] = str(wait * 60)
        return response

    return counted


def minutes_to_wait(name: str, *, most: int, amount: int = 1) -> int:
    """Counts `amount` under a name; 0 as long as the window holds no more than `most`, else the minutes until the next."""
    now = time.time()
    key = f"costly:{name}:{int(now // WINDOW_SECONDS)}"
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        count = int(cache.incr(key, amount))
    except RedisError:
        log.warning("cache out of reach: costly pages are not counted")
        return 0
    return math.ceil((WINDOW_SECONDS - now % WINDOW_SECONDS) / 60) if count > most else 0
