"""Writing to the access journal. Every read of a file by someone else goes through `record` (norms D20, D21)."""

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
    return AccessEvent.objects.create(
        kind=kind,
        actor=actor,
        actor_label=actor.get_full_name() or actor.username if actor else "",
        subject=subject,
        reason=reason[:300],
        detail=detail,
        ip=request.META.get("REMOTE_ADDR") or None if request else None,
        request_id=getattr(request, "request_id", "")[:36] if request else "",
    )
