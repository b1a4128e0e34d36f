"""Values kept aside in the cache because they cost much to compute; the portal answers without its cache."""

import logging
from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import cache
from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)


def kept(key: str, build: Callable[[], T], *, seconds: int) -> T:
    """What `build` gives, kept under `key`; built anew when the cache holds nothing or does not answer.

    Keep plain lists, texts and numbers only: another release of the code must be able to read them. What changes
    shape changes key.
    """
    try:
        found = cache.get(key)
        if found is None:
            found = build()
            cache.set(key, found, seconds)
    except RedisError:
        log.warning("cache out of reach: %s is computed again", key)
        return build()
    return cast(T, found)
