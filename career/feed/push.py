"""The push door: one call, one run, one transaction, by the same code as a file."""

from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from career.enums import FeedDoor, RunState
from career.feed.inbox import CHUNK_LINES, Verdict, ingest
from career.models import FeedRun


class AlreadyReceived(Exception):
    """A call with this webhook-id was received before."""


class NothingReadable(Exception):
    """The body holds not one JSON object."""


@dataclass(frozen=True, slots=True)
class Receipt:
    run: FeedRun
    verdicts: list[Verdict]


def lines_of(body: bytes) -> list[bytes]:
    """One event, laid out as one likes, or one event a line (NDJSON). Raises NothingReadable."""
    if _is_object(body):
        return [body]
    lines = [line for line in body.splitlines() if line.strip()]
    if not any(map(_is_object, lines)):
        raise NothingReadable
    return lines


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(text, type=dict[str, msgspec.Raw]), dict)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False


@transaction.atomic
def receive(*, delivery_id: str, body: bytes) -> Receipt:
    """Applies a verified call. Raises AlreadyReceived, NothingReadable; then nothing is written."""
    lines = lines_of(body)
    try:
        with transaction.atomic():
            run = FeedRun.objects.create(door=FeedDoor.API, delivery_id=delivery_id)
    except IntegrityError:
        raise AlreadyReceived from None
    verdicts = ingest(lines, run=run, collect=True, chunk_lines=CHUNK_LINES)
    FeedRun.objects.filter(pk=run.pk).update(state=RunState.DONE, finished_at=timezone.now())
    run.refresh_from_db()
    return Receipt(run, verdicts)


def told(receipt: Receipt) -> dict[str, Any]:
    """The receipt as the API answers it."""
    run = receipt.run
    return {
        "run": str(run.public_id),
        "received": run.lines_read,
        "accepted": run.applied,
        "already_received": run.repeated,
        "rejected": run.quarantined,
        "verdicts": [_verdict(v) for v in receipt.verdicts],
    }


STATUSES = {"applied": "accepted", "repeated": "already_received", "quarantined": "rejected"}


def _verdict(v: Verdict) -> dict[str, Any]:
    answer: dict[str, Any] = {"line": v.line_number, "id": v.message_id or None, "status": STATUSES[v.status]}
    if v.code:
        answer["error"] = problem(v.code, v.reason, field=v.field)
    return answer


def problem(code: str, detail: str, *, status: int | None = None, title: str = "", field: str = "") -> dict[str, Any]:
    """RFC 9457 problem details; `code` is the stable key of docs/contracts/siae.md."""
    body: dict[str, Any] = {"type": f"urn:iprof:siae:{code}", "title": title or "Message rejeté", "detail": detail}
    if status is not None:
        body["status"] = status
    return body | {"code": code} | ({"field": field} if field else {})
