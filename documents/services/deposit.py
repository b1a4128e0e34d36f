"""Receiving a document: kept in quarantine before anything is asked about it, so that no form can lose it (S86)."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from documents import custody, probe
from documents.domain.described import told_verdicts
from documents.domain.verdicts import Check, Outcome, Verdict, overall
from documents.enums import DocumentState
from documents.models import Document, DocumentVerdict
from documents.tasks import examine_document
from iprof.correspondence.files import NAME_MAX, plain_name
from iprof.web.formats import french_date
from security.enums import AccessKind
from security.journal import record
from security.models import User


class FullQuota(Exception):
    """The person holds as many bytes as one may."""


@dataclass(frozen=True, slots=True)
class Details:
    """What its owner tells of a document. All may be told later."""

    kind: str = ""
    title: str = ""
    dated_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What was sent: one file, or photographs laid end to end. `size` is that announced, the content may be cut short."""

    name: str
    content: bytes
    size: int
    files: int = 1


def deposit(
    *,
    owner: User,
    upload: UploadedFile[Any],
    details: Details | None = None,
    replaces: Document | None = None,
    request: HttpRequest | None = None,
) -> Document:
    """Reads, judges and keeps one file; the slow checks follow in the worker.

    A file refused leaves a row with its verdicts, without content. `replaces`: an older document of the same owner that
    this one stands for. Raises FullQuota, and OSError when the storage refuses: nothing is kept then, and whoever sent
    the file is told so.
    """
    content = _content(upload)
    _hold_quota(owner, content)
    received = Received(upload.name or "", content, upload.size or len(content))
    read = probe.quick(content, name=received.name)
    return _keep(_row(owner, received, read, details or Details(), replaces), read, received, request)


def deposit_photos(
    *,
    owner: User,
    uploads: Sequence[UploadedFile[Any]],
    details: Details | None = None,
    replaces: Document | None = None,
    request: HttpRequest | None = None,
) -> Document:
    """Several photographs as one document, in their order; otherwise as `deposit`. One too heavy refuses the whole."""
    photos = [_content(upload) for upload in uploads]
    content = b"".join(photos)
    _hold_quota(owner, content)
    received = Received(uploads[0].name or "", content, sum(upload.size or 0 for upload in uploads), len(uploads))
    read = probe.from_images(photos, name=received.name)
    return _keep(_row(owner, received, read, details or Details(), replaces), read, received, request)


def _hold_quota(owner: User, content: bytes) -> None:
    if held_bytes(owner) + len(content) > settings.DOCUMENTS_QUOTA:
        raise FullQuota


def _keep(document: Document, read: probe.Quick, received: Received, request: HttpRequest | None) -> Document:
    """Writes the content, then the row with its verdicts, or neither."""
    owner = document.owner
    verdicts = read.verdicts
    if document.state != DocumentState.REFUSED:
        verdicts += (_duplicate(owner, received.content), *told(document))
    written = custody.write(read.content, document=document.pk) if document.state != DocumentState.REFUSED else None
    with custody.written_with(written), transaction.atomic():
        document.save(force_insert=True)
        if written:
            custody.attach(written, document_id=document.pk)
        keep_verdicts(document, verdicts)
        record(AccessKind.DOCUMENT_DEPOSITED, actor=owner, subject=owner, request=request, document=str(document.pk))
        if document.state == DocumentState.CHECKING:
            transaction.on_commit(lambda: examine_document.delay(str(document.pk)), robust=True)
    return document


def held_bytes(owner: User) -> int:
    return Document.objects.alive().filter(owner=owner).aggregate(held=Sum("size"))["held"] or 0


def told(document: Document) -> tuple[Verdict, ...]:
    """On what its owner tells of it, as of the day it was deposited."""
    return told_verdicts(
        document.type,
        title=document.title,
        dated_on=document.dated_on,
        ends_on=document.ends_on,
        on=timezone.localtime(document.deposited_at).date(),
    )


def keep_verdicts(document: Document, verdicts: Sequence[Verdict]) -> None:
    """The last answer of each check, in the caller's transaction."""
    DocumentVerdict.objects.bulk_create(
        [
            DocumentVerdict(
                document=document,
                check_name=verdict.check.value,
                outcome=verdict.outcome.value,
                word=verdict.word,
                figures=dict(verdict.figures),
            )
            for verdict in {verdict.check: verdict for verdict in verdicts}.values()
        ],
        update_conflicts=True,
        unique_fields=["document", "check_name"],
        update_fields=["outcome", "word", "figures", "at"],
    )


def _content(upload: UploadedFile[Any]) -> bytes:
    """At most what is needed to say that it is too heavy, were it a photograph."""
    return bytes(upload.read(settings.DOCUMENT_PHOTO_MAX_BYTES))


def _duplicate(owner: User, content: bytes) -> Verdict:
    same = Document.objects.alive().filter(owner=owner, received_sha256=_sha256(content)).order_by("deposited_at")
    return duplicate_of(same.first(), "meme-fichier")


def duplicate_of(other: Document | None, word: str) -> Verdict:
    if other is None:
        return Verdict(Check.DUPLICATE, Outcome.PASSED)
    day = french_date(timezone.localtime(other.deposited_at).date())
    return Verdict(Check.DUPLICATE, Outcome.WARNED, word, {"document": str(other.pk), "received": day})


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


STATES = {Outcome.REFUSED: DocumentState.REFUSED, Outcome.CONSENT: DocumentState.CONSENT}


def _row(owner: User, received: Received, read: probe.Quick, details: Details, replaces: Document | None) -> Document:
    return Document(
        pk=uuid.uuid4(),
        owner=owner,
        kind=details.kind,
        title=details.title,
        dated_on=details.dated_on,
        ends_on=details.ends_on,
        replaces=replaces,
        original_name=plain_name(received.name).strip(" .")[:NAME_MAX] or "document",
        state=STATES.get(overall(read.verdicts), DocumentState.CHECKING),
        pages=read.pages,
        size=len(read.content),
        sha256=_sha256(read.content),
        received_size=received.size,
        received_sha256=_sha256(received.content),
        received_files=received.files,
    )
