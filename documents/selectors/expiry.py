"""Documents whose validity has ended, or ends soon (requirement S70). The law file decides: no end is stored."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from documents.domain.types import Lifetime, type_law
from documents.domain.validity import Validity, Worth
from documents.enums import DocumentState
from documents.models import Document
from iprof.kernel.periods import add_months
from security.models import User

SLACK = dt.timedelta(days=4)  # months are not all as long: the law tells apart what is found in excess


@dataclass(frozen=True, slots=True)
class Red:
    """An expired document that its owner has neither replaced nor set aside."""

    row: Document
    validity: Validity


def in_red(owner: User, *, on: dt.date) -> tuple[Red, ...]:
    """One query. Reading an alert changes nothing here."""
    rows = may_be_red(on=on).filter(owner=owner)
    found = ((row, row.validity_on(on)) for row in rows)
    return tuple(Red(row, validity) for row, validity in found if validity and validity.worth is Worth.EXPIRED)


def may_be_red(*, on: dt.date) -> QuerySet[Document]:
    """Of everybody, those of `in_red` and a few more: for a page to ask whether there are any in a statement of its own."""
    return _minded().filter(_ending(before=on))


def ending_soon(*, on: dt.date, days: int) -> QuerySet[Document]:
    """Those that end within `days`, and a few more; neither replaced nor set aside."""
    day = dt.timedelta(days=1)
    found = _ending(before=on + (days + 1) * day) & _ending(after=on - day)
    return _minded().filter(found, owner__is_active=True)


def _ending(*, before: dt.date = dt.date.max, after: dt.date = dt.date.min) -> Q:
    """By an end of their own, or by the law that counts months from their date."""
    found = Q(ends_on__lt=before, ends_on__gt=after)
    for kind in type_law().types.values():
        if kind.lifetime is Lifetime.MONTHS and kind.months is not None:
            dated = Q(kind=kind.code)
            if before < dt.date.max:
                dated &= Q(dated_on__lt=add_months(before, -kind.months) + SLACK)
            if after > dt.date.min:
                dated &= Q(dated_on__gt=add_months(after, -kind.months) - SLACK)
            found |= dated
    return found


def _minded() -> QuerySet[Document]:
    newer = Document.objects.alive().filter(replaces=OuterRef("pk"))
    return Document.objects.filter(~Exists(newer), state=DocumentState.KEPT, unneeded_at__isnull=True)
