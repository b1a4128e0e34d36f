"""Checking the access journal from its first line to its last (norm D20)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Subquery

from security.domain.chain import Fault, FaultCode, Line, Seal, first_fault, is_true
from security.enums import AccessKind
from security.journal import keyring, line_of, sign
from security.models import AccessEvent, JournalSeal
from security.services_journal import LOCK, unsealed

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class JournalState:
    """`head` is the newest seal, to be noted outside; `gone` the lines taken away by retention; `waiting` those not
    sealed yet, the oldest written at `waiting_since`; `fault` the first thing wrong, None when all is right."""

    head: Seal | None
    lines: int
    gone: int
    waiting: int
    waiting_since: dt.datetime | None
    fault: Fault | None


@transaction.atomic
def journal_state(*, anchors: Mapping[int, str] | None = None) -> JournalState:
    """Reads the whole journal, while nobody seals nor purges. `anchors`: digests noted outside, by position."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    last = JournalSeal.objects.order_by("-position").first()
    pairs = _Pairs(_cutoffs())
    fault = first_fault(pairs, keys=keyring(), was_due=pairs.was_due) or _lost_anchor(anchors or {}) or _foreign()
    waiting = unsealed().order_by("pk")
    oldest = waiting.first()
    return JournalState(
        head=_seal(last) if last else None,
        lines=AccessEvent.objects.count(),
        gone=pairs.gone,
        waiting=waiting.count(),
        waiting_since=oldest.at if oldest else None,
        fault=fault,
    )


class _Pairs:
    """Seals with their lines, by position; a chunk of each in memory."""

    def __init__(self, cutoffs: Mapping[str, dt.datetime]) -> None:
        self.cutoffs = cutoffs
        self.gone = 0

    def __iter__(self) -> Iterator[tuple[Seal, Line | None]]:
        rows = JournalSeal.objects.order_by("position").iterator(chunk_size=CHUNK)
        while chunk := [_seal(row) for row in islice(rows, CHUNK)]:
            lines = AccessEvent.objects.in_bulk([seal.line for seal in chunk])
            for seal in chunk:
                event = lines.get(seal.line)
                self.gone += event is None
                yield seal, line_of(event) if event else None

    def was_due(self, kind: str, at: dt.datetime) -> bool:
        return kind in self.cutoffs and at < self.cutoffs[kind]


def _seal(row: JournalSeal) -> Seal:
    return Seal(row.position, row.line, row.kind, row.at, row.mark, row.digest)


def _cutoffs() -> dict[str, dt.datetime]:
    """Kind → the latest instant before which the retention job took lines away. Only lines truly signed are believed."""
    found: dict[str, dt.datetime] = {}
    keys = keyring()
    seal = Subquery(JournalSeal.objects.filter(line=OuterRef("pk")).values("position")[:1])
    for event in AccessEvent.objects.filter(kind=AccessKind.JOURNAL_PURGED).annotate(position=seal).order_by("pk"):
        if is_true(line_of(event), sign=keys.at(event.position) if event.position else sign):
            kind, before = event.detail["purged"], dt.datetime.fromisoformat(event.detail["before"])
            found[kind] = max(before, found.get(kind, before))
    return found


def _lost_anchor(anchors: Mapping[int, str]) -> Fault | None:
    kept = dict(JournalSeal.objects.filter(position__in=anchors).values_list("position", "digest"))
    lost = sorted(position for position, digest in anchors.items() if kept.get(position) != digest)
    return Fault(FaultCode.ANCHOR_LOST, lost[0], 0) if lost else None


def _foreign() -> Fault | None:
    """A line nobody signed among those not sealed yet, or the copy of a line."""
    for event in unsealed().order_by("pk").iterator(chunk_size=CHUNK):
        if not is_true(line_of(event), sign=sign):
            return Fault(FaultCode.LINE_FOREIGN, 0, event.pk)
    twice = AccessEvent.objects.order_by().values("mark").annotate(times=Count("pk")).filter(times__gt=1)
    copied = AccessEvent.objects.filter(mark__in=twice.values("mark")).order_by("-pk").first()
    return Fault(FaultCode.LINE_FOREIGN, 0, copied.pk) if copied else None
