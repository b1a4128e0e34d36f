"""So many mails a second at most, for all the workers together: relays cut off those who go faster (MAIL_PER_SECOND)."""

import time

import structlog
from django.conf import settings
from django.core.cache import cache

log = structlog.get_logger(__name__)


def wait_turn() -> None:
    """Returns when one more mail may leave. MAIL_PER_SECOND = 0: no limit.

    The count of each second is in the shared cache; without it each process keeps the pace alone.
    """
    limit = settings.MAIL_PER_SECOND
    while limit:
        now = time.time()
        if _count(int(now)) <= limit:
            return
        time.sleep(1 - now % 1)


def _count(second: int) -> int:
    key = f"outbox:mails:{second}"
    try:
        cache.add(key, 0, timeout=5)
        return cache.incr(key)
    except Exception as error:  # the cache is a server of its own: down, mails still leave
        log.warning("outbox.no_shared_pace", error=type(error).__name__)
        time.sleep(1 / settings.MAIL_PER_SECOND)
        return 0
