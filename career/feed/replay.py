"""What people do with the quarantine: replay as it stands, correct and replay, set aside. By the same code as any door.

A replay is a run of its own. A row is settled when its message is applied or was already known; else it stays, with
the reason of today.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from career.enums import FeedDoor, QuarantineState, RunState
from career.feed.checks import Problem
from career.feed.inbox import Verdict, ingest_chunk, wait_for_turn
from career.feed.masking import mask_numens, restore_numen
from career.feed.quarantine import raw_line
from career.feed.reader import Refused, read_line
from career.models import Agent, FeedRun, QuarantinedMessage
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.journal import record
from security.models import User

UNSETTLED = (QuarantineState.OPEN, QuarantineState.WAITING)
BATCH = 1000
MAX_NOTE = 300


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of a corrected line: applied (`problem` None), or why it is refused again; then nothing is written."""

    run: FeedRun | None
    problem: Problem | None = None


class _RefusedAgain(Exception):
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.code)
        self.problem = Problem(verdict.code, verdict.reason, verdict.field)


def shown_line(row: QuarantinedMessage) -> str:
    """The line as staff may see it: laid out when it is JSON, every NUMEN hidden."""
    text = raw_line(row)
    try:
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        pass
    return mask_numens(text)


def replay(
    *,
    rows: QuerySet[QuarantinedMessage],
    by: User | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> FeedRun:
    """Replays the rows not settled yet, in the order they came. The run counts what is applied and what is refused again."""
    numbers = list(rows.filter(state__in=UNSETTLED).order_by("pk").values_list("pk", flat=True))
    run = FeedRun.objects.create(door=FeedDoor.REPLAY)
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        _replay_batch(batch, run, by)
        if on_progress is not None:
            on_progress(len(batch))
    _end(run)
    if by is not None and numbers:
        subject = _owner(rows.get(pk=numbers[0])) if len(numbers) == 1 else None
        record(AccessKind.FEED_REPLAYED, actor=by, subject=subject, run=str(run.public_id), messages=len(numbers))
    return run


@transaction.atomic
def _replay_batch(numbers: Sequence[int], run: FeedRun, by: User | None) -> None:
    wait_for_turn()
    rows = list(
        QuarantinedMessage.objects.select_for_update(of=("self",))
        .filter(pk__in=numbers, state__in=UNSETTLED)  # somebody else may have settled some since
        .order_by("pk")
    )
    # The digest stays that of the line received: bytes that were no UTF-8 are kept escaped.
    read = [replace(read_line(raw_line(row).encode(), n), digest=row.digest) for n, row in enumerate(rows)]
    verdicts = ingest_chunk(read, run=run)
    settled = []
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.status == "quarantined":
            _keep(row, verdict)
        else:
            settled.append(row.pk)
    _settle(QuarantinedMessage.objects.filter(pk__in=settled), QuarantineState.REPLAYED, by)


def correct_and_replay(*, row: QuarantinedMessage, text: str, by: User) -> Correction:
    """Applies the corrected line in place of the one refused; a NUMEN left masked is that of the line received.

    Raises DomainError("quarantine_settled") when somebody settled the row meanwhile.
    """
    received = raw_line(row)
    raw = _one_line(restore_numen(text, received)).encode("utf-8", "backslashreplace")
    read = read_line(raw, 0)
    if isinstance(read, Refused):
        return Correction(None, read.problem)
    try:
        with transaction.atomic():
            wait_for_turn()
            _still_open(row)
            run = FeedRun.objects.create(door=FeedDoor.REPLAY)
            (verdict,) = ingest_chunk([read], run=run)
            if verdict.status == "quarantined":
                raise _RefusedAgain(verdict)
            _settle(QuarantinedMessage.objects.filter(pk=row.pk), QuarantineState.REPLAYED, by)
            _end(run)
            record(AccessKind.FEED_REPLAYED, actor=by, subject=_owner(row), run=str(run.public_id), corrected=True)
    except _RefusedAgain as refused:
        return Correction(None, refused.problem)
    return Correction(run)


@transaction.atomic
def dismiss(*, row: QuarantinedMessage, note: str, by: User) -> None:
    """Sets a message aside for good, with the reason. Raises DomainError("quarantine_settled" | "dismissal_unexplained")."""
    note = note.strip()
    if len(note) < 5:
        raise DomainError("dismissal_unexplained")
    wait_for_turn()
    _still_open(row)
    _settle(QuarantinedMessage.objects.filter(pk=row.pk), QuarantineState.DISMISSED, by, note=note[:MAX_NOTE])
    record(AccessKind.FEED_DISMISSED, actor=by, subject=_owner(row), reason=note)


def open_message(*, row: QuarantinedMessage, by: User) -> str:
    """The line as staff may see it. When it names an agent, the reading leaves a trace the agent sees (norm D20)."""
    owner = _owner(row)
    if owner is not None and owner.pk != by.pk:
        record(AccessKind.FEED_MESSAGE_READ, actor=by, subject=owner)
    return shown_line(row)


def _owner(row: QuarantinedMessage) -> User | None:
    agent = Agent.objects.select_related("user").filter(matricule=row.matricule).first() if row.matricule else None
    return agent.user if agent else None


def _one_line(text: str) -> str:
    """JSON laid out on several lines becomes the line the feed wants; what is no JSON stays as typed, to be refused."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return text


def _still_open(row: QuarantinedMessage) -> None:
    found = QuarantinedMessage.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found.state not in UNSETTLED:
        raise DomainError("quarantine_settled")


def _keep(row: QuarantinedMessage, verdict: Verdict) -> None:
    waits = verdict.code == "agent_inconnu"
    row.state = QuarantineState.WAITING if waits else QuarantineState.OPEN
    row.code, row.field, row.reason = verdict.code, verdict.field, verdict.reason[:400]
    row.save(update_fields=["state", "code", "field", "reason"])


def _settle(rows: QuerySet[QuarantinedMessage], state: str, by: User | None, note: str = "") -> None:
    rows.update(state=state, settled_at=timezone.now(), settled_by=by, note=note)


def _end(run: FeedRun) -> None:
    FeedRun.objects.filter(pk=run.pk).update(state=RunState.DONE, finished_at=timezone.now())
    run.refresh_from_db()
