"""Receipts: issued once for each act, in its transaction; the PDF is made at the first asking and kept for good (E26, D26)."""

import base64
import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction

from documents.enums import ReceiptKind
from documents.models import Receipt
from iprof.web.crypto import seal, unseal
from security.models import User

CONTEXT = "receipt"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read for another
GROUPS, LENGTH = 4, 4  # 80 bits


def new_code() -> str:
    """A code of 80 random bits, easy to copy by hand: « K7QX-2MDA-94TZ-PB3H »."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def canonical_digest(*parts: Any) -> str:
    """SHA-256 of the parts in canonical JSON: the same content always gives the same 64 characters."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def issue_receipt(*, kind: ReceiptKind, owner: User, subject: str, payload: dict[str, Any], at: dt.datetime) -> Receipt:
    """The receipt of an act, in the caller's transaction; asked again for the same `subject`, the first one.

    `payload` is what its PDF prints, in JSON.
    """
    receipt, _ = Receipt.objects.get_or_create(
        subject=subject,
        defaults={
            "owner": owner, "kind": kind, "code": new_code(), "payload": payload, "payload_digest": canonical_digest(payload),
            "issued_at": at,
        },
    )  # fmt: skip
    return receipt


@transaction.atomic
def receipt_pdf(receipt: Receipt, *, render: Callable[[Receipt], bytes]) -> bytes:
    """The bytes of the PDF: those given the first time, `render`ed when it is the first. Raises UnreadableSecret."""
    locked = Receipt.objects.select_for_update().get(pk=receipt.pk)
    if locked.pdf is None:
        content = render(locked)
        locked.pdf = seal(base64.b64encode(content).decode(), context=CONTEXT)
        locked.pdf_digest = hashlib.sha256(content).hexdigest()
        locked.save(update_fields=["pdf", "pdf_digest"])
        return content
    return base64.b64decode(unseal(bytes(locked.pdf), context=CONTEXT))
