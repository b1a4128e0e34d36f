"""One rejected message read by a person, corrected by hand and replayed. The NUMEN never comes on screen (norm D36)."""

import json

import msgspec
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from career.enums import FeedDoor, QuarantineState, RunState
from career.feed.apply import UNKNOWN_AGENT
from career.feed.checks import Problem
from career.feed.inbox import Verdict, ingest_chunk, take_turn
from career.feed.masking import MASK, mask_line, restore_numen
from career.feed.quarantine import raw_line
from career.feed.reader import Refused, read_line
from career.feed.replay import settle
from career.models import FeedRun, QuarantinedMessage
from career.services.quarantine import end_run, is_about, journal, open_row
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.models import User


@transaction.atomic
def read_line_of(*, row: QuarantinedMessage, by: User, request: HttpRequest | None = None) -> str:
    """The line laid out for the screen, NUMEN masked. The agent it names sees that it was read (norm D20).

    Raises UnreadableSecret when it was sealed with another key.
    """
    shown = mask_line(raw_line(row))
    journal(AccessKind.FEED_READ, [row.matricule], by=by, request=request, code=row.code)
    return shown


@transaction.atomic
def correct_message(
    *, row: QuarantinedMessage, text: str, by: User, request: HttpRequest | None = None
) -> tuple[FeedRun, Verdict]:
    """Replays `text` in place of the line received, in a run of its own. Refused, it changes nothing.

    A corrected line whose agent is not there yet waits for it in a row of its own; the row corrected is set aside.
    Raises DomainError("message_settled" | "message_own" | "correction_refused", problem=Problem), UnreadableSecret.
    """
    take_turn()
    locked = open_row(row, by=by)
    line = _compact(text, raw_line(locked))
    read = read_line(line, max(locked.line_number, 1))
    if isinstance(read, Refused):
        raise DomainError("correction_refused", problem=read.problem)
    if is_about(by, read.matricule):
        raise DomainError("message_own")
    run = FeedRun.objects.create(door=FeedDoor.REPLAY)
    (verdict,) = ingest_chunk([read], run=run)
    if verdict.status != "quarantined":
        settle([locked.pk], by=by, note="Appliqué après correction.")
    elif verdict.code == UNKNOWN_AGENT:
        _wait(locked, read.digest, verdict, by=by)
    else:
        raise DomainError("correction_refused", problem=Problem(verdict.code, verdict.reason, verdict.field))
    touched = {locked.matricule, read.matricule} - {""}
    journal(AccessKind.FEED_REPLAYED, touched, by=by, request=request, run=str(run.public_id), corrected=row.code)
    end_run(run, RunState.DONE)
    return run, verdict


def _compact(text: str, received: str) -> bytes:
    """The corrected text on one line, with its NUMEN back. Raises DomainError("correction_refused")."""
    try:
        line = msgspec.json.format(restore_numen(text, received), indent=-1)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise DomainError("correction_refused", problem=_unreadable(text)) from None
    if MASK in line:
        raise DomainError("correction_refused", problem=MASK_LEFT)
    return line.encode()


def _unreadable(text: str) -> Problem:
    """Where the JSON breaks, in the lines and columns of the text as it was typed."""
    where = ""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        where = f" à la ligne {error.lineno}, colonne {error.colno}"
    except (ValueError, RecursionError):  # a number or a nesting without end: there is no place to tell
        pass
    return Problem("json_illisible", f"Le texte cesse d'être un objet JSON lisible{where}. Corrigez-le, puis rejouez.")


def _wait(row: QuarantinedMessage, digest: str, verdict: Verdict, *, by: User) -> None:
    if digest != row.digest:
        row.state, row.note = QuarantineState.DISMISSED, "Remplacé par sa correction, qui attend son agent."
        row.settled_at, row.settled_by = timezone.now(), by
        row.save(update_fields=["state", "note", "settled_at", "settled_by"])
    QuarantinedMessage.objects.filter(digest=digest).update(
        state=QuarantineState.WAITING,
        code=verdict.code,
        field=verdict.field,
        reason=verdict.reason,
        settled_at=None,
        settled_by=None,
        note="",
    )


MASK_LEFT = Problem(
    "masque_restant",
    "Une valeur masquée est restée hors du champ « numen ». Écrivez la valeur qui doit y être, puis rejouez.",
)
