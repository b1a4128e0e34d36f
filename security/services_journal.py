"""Sealing the access journal, and taking away what has reached the end of its legal duration (norms D19, D20)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from security.domain.chain import START, link
from security.enums import AccessKind
from security.journal import record, sign
from security.models import AccessEvent, JournalSeal
from security.retention import cutoff_of

LOCK = 7_318_002  # advisory lock: one hand at a time on the chain
BATCH = 5_000
LOOK_BACK = 200_000  # keys: how far behind the newest seal a slow transaction may still bring its lines


@dataclass(frozen=True, slots=True)
class Due:
    """Lines of one kind written before a day, whose duration is over; `lines` counts them."""

    kind: AccessKind
    before: dt.datetime
    lines: int


def seal_journal(*, everywhere: bool = False) -> int:
    """Seals the lines not sealed yet, in the order of their keys; returns how many. Zero while somebody else seals.

    Lines are written without waiting for one another, so one with a smaller key may appear later: it is sealed at the
    next call. Only the keys behind the newest seal by less than LOOK_BACK are looked at, all of them `everywhere`.
    """
    total = 0
    while sealed := _seal_batch(everywhere):
        total += sealed
    return total


@transaction.atomic
def _seal_batch(everywhere: bool) -> int:
    if not _take_lock():
        return 0
    head = JournalSeal.objects.order_by("-position").first()
    since = 0 if everywhere or head is None else head.line - LOOK_BACK
    lines = unsealed().filter(pk__gt=since).order_by("pk").values_list("pk", "kind", "at", "mark")[:BATCH]
    seals = list(_seals(lines, head))
    JournalSeal.objects.bulk_create(seals, batch_size=1000)
    return len(seals)


def _seals(lines: Iterable[tuple[int, str, dt.datetime, str]], head: JournalSeal | None) -> Iterable[JournalSeal]:
    position, digest = (head.position, head.digest) if head else (0, START)
    for pk, kind, at, mark in lines:
        position += 1
        digest = link(digest, position=position, line=pk, kind=kind, at=at, mark=mark, sign=sign)
        yield JournalSeal(position=position, line=pk, kind=kind, at=at, mark=mark, digest=digest)


def unsealed() -> QuerySet[AccessEvent]:
    """The lines no seal holds yet."""
    return AccessEvent.objects.filter(~Exists(JournalSeal.objects.filter(line=OuterRef("pk"))))


def lines_due(*, now: dt.datetime | None = None) -> list[Due]:
    """What the retention job would take away now, by kind. Only sealed lines go: the chain knows them."""
    day = now or timezone.now()
    found = []
    for kind in AccessKind:
        before = cutoff_of(kind, day)
        if before is not None and (lines := _due(kind, before).count()):
            found.append(Due(kind, before, lines))
    return found


@transaction.atomic
def purge_journal(*, now: dt.datetime | None = None) -> list[Due]:
    """Takes away the lines whose duration is over and writes so in the journal, one line a kind.

    Their seals stay: the chain is verified as before, and knows by these lines what was taken away rightly.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL iprof.retention = 'on'")
    gone = []
    for due in lines_due(now=now):
        removed = _remove(due)
        gone.append(Due(due.kind, due.before, removed))
        record(
            AccessKind.JOURNAL_PURGED,
            actor=None,
            reason="Durée de conservation atteinte",
            purged=due.kind.value,
            before=due.before.isoformat(),
            lines=removed,
        )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL iprof.retention = 'off'")
    return gone


def _due(kind: AccessKind, before: dt.datetime) -> QuerySet[AccessEvent]:
    sealed = Exists(JournalSeal.objects.filter(line=OuterRef("pk")))
    return AccessEvent.objects.filter(sealed, kind=kind, at__lt=before).order_by()


def _remove(due: Due) -> int:
    removed = 0
    while keys := list(_due(due.kind, due.before).values_list("pk", flat=True)[:BATCH]):
        removed += AccessEvent.objects.filter(pk__in=keys).delete()[0]
    return removed


def _take_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
