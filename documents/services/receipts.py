"""Receipts: issued once for each act, in its transaction. A task makes the PDF, kept for good (E26, D26)."""

import base64
import datetime as dt
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from documents import receipt_pdf, tasks
from documents.enums import ReceiptKind
from documents.models import Receipt
from iprof.web.crypto import seal, unseal
from security.models import User

CONTEXT = "receipt"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read for another
GROUPS, LENGTH = 4, 4  # 80 bits
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """What a receipt says, in French: rows of (label, value), sections of the same, then sentences. No title of a
    document, no reason of health: it outlives what it tells of."""

    title: str
    rows: Rows
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()


def new_code() -> str:
    """A code of 80 random bits, easy to copy by hand: « K7QX-2MDA-94TZ-PB3H »."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def canonical_digest(*parts: Any) -> str:
    """SHA-256 of the parts in canonical JSON: the same content always gives the same 64 characters."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def issue_receipt(*, kind: ReceiptKind, owner: User, subject: str, text: ReceiptText, at: dt.datetime) -> Receipt:
    """The receipt of an act, in the caller's transaction; asked again for the same `subject`, the first one."""
    payload = json.loads(json.dumps(asdict(text)))  # as it will be read back: lists, no tuple
    receipt, made = Receipt.objects.get_or_create(
        subject=subject,
        defaults={
            "owner": owner, "kind": kind, "code": new_code(), "payload": payload,
            "payload_digest": canonical_digest(payload), "issued_at": at,
        },
    )  # fmt: skip
    if made:
        transaction.on_commit(lambda: tasks.make_receipt.delay(receipt.pk), robust=True)
    return receipt


@transaction.atomic
def make_receipt(pk: int) -> None:
    """Makes and keeps the PDF, once."""
    locked = Receipt.objects.select_for_update().select_related("owner").get(pk=pk)
    if locked.pdf is not None:
        return
    content = receipt_pdf.render(locked)
    locked.pdf = seal(base64.b64encode(content).decode(), context=CONTEXT)
    locked.pdf_digest = hashlib.sha256(content).hexdigest()
    locked.save(update_fields=["pdf", "pdf_digest"])


def make_receipts(*, most: int = 200) -> int:
    """What a lost message has left without PDF; how many were made."""
    waiting = list(Receipt.objects.filter(pdf__isnull=True).order_by("issued_at").values_list("pk", flat=True)[:most])
    for pk in waiting:
        make_receipt(pk)
    return len(waiting)


def receipt_bytes(receipt: Receipt) -> bytes:
    """The PDF kept; made again from the same words while the task has not kept it yet. Raises UnreadableSecret."""
    if receipt.pdf is None:
        return receipt_pdf.render(receipt)
    return base64.b64decode(unseal(bytes(receipt.pdf), context=CONTEXT))
