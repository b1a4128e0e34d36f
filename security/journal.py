"""Writing to the access journal. Every read of a file by someone else goes through `record` (norms D20, D21)."""

import re
import secrets
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from iprof.web.crypto import keyed_digest
from security.domain.chain import NONCE_LENGTH, Keyring, Line, Sign, mark_of
from security.domain.traces import plain, plain_detail
from security.models import AccessEvent, User
from security.stand_in import author

LABEL, REASON, DETAIL, REQUEST = 200, 300, 300, 36  # characters kept
CONTEXT = "journal"


def sign(text: str) -> str:
    """With the key of today."""
    return keyed_digest(text, context=CONTEXT, key=settings.JOURNAL_KEY)


def keyring() -> Keyring:
    """JOURNAL_KEY, and JOURNAL_KEYS_OLD: « last seal:key » each. Their form is held by a system check."""
    former = sorted(
        ((int(last), _signer(key)) for last, _, key in (one.partition(":") for one in settings.JOURNAL_KEYS_OLD)),
        key=lambda pair: pair[0],
    )
    return Keyring(sign, tuple(former))


def _signer(key: str) -> Sign:
    return partial(keyed_digest, context=CONTEXT, key=key)


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


def line_of(event: AccessEvent) -> Line:
    """The line as the chain reads it."""
    return Line(
        pk=event.pk or 0,
        at=event.at,
        kind=event.kind,
        actor=event.actor_id,
        actor_label=event.actor_label,
        subject=event.subject_id,
        reason=event.reason,
        detail=event.detail,
        ip=event.ip,
        request_id=event.request_id,
        mark=event.mark,
    )


def _line(
    kind: str, actor: User | None, subject: int | None, reason: str, request: HttpRequest | None, detail: dict[str, Any]
) -> AccessEvent:
    """Not saved yet, cleaned and signed. Text typed by people may hold line breaks, or a NUMEN by mistake."""
    actor, added = author(actor)
    numen = _numen(settings.NUMEN_PATTERN)
    event = AccessEvent(
        at=timezone.now(),
        kind=str(kind),
        actor=actor,
        actor_label=plain(actor.get_full_name() or actor.username, limit=LABEL) if actor else "",
        subject_id=subject,
        reason=plain(reason, limit=REASON, secret=numen),
        detail=plain_detail({**detail, **added}, limit=DETAIL, secret=numen),
        ip=request.META.get("REMOTE_ADDR") or None if request else None,
        request_id=plain(getattr(request, "request_id", ""), limit=REQUEST, secret=numen) if request else "",
    )
    event.mark = mark_of(line_of(event), nonce=secrets.token_hex(NONCE_LENGTH // 2), sign=sign)
    return event


@lru_cache(maxsize=2)
def _numen(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.strip("^$"), re.IGNORECASE)
