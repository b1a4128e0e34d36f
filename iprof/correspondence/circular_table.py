"""Who has not acted, as a table for spreadsheets."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from iprof.correspondence.audience import Reached
from iprof.web.formats import french_date
from iprof.web.tables import csv_table

HEADER = ("Agent", "Corps", "Affectation", "Lue le")


def late_csv(people: Iterable[tuple[Reached, dt.datetime | None]]) -> bytes:
    """One line a person, with the day they read it."""
    return csv_table(HEADER, [(person.name, person.corps, person.post, _day(read_at)) for person, read_at in people])


def _day(read_at: dt.datetime | None) -> str:
    return french_date(timezone.localtime(read_at).date()) if read_at else "non lue"
