"""What is done with rejected messages as they came: replayed, many at once, or dismissed one by one with a reason."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone

from career.enums import FeedDoor, QuarantineState, RunState
from career.feed.inbox import Verdict
from career.feed.replay import replay_rows
from career.models import Agent, FeedRun, QuarantinedMessage
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.journal import record_each
from security.models import User

CHUNK_ROWS = 2_000
REASON_MIN, REASON_MAX = 5, 300


@dataclass(slots=True)
class Replay:
    """What became of the rows: counts, and of what is still refused the number and one example (line, reason) by code.

    `run` None: nothing was left to be replayed, and nothing was written.
    """

    run: FeedRun | None = None
    applied: int = 0
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, row: QuarantinedMessage, verdict: Verdict) -> None:
        if verdict.status == "quarantined":
            self.refused[verdict.code] += 1
            self.examples.setdefault(verdict.code, (row.line_number, verdict.reason))
        elif verdict.status == "repeated":
            self.repeated += 1
        else:
            self.applied += 1


def replay_messages(
    *,
    pks: Sequence[int],
    by: User | None = None,
    request: HttpRequest | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Replay:
    """Replays the rows `pks` that are not settled, in a run of its own, CHUNK_ROWS at a time, each in one transaction.

    `by` is the person who asks (journalled, and named on the rows), None for the command line. Killed in the middle
    and run again, it goes on with the rows still open.
    """
    result, run = Replay(), FeedRun.objects.create(door=FeedDoor.REPLAY)
    try:
        for start in range(0, len(pks), CHUNK_ROWS):
            chunk = pks[start : start + CHUNK_ROWS]
            with transaction.atomic():
                done = replay_rows(chunk, run=run, by=by)
                if by is not None:
                    touched = (row.matricule for row, _ in done)
                    journal(AccessKind.FEED_REPLAYED, touched, by=by, request=request, run=str(run.public_id))
            for row, verdict in done:
                result.add(row, verdict)
                result.run = run
            if on_progress is not None:
                on_progress(len(chunk))
    except BaseException as error:
        with suppress(DatabaseError):  # the error that stopped the replay is the one to tell
            end_run(run, RunState.FAILED, error=type(error).__name__)
        raise
    if result.run is None:  # all settled meanwhile: no run to tell of
        run.delete()
    else:
        end_run(run, RunState.DONE)
    return result


@transaction.atomic
def dismiss_message(
    *, row: QuarantinedMessage, reason: str, by: User, request: HttpRequest | None = None
) -> QuarantinedMessage:
    """Sets a message aside for good: it will not be applied, nor kept again if the same line comes back.

    Raises DomainError("message_settled" | "message_own" | "reason_missing").
    """
    if len(reason.strip()) < REASON_MIN:
        raise DomainError("reason_missing")
    locked = open_row(row, by=by)
    if locked.state == QuarantineState.DISMISSED:
        raise DomainError("message_settled")
    locked.state, locked.note = QuarantineState.DISMISSED, reason.strip()[:REASON_MAX]
    locked.settled_at, locked.settled_by = timezone.now(), by
    locked.save(update_fields=["state", "note", "settled_at", "settled_by"])
    journal(AccessKind.FEED_DISMISSED, [row.matricule], by=by, request=request, reason=locked.note, code=row.code)
    return locked


def open_row(row: QuarantinedMessage, *, by: User) -> QuarantinedMessage:
    """The row, locked, not applied yet, and not about the person who acts. For use in a transaction.

    Raises DomainError("message_settled" | "message_own").
    """
    locked = QuarantinedMessage.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.state == QuarantineState.REPLAYED:
        raise DomainError("message_settled")
    if is_about(by, locked.matricule):
        raise DomainError("message_own")
    return locked


def is_about(user: User, matricule: str) -> bool:
    return matricule != "" and Agent.objects.filter(matricule=matricule, user=user).exists()


def journal(
    kind: str, matricules: Iterable[str], *, by: User, request: HttpRequest | None, reason: str = "", **detail: str
) -> None:
    """One line per person named by the messages, with how many; one without person for those that name no agent."""
    numbers = Counter(matricules)
    users = dict(Agent.objects.filter(matricule__in=numbers).values_list("matricule", "user_id"))
    touched: Counter[int | None] = Counter()
    for matricule, number in numbers.items():
        touched[users.get(matricule)] += number
    if kind == AccessKind.FEED_READ:
        touched.pop(by.pk, None)  # one's own file read leaves no trace (ADR 0007)
    subjects = {user: detail | {"messages": number} for user, number in touched.items()}
    record_each(kind, actor=by, subjects=subjects, reason=reason, request=request)


def end_run(run: FeedRun, state: RunState, *, error: str = "") -> None:
    FeedRun.objects.filter(pk=run.pk).update(state=state, finished_at=timezone.now(), error=error)
    run.refresh_from_db()
