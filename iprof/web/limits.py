"""Doors without sign-in that machines knock at: counted by network, a page too many is refused for the minute."""

import logging
import time

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def over(door: str, who: str, *, limit: int, seconds: int = 60) -> bool:
    """Counts one call of `who` at `door`; True past `limit` calls in a window of `seconds`.

    Without the cache nothing is counted and nobody is refused.
    """
    key = f"limit:{door}:{who}:{int(time.time() // seconds)}"
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key)) > limit
    except (RedisError, ValueError):  # ValueError: the window ended between the two
        log.warning("cache out of reach: calls of %s are not counted", door)
        return False
