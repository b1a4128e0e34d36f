"""The slow checks, in the worker: each can be done again; the document leaves quarantine when all have answered.

A document is held by one worker at a time, for DOCUMENTS_LEASE; a worker that dies lets it go. Nothing depends on the message
that asked for it: `examine_waiting` finds what waits.
"""

import datetime as dt
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from documents import custody, probe
from documents.domain.verdicts import SLOW, Check, Outcome, Verdict, overall
from documents.enums import DocumentState
from documents.models import Document, DocumentVerdict, StoredFile
from documents.services.deposit import duplicate_of, keep_verdicts
from documents.services.integrity import report_lost

WAITS = (1, 5, 15)  # times DOCUMENTS_FIRST_WAIT; then the last again


def waiting(*, limit: int = 50) -> list[UUID]:
    """Documents in quarantine that nobody holds, oldest first."""
    return list(
        Document.objects.filter(_free(), state=DocumentState.CHECKING)
        .order_by("deposited_at")
        .values_list("pk", flat=True)[:limit]
    )


def examine(pk: UUID) -> Document | None:
    """Runs what has not answered yet, and decides. None when it is not in quarantine or somebody else holds it."""
    document = _hold(pk)
    if document is None:
        return None
    verdicts, mark = _answers(document)
    return _decide(document, verdicts, mark)


def _free() -> Q:
    return Q(examining_until__isnull=True) | Q(examining_until__lt=timezone.now())


def _hold(pk: UUID) -> Document | None:
    with transaction.atomic():
        document = (
            Document.objects.select_for_update(skip_locked=True)
            .filter(_free(), pk=pk, state=DocumentState.CHECKING)
            .first()
        )
        if document is not None:
            document.examining_until = timezone.now() + dt.timedelta(seconds=settings.DOCUMENTS_LEASE)
            Document.objects.filter(pk=pk).update(examining_until=document.examining_until, attempts=F("attempts") + 1)
            document.attempts += 1
    return document


def _answers(document: Document) -> tuple[list[Verdict], str]:
    """Of the checks that have not answered, or could not, with the mark of what the pages show when they were looked at.
    A content that cannot be read holds them all."""
    wanted = set(SLOW) - {Check(name) for name in _answered(document)}
    if not wanted:
        return [], ""
    content, unread = _content(StoredFile.objects.get(document=document))
    if unread:
        return [Verdict(Check.VIRUS, Outcome.HELD, unread)], ""
    found, mark = [], ""
    if Check.VIRUS in wanted:
        found.append(probe.scan(content))
    if wanted - {Check.VIRUS}:
        verdicts, mark = probe.slow(content)
        found += verdicts
    return found, mark


def _content(stored: StoredFile) -> tuple[bytes, str]:
    """The content, or the word that says why it is not read."""
    try:
        return custody.read(stored), ""
    except custody.LostContent:
        with suppress(OSError):
            if report_lost(stored):
                return b"", "perdu"
    except (custody.UnreadableSecret, OSError):
        pass
    return b"", "stockage"


def _answered(document: Document) -> list[str]:
    return list(
        DocumentVerdict.objects.filter(document=document, check_name__in=[check.value for check in SLOW])
        .exclude(outcome=Outcome.HELD)
        .values_list("check_name", flat=True)
    )


@transaction.atomic
def _decide(document: Document, found: list[Verdict], mark: str) -> Document:
    """Writes the verdicts and moves the document on, unless another worker took it over meanwhile."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.state != DocumentState.CHECKING or locked.examining_until != document.examining_until:
        return locked
    locked.content_mark = mark or locked.content_mark
    keep_verdicts(locked, [*found, *_same_content(locked)])
    outcome = overall(_stored(locked))
    if outcome is Outcome.HELD:
        times = WAITS[min(locked.attempts, len(WAITS)) - 1]
        locked.examining_until = timezone.now() + dt.timedelta(seconds=times * settings.DOCUMENTS_FIRST_WAIT)
    else:
        locked.state = DocumentState.REFUSED if outcome is Outcome.REFUSED else DocumentState.KEPT
        locked.examined_at, locked.examining_until = timezone.now(), None
    locked.save(update_fields=["state", "examined_at", "examining_until", "content_mark"])
    if locked.state == DocumentState.REFUSED:
        _let_go(locked)
    return locked


def _same_content(document: Document) -> list[Verdict]:
    """Another of the same owner shows the same, though its bytes differ."""
    if not document.content_mark:
        return []
    others = Document.objects.alive().filter(owner=document.owner_id, content_mark=document.content_mark)
    others = others.exclude(pk=document.pk).exclude(received_sha256=document.received_sha256)
    other = others.order_by("deposited_at").first()
    return [duplicate_of(other, "meme-contenu")] if other else []


def _stored(document: Document) -> list[Verdict]:
    rows = DocumentVerdict.objects.filter(document=document).values_list("check_name", "outcome", "word")
    return [Verdict(Check(check), Outcome(outcome), word) for check, outcome, word in rows]


def _let_go(document: Document) -> None:
    """The content of a refused document goes once the refusal is written."""
    stored = StoredFile.objects.filter(document=document).first()
    if stored is not None:
        name = stored.name
        stored.delete()
        transaction.on_commit(lambda: custody.erase(name), robust=True)
