"""What one may take away in an offline copy (requirement S74)."""

import datetime as dt

from documents.enums import DocumentState
from documents.selectors.own import Shown, documents_of, shown
from security.models import User


def copyable(owner: User, *, on: dt.date) -> tuple[Shown, ...]:
    """What passed the checks and is held whole, the latest first, with its content's place. Two queries."""
    rows = documents_of(owner).filter(state=DocumentState.KEPT, stored__isnull=False, stored__damaged_at__isnull=True)
    return tuple(shown(row, on=on) for row in rows)
