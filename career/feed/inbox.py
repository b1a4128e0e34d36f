"""The one way in: lines from any door are read, landed, applied, or quarantined with their reason.

`ingest` works chunk by chunk, one transaction each, counters included: killed anywhere and run again, it ends in the
same state, for what already landed is recognised. Memory holds one chunk.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import F

from career.enums import QuarantineState
from career.feed.apply import Outcome, apply_chunk
from career.feed.checks import Problem
from career.feed.reader import Accepted, Refused, read_line
from career.models import FeedRun, QuarantinedMessage
from iprof.web.crypto import seal, unseal

CHUNK_LINES = 20_000
SEAL_CONTEXT = "quarantine"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one line: "applied", "repeated" or "quarantined", and then why."""

    line_number: int
    status: str
    message_id: str = ""
    code: str = ""
    reason: str = ""
    field: str = ""


def chunks(lines: Iterable[bytes], size: int = CHUNK_LINES) -> Iterator[list[tuple[int, bytes]]]:
    """(line number, line) by chunks; blank lines are skipped."""
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    while chunk := list(islice(numbered, size)):
        yield chunk


def ingest(
    lines: Iterable[bytes],
    *,
    run: FeedRun,
    on_chunk: Callable[[int], None] | None = None,
    collect: bool = False,
    chunk_lines: int = CHUNK_LINES,
) -> list[Verdict]:
    """Ingests all lines into `run`. Returns the verdicts when `collect` (small batches), else an empty list."""
    verdicts: list[Verdict] = []
    for chunk in chunks(lines, chunk_lines):
        read = [read_line(raw, number) for number, raw in chunk]
        found = ingest_chunk(read, run=run)
        if collect:
            verdicts += found
        if on_chunk is not None:
            on_chunk(len(chunk))
    return verdicts


@transaction.atomic
def ingest_chunk(read: Sequence[Accepted | Refused], *, run: FeedRun) -> list[Verdict]:
    """One transaction: applied rows, quarantined rows and the run's counters together."""
    accepted = [m for m in read if isinstance(m, Accepted)]
    refused = [m for m in read if isinstance(m, Refused)]
    outcome = _apply_or_split(accepted, run.pk)
    by_line = {m.line_number: m for m in accepted}
    for line, problem in outcome.refused.items():
        m = by_line[line]
        refused.append(Refused(line, m.raw, m.digest, problem, m.source, str(m.message_id), m.matricule, m.type))
    _quarantine(refused, run, outcome.waiting)
    if outcome.new_agents:
        _replay_waiting(outcome.new_agents, run)
    FeedRun.objects.filter(pk=run.pk).update(
        lines_read=F("lines_read") + len(read),
        applied=F("applied") + outcome.applied,
        repeated=F("repeated") + len(outcome.repeated),
        quarantined=F("quarantined") + len(refused),
    )
    problems = {m.line_number: m.problem for m in refused}
    return [_verdict(m, problems.get(m.line_number), outcome) for m in read]


def _verdict(m: Accepted | Refused, problem: Problem | None, outcome: Outcome) -> Verdict:
    name = str(m.message_id)
    if problem is not None:
        return Verdict(m.line_number, "quarantined", name, problem.code, problem.reason, problem.field)
    return Verdict(m.line_number, "repeated" if m.line_number in outcome.repeated else "applied", name)


def _apply_or_split(messages: Sequence[Accepted], run_id: int) -> Outcome:
    """Applies the messages; when the database refuses the batch, halves it until the guilty line is alone."""
    if not messages:
        return Outcome()
    try:
        with transaction.atomic():
            return apply_chunk(messages, run_id=run_id)
    except (DataError, IntegrityError) as error:
        if len(messages) == 1:
            return Outcome(refused={messages[0].line_number: _database_problem(error)})
        middle = len(messages) // 2
        first, second = _apply_or_split(messages[:middle], run_id), _apply_or_split(messages[middle:], run_id)
        return Outcome(
            first.applied + second.applied,
            first.repeated | second.repeated,
            first.refused | second.refused,
            first.waiting | second.waiting,
            first.new_agents + second.new_agents,
        )


def _database_problem(error: DatabaseError) -> Problem:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "valeur"
    return Problem("refus_base", f"La base refuse cette valeur (règle « {name} »). Corrigez le message à la source.")


def _quarantine(refused: Sequence[Refused], run: FeedRun, waiting: set[int]) -> None:
    QuarantinedMessage.objects.bulk_create(
        [
            QuarantinedMessage(
                run=run,
                source=m.source,
                message_id=m.message_id,
                matricule=m.matricule,
                type=m.type,
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
        ignore_conflicts=True,  # the same bad line again adds nothing
    )


def _replay_waiting(matricules: Sequence[str], run: FeedRun) -> None:
    """Messages that came before their agent are applied now."""
    waiting = QuarantinedMessage.objects.filter(state=QuarantineState.WAITING, matricule__in=matricules).order_by("pk")
    read = [read_line(raw_line(q).encode(), q.line_number) for q in waiting]
    renumbered = [m for m in read if isinstance(m, Accepted)]
    if renumbered:
        outcome = _apply_or_split([_numbered(m, n) for n, m in enumerate(renumbered)], run.pk)
        FeedRun.objects.filter(pk=run.pk).update(applied=F("applied") + outcome.applied)


def _numbered(m: Accepted, number: int) -> Accepted:
    return Accepted(
        number, m.raw, m.digest, m.message_id, m.source, m.seq, m.type, m.time, m.matricule, m.payload, m.secrets
    )


def raw_line(quarantined: QuarantinedMessage) -> str:
    """The line as it was received. Holds personal data: callers journal its display and mask the NUMEN."""
    return unseal(bytes(quarantined.raw_sealed), context=SEAL_CONTEXT)


def reset_connection_state() -> None:
    """Forgets temporary tables of a connection that a pool may hand to somebody else."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")
