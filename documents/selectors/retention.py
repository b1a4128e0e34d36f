"""What decides how long documents are kept, read with them: the number of queries is constant."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import DateTimeField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from documents.domain.retention import Life, Retention, retention, retention_law
from documents.domain.types import type_law
from documents.enums import DocumentState, SubmissionState
from documents.models import Document, DocumentUse, Hold
from iprof.kernel.periods import add_months

OPEN = (SubmissionState.SENT, SubmissionState.INCOMPLETE)
PAGE = 500


def with_life(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Each with its uses, holds and notices. Two queries."""
    return documents.annotate(
        last_use=Max(
            Greatest("uses__replaced_at", "uses__submission__closed_at"), output_field=DateTimeField()
        ),  # PostgreSQL's GREATEST leaves NULL aside
        in_use=Exists(
            DocumentUse.objects.filter(document=OuterRef("pk"), replaced_at__isnull=True, submission__state__in=OPEN)
        ),
        held=Exists(held_by(OuterRef("pk"), OuterRef("owner"))),
    ).prefetch_related("notices")


def held_by(document: object, owner: object) -> QuerySet[Hold]:
    """The holds that stand on a document, by itself or by its owner."""
    return Hold.objects.standing().filter(Q(document=document) | Q(owner=owner))


def is_held(document: Document) -> bool:
    return held_by(document.pk, document.owner_id).exists()


def retention_of(row: Document) -> Retention:
    """« Conservé jusqu'au … ». `row` comes from `with_life`."""
    kind, rules = row.type, retention_law()
    life = Life(
        deposited_on=_day(row.deposited_at),
        last_use=_day(row.last_use) if getattr(row, "last_use", None) else None,  # type: ignore[attr-defined]
        in_use=bool(getattr(row, "in_use", False)),
        refused=row.state == DocumentState.REFUSED,
        held=bool(getattr(row, "held", False)),
    )
    found = retention(kind, life, rules)
    told = {notice.kept_until: notice.warned_on for notice in row.notices.all()}
    if found.kept_until in told:
        life = Life(life.deposited_on, life.last_use, life.in_use, life.refused, life.held, told[found.kept_until])
        found = retention(kind, life, rules)
    return found


def ripe(*, on: dt.date) -> Iterator[Document]:
    """Documents old enough for something to be due on a day, whatever it is: what `retention_of` must look at."""
    rules = retention_law()
    years = min([rules.years.value, *(kind.retention_years or 99 for kind in type_law().types.values())])
    oldest = add_months(on + dt.timedelta(rules.warned_days.value), -12 * years)
    refused = on - dt.timedelta(rules.refused_days.value)
    alive = Q(deposited_at__lt=_instant(oldest)) & ~Q(state__in=(DocumentState.REFUSED, DocumentState.DESTROYED))
    gone = Q(deposited_at__lt=_instant(refused), state=DocumentState.REFUSED)
    rows = with_life(Document.objects.filter(alive | gone)).select_related("owner").order_by("pk")
    last = None
    while page := list((rows.filter(pk__gt=last) if last else rows)[:PAGE]):
        yield from page
        last = page[-1].pk


def _instant(day: dt.date) -> dt.datetime:
    """The end of a day."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(1), dt.time.min))


def _day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()
