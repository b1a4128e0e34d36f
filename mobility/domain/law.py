"""Where the law of mobility lies, and figures that change from one session to another; the reader is `iprof.kernel.law`.

The session N is the rentrée of September N: its figures serve the requests made from 1 September N-1, which is the
first day in force shown with them.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from iprof.kernel import law
from iprof.kernel.dated import DatedValues

LEGAL = Path(__file__).resolve().parent.parent / "legal"
T = TypeVar("T")


def first_day(session: int) -> dt.date:
    """The first day a session is prepared.

    >>> first_day(2026)
    datetime.date(2025, 9, 1)
    """
    return dt.date(session - 1, 9, 1)


def by_session(
    name: str,
    entries: Mapping[Any, Any],
    checked_on: dt.date,
    keys: set[str],
    build: Callable[[Mapping[str, Any], str], T],
) -> DatedValues[T]:
    """Values keyed by first session; keys all null close the value."""
    days = {first_day(law.whole(session, name)): entry for session, entry in law.mapping(entries, name).items()}
    return law.dated(name, days, checked_on, keys, build)
