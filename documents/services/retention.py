"""Warning of a destruction, waiting, destroying with a certificate (requirement S89, decision T7, norm D24).

Each step is found from the rows alone: a run cut anywhere is taken up by the next one, and nothing is done twice.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from documents.domain.retention import RULE, retention_law
from documents.enums import DocumentState
from documents.enums_privacy import DestructionCause
from documents.models import Document, Hold, RetentionNotice
from documents.selectors.retention import held_by, retention_of, ripe, with_life
from documents.services.certificates import certify
from documents.services.own import destroy
from iprof.correspondence.services.alerts import send_alert
from iprof.web.formats import french_date
from security.models import User

BATCH = 100
REASON = "durée de conservation atteinte"


@dataclass(frozen=True, slots=True)
class Found:
    """What is due on a day: documents to warn of, to destroy, refused files to forget."""

    to_warn: Sequence[Document]
    to_destroy: Sequence[Document]
    to_forget: Sequence[Document]


@dataclass(frozen=True, slots=True)
class Done:
    warned: int = 0
    destroyed: int = 0
    forgotten: int = 0
    certificates: int = 0


def due(*, on: dt.date) -> Found:
    """Reads only."""
    to_warn, to_destroy, to_forget = list[Document](), list[Document](), list[Document]()
    for row in ripe(on=on):
        found = retention_of(row)
        if found.destroyed_on and found.destroyed_on <= on:
            (to_forget if row.state == DocumentState.REFUSED else to_destroy).append(row)
        elif found.destroyed_on is None and found.warn_on and found.warn_on <= on:
            to_warn.append(row)
    return Found(to_warn, to_destroy, to_forget)


def warn(*, on: dt.date) -> int:
    """Tells each owner once which documents reach their term; how many documents somebody was told of. A closed account
    is told nothing: its notices say so. One transaction an owner."""
    rows = sorted(due(on=on).to_warn, key=lambda row: (row.owner_id, str(row.pk)))
    return sum(_warn_owner(list(mine), on) for _, mine in groupby(rows, key=lambda row: row.owner_id))


@transaction.atomic
def _warn_owner(rows: Sequence[Document], on: dt.date) -> int:
    ends = [(row, end) for row in rows if (end := retention_of(row).kept_until)]
    wait = retention_law().warned_days.value
    first = max(min(end for _, end in ends), on + dt.timedelta(wait))
    several = f"{len(rows)} documents vont" if len(rows) > 1 else "Un document va"
    alert = send_alert(
        user=rows[0].owner,
        kind="demande.conservation",
        subject=f"{several} être détruit{'s' if len(rows) > 1 else ''} : durée de conservation atteinte",
        body=f"La destruction commence après le {french_date(first)}. Gardez-en une copie si vous en avez besoin.",
        link=reverse("documents:home"),
        cause=_cause(ends),
    )
    notices = [RetentionNotice(document=row, kept_until=end, warned_on=on, told=alert is not None) for row, end in ends]
    RetentionNotice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices) if alert else 0


def _cause(ends: Sequence[tuple[Document, dt.date]]) -> str:
    """Of these documents and these ends: others of the same person, the same day, are told too."""
    named = sorted(f"{row.pk}:{end}" for row, end in ends)
    return f"conservation:{hashlib.sha256(' '.join(named).encode()).hexdigest()[:32]}"


def apply(*, on: dt.date, by: User | None = None) -> Done:
    """Destroys what is due, a certificate a batch; forgets the refused files whose time is over."""
    found = due(on=on)
    destroyed = certificates = 0
    for batch in _batches(found.to_destroy):
        count = _destroy(batch, on, by)
        destroyed, certificates = destroyed + count, certificates + bool(count)
    forgotten = sum(_forget(batch) for batch in _batches(found.to_forget))
    return Done(0, destroyed, forgotten, certificates)


def _batches(rows: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


@transaction.atomic
def _destroy(batch: Sequence[Document], on: dt.date, by: User | None) -> int:
    """Looked at again once locked: a hold or another use may have come meanwhile."""
    keys = [row.pk for row in batch]
    locked = Document.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    alive = {row.pk for row in locked if row.state not in (DocumentState.REFUSED, DocumentState.DESTROYED)}
    rows = [
        row
        for row in with_life(Document.objects.filter(pk__in=alive)).select_related("owner").order_by("pk")
        if (day := retention_of(row).destroyed_on) and day <= on
    ]
    if rows:  # before the rows are emptied of what it says
        cause, version = DestructionCause.RETENTION, retention_law().version
        certify(rows, cause=cause, rule=RULE, version=version, by=by)
    for row in rows:
        destroy(row, by=by, reason=REASON)
    return len(rows)


@transaction.atomic
def _forget(batch: Sequence[Document]) -> int:
    """Not what a hold names, even lifted: it stays with the hold, which is never deleted; nor what one on the person
    protects."""
    free = ~Exists(Hold.objects.filter(document=OuterRef("pk"))) & ~Exists(held_by(OuterRef("pk"), OuterRef("owner")))
    keys = [row.pk for row in batch]
    rows = Document.objects.filter(free, pk__in=keys, state=DocumentState.REFUSED, uses__isnull=True)
    count = rows.count()
    rows.delete()
    return count
