"""Replaying what was rejected: the same code as any door. A row is settled only by a message that got in.

The lines keep the keyed hash they were received under, so that a line refused again is recognised and not kept twice.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from career.enums import QuarantineState
from career.feed.apply import REUSED_ID, UNKNOWN_AGENT
from career.feed.checks import Problem
from career.feed.inbox import Verdict, ingest_chunk, take_turn
from career.feed.quarantine import raw_line
from career.feed.reader import Accepted, Refused, read_line
from career.models import FeedRun, QuarantinedMessage
from iprof.web.crypto import UnreadableSecret
from security.models import User

UNREADABLE = Problem(
    "ligne_scellee",
    "La ligne ne se déchiffre pas avec la clé du portail. Remettez la clé qui l'a chiffrée ou redemandez le message.",
)


@transaction.atomic
def replay_rows(
    pks: Sequence[int], *, run: FeedRun, by: User | None = None
) -> list[tuple[QuarantinedMessage, Verdict]]:
    """Replays the rows among `pks` that no message has settled yet, in `run`; each with what became of it.

    Two people on the same row take turns: the second finds it settled, and gets nothing for it.
    """
    take_turn()
    unsettled = QuarantinedMessage.objects.exclude(state=QuarantineState.REPLAYED)
    rows = list(unsettled.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",)))
    if not rows:
        return []
    verdicts = ingest_chunk([_read(row, number) for number, row in enumerate(rows, start=1)], run=run)
    done = list(zip(rows, verdicts, strict=True))
    settle([row.pk for row, verdict in done if verdict.status != "quarantined"], by=by)
    _leave_open([(row, verdict) for row, verdict in done if verdict.status == "quarantined"])
    return done


def settle(pks: Sequence[int], *, by: User | None, note: str = "") -> None:
    QuarantinedMessage.objects.filter(pk__in=pks).update(
        state=QuarantineState.REPLAYED, settled_at=timezone.now(), settled_by=by, note=note
    )


def _read(row: QuarantinedMessage, number: int) -> Accepted | Refused:
    try:
        read = read_line(raw_line(row).encode(), number)
    except UnreadableSecret:
        return Refused(
            number, b"", row.digest, UNREADABLE, row.source, row.message_id, row.matricule, row.type, row.seq
        )
    return replace(read, digest=row.digest)


def _leave_open(refused: Sequence[tuple[QuarantinedMessage, Verdict]]) -> None:
    """The reasons of today. A row settled by its own correction in this very chunk stays settled."""
    settled = set(
        QuarantinedMessage.objects.filter(
            pk__in=[row.pk for row, _ in refused], state=QuarantineState.REPLAYED
        ).values_list("pk", flat=True)
    )
    reasons: dict[tuple[str, str, str, str], list[int]] = {}
    for row, verdict in refused:
        if row.pk in settled and verdict.code != REUSED_ID:
            continue
        state = QuarantineState.WAITING if verdict.code == UNKNOWN_AGENT else QuarantineState.OPEN
        today = (state.value, verdict.code, verdict.field, verdict.reason[:400])
        if row.pk in settled or today != (row.state, row.code, row.field, row.reason):
            reasons.setdefault(today, []).append(row.pk)
    for (name, code, field, reason), pks in reasons.items():  # one cause often refuses many: few statements
        QuarantinedMessage.objects.filter(pk__in=pks).update(
            state=name, code=code, field=field, reason=reason, settled_at=None, settled_by=None, note=""
        )
