"""The deadlines of the correspondences an account received, as dates of its calendar (S11, K2)."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings

from iprof.correspondence.calendar import Entry, last_minute
from iprof.correspondence.models import Circular, CircularRecipient
from iprof.correspondence.selectors.circulars import received
from iprof.web.ics import stable_uid
from security.models import User

PAST_DAYS = 365
UNSAID = "Une correspondance attend une action de votre part"


def circular_entries(user: User, on: dt.date) -> Iterator[Entry]:
    """One query. A recalled correspondence stays, said so; a confidential one is named on the portal alone (S71)."""
    since = on - dt.timedelta(PAST_DAYS)
    for row in received(user).filter(circular__deadline__gt=since):
        if row.circular.deadline is not None:
            yield _entry(row, row.circular, row.circular.deadline)


def _entry(row: CircularRecipient, circular: Circular, last: dt.date) -> Entry:
    return Entry(
        uid=stable_uid("correspondence/circular", circular.public_id),
        title=circular.title,
        closes_at=last_minute(last),
        source=f"Correspondance de l'académie de {settings.ACADEMIE}",
        procedure=circular.get_kind_display(),
        link=circular.get_absolute_url(),
        all_day=True,
        done=row.acted_at is not None,
        outside_title=UNSAID if circular.confidential else "",
        cancelled_because=circular.recall_reason,
        sequence=int(circular.recalled),
        modified_at=circular.recalled_at or circular.released_at,
    )
