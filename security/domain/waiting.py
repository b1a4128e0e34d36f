"""How long one waits after failed tries (norm D02: the third failure waits, then each wait doubles)."""

import datetime as dt

WINDOW = dt.timedelta(hours=24)
FIRST_WAIT = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(hours=2)  # keeps an attacker under 25 tries in 24 hours


def wait_after(failures: int, *, free: int = 2) -> dt.timedelta:
    """The time to wait after so many failures in the window; nothing for the first `free`.

    >>> [wait_after(n).total_seconds() for n in (0, 2, 3, 4, 5)]
    [0.0, 0.0, 5.0, 10.0, 20.0]
    >>> wait_after(40) == LONGEST_WAIT
    True
    """
    if failures <= free:
        return dt.timedelta()
    return min(FIRST_WAIT * 2 ** min(failures - free - 1, 16), LONGEST_WAIT)


def french_wait(wait: dt.timedelta) -> str:
    """« 5 secondes », « 3 minutes », « 2 heures », rounded up.

    >>> french_wait(dt.timedelta(seconds=61)), french_wait(dt.timedelta(seconds=1)), french_wait(dt.timedelta(hours=2))
    ('2 minutes', '1 seconde', '2 heures')
    """
    seconds = max(1, -int(-wait.total_seconds() // 1))
    for size, name in ((3600, "heure"), (60, "minute")):
        if seconds > size or (seconds == size):
            count = -(-seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{seconds} seconde{'s' if seconds > 1 else ''}"
