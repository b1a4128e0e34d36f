"""Who really acts while a page is shown in the place of an agent: no trace ever gives the agent as its author."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from security.models import Impersonation, User

_visit: ContextVar["Impersonation | None"] = ContextVar("impersonation", default=None)


@contextmanager
def standing_in(visit: "Impersonation") -> Iterator[None]:
    """For the time of one request."""
    token = _visit.set(visit)
    try:
        yield
    finally:
        _visit.reset(token)


def author(actor: "User | None") -> "tuple[User | None, dict[str, str]]":
    """Who to write as author, and what to add to the detail: the staff, when `actor` is the agent they stand in for."""
    visit = _visit.get()
    if visit is None or actor is None or actor.pk != visit.subject_id:
        return actor, {}
    return visit.staff, {"visit": str(visit.public_id)}
