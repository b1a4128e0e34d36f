"""The quarantine: refused lines kept whole and sealed, and what waits for its agent taken out when the agent comes."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import F
from django.utils import timezone

from career.enums import QuarantineState
from career.feed.batches import apply_batch
from career.feed.checks import Problem
from career.feed.reader import Accepted, Refused, read_line
from career.models import FeedRun, QuarantinedMessage
from iprof.web.crypto import seal, unseal

SEAL_CONTEXT = "quarantine"


def put_away(refused: Sequence[Refused], run: FeedRun, waiting: set[int]) -> None:
    """Writes one row a refused line. The same line again adds nothing."""
    QuarantinedMessage.objects.bulk_create(
        [
            QuarantinedMessage(
                run=run,
                source=m.source,
                message_id=m.message_id,
                matricule=m.matricule,
                type=m.type,
                seq=m.seq,
                line_number=m.line_number,
                raw_sealed=seal(m.raw.decode("utf-8", "backslashreplace"), context=SEAL_CONTEXT),
                digest=m.digest,
                code=m.problem.code,
                field=m.problem.field,
                reason=m.problem.reason[:400],
                state=QuarantineState.WAITING if m.line_number in waiting else QuarantineState.OPEN,
            )
            for m in refused
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


def release_waiting(matricules: Sequence[str], run: FeedRun) -> None:
    """Applies what came before its agent. What the law or another message refuses since then is left to people."""
    rows = list(
        QuarantinedMessage.objects.filter(state=QuarantineState.WAITING, matricule__in=matricules).order_by("pk")
    )
    read = [read_line(raw_line(row).encode(), row.line_number) for row in rows]
    messages = [replace(m, line_number=n) for n, m in enumerate(read) if isinstance(m, Accepted)]
    if not rows:
        return
    outcome = apply_batch(messages, run.pk)  # which settles the rows applied, by their digest
    refused = outcome.refused | {n: m.problem for n, m in enumerate(read) if isinstance(m, Refused)}
    for number, problem in refused.items():
        _leave_to_people(rows[number], problem)
    known = [rows[number].pk for number in outcome.repeated]
    QuarantinedMessage.objects.filter(pk__in=known).update(state=QuarantineState.REPLAYED, settled_at=timezone.now())
    same_run = sum(row.run_id == run.pk for n, row in enumerate(rows) if n not in refused and n not in outcome.repeated)
    FeedRun.objects.filter(pk=run.pk).update(
        applied=F("applied") + outcome.applied, quarantined=F("quarantined") - same_run
    )


def _leave_to_people(row: QuarantinedMessage, problem: Problem) -> None:
    row.state, row.code, row.field, row.reason = (
        QuarantineState.OPEN,
        problem.code,
        problem.field,
        problem.reason[:400],
    )
    row.save(update_fields=["state", "code", "field", "reason"])


def raw_line(quarantined: QuarantinedMessage) -> str:
    """The line as it was received. It may hold a NUMEN: what is shown of it goes through `masking.mask_numens`."""
    return unseal(bytes(quarantined.raw_sealed), context=SEAL_CONTEXT)
