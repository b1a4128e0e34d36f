"""Writing to the access journal. Every read of a file by someone else goes through `record` (norms D20, D21)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from security.models import AccessEvent, User


def record(
    kind: str,
    *,
    actor: User | None,
    subject: User | None = None,
    reason: str = "",
    request: HttpRequest | None = None,
    **detail: Any,
) -> AccessEvent:
    """Append one line: `actor` did `kind` on the file of `subject`. `detail` takes short technical facts only.

    Never pass a secret, a NUMEN, a password or health data. The client's address is taken from `request`.
    """
    line = _line(kind, actor, subject.pk if subject else None, reason, request, detail)
    line.save(force_insert=True)
    return line


def record_each(
    kind: str,
    *,
    actor: User | None,
    subjects: Mapping[int | None, dict[str, Any]],
    reason: str = "",
    request: HttpRequest | None = None,
) -> None:
    """Append one line per person touched by one act: {primary key of the subject: its detail}. One statement."""
    lines = [_line(kind, actor, subject, reason, request, detail) for subject, detail in subjects.items()]
    AccessEvent.objects.bulk_create(lines, batch_size=1000)


def _line(
    kind: str, actor: User | None, subject: int | None, reason: str, request: HttpRequest | None, detail: dict[str, Any]
) -> AccessEvent:
    return AccessEvent(
        kind=kind,
        actor=actor,
        actor_label=actor.get_full_name() or actor.username if actor else "",
        subject_id=subject,
        reason=reason[:300],
        detail=detail,
        ip=request.META.get("REMOTE_ADDR") or None if request else None,
        request_id=getattr(request, "request_id", "")[:36] if request else "",
    )
