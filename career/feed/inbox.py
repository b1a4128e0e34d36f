"""The one way in: lines from any door are read, landed, applied, or quarantined with their reason.

`ingest` works chunk by chunk, one transaction each, counters included: killed anywhere and run again, it ends in the
same state, for what already landed is recognised. Memory holds one chunk.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction
from django.db.models import F

from career.feed.apply import Outcome
from career.feed.batches import apply_batch
from career.feed.checks import Problem
from career.feed.quarantine import put_away, release_waiting
from career.feed.reader import Accepted, Refused, read_line
from career.models import FeedRun

CHUNK_LINES = 20_000
LOCK = 7_318_002  # advisory lock: one chunk at a time, so that two doors never wait for each other in a circle


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


def take_turn() -> None:
    """Waits until no other door writes; held to the end of the transaction. To be taken before any lock on a row:
    a door that holds the turn settles rows of the quarantine, and two orders of locks would wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def ingest_chunk(read: Sequence[Accepted | Refused], *, run: FeedRun) -> list[Verdict]:
    """One transaction: applied rows, quarantined rows and the run's counters together."""
    take_turn()
    accepted = [m for m in read if isinstance(m, Accepted)]
    refused = [m for m in read if isinstance(m, Refused)]
    outcome = apply_batch(accepted, run.pk)
    by_line = {m.line_number: m for m in accepted}
    refused += [_refusal(by_line[line], problem) for line, problem in outcome.refused.items()]
    put_away(refused, run, outcome.waiting)
    FeedRun.objects.filter(pk=run.pk).update(
        lines_read=F("lines_read") + len(read),
        applied=F("applied") + outcome.applied,
        repeated=F("repeated") + len(outcome.repeated),
        quarantined=F("quarantined") + len(refused),
    )
    if outcome.new_agents:
        release_waiting(outcome.new_agents, run)
    problems = {m.line_number: m.problem for m in refused}
    return [_verdict(m, problems.get(m.line_number), outcome) for m in read]


def _refusal(m: Accepted, problem: Problem) -> Refused:
    return Refused(m.line_number, m.raw, m.digest, problem, m.source, str(m.message_id), m.matricule, m.type, m.seq)


def _verdict(m: Accepted | Refused, problem: Problem | None, outcome: Outcome) -> Verdict:
    name = str(m.message_id)
    if problem is not None:
        return Verdict(m.line_number, "quarantined", name, problem.code, problem.reason, problem.field)
    return Verdict(m.line_number, "repeated" if m.line_number in outcome.repeated else "applied", name)
