"""What the owner does with a document: tells what it is, agrees to its cleaning, takes it back."""

import hashlib

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents import custody, probe
from documents.domain.verdicts import Check, Outcome, Verdict, overall
from documents.enums import DocumentState, ReviewState, SubmissionState
from documents.models import Document, StoredFile
from documents.selectors.retention import is_held
from documents.services.deposit import STATES, Details, keep_verdicts, told
from documents.services.emptied import empty
from documents.tasks import examine_document
from security.enums import AccessKind
from security.journal import record
from security.models import User

HELD = "Une suspension protège ce document : il ne peut pas être détruit tant qu'elle n'est pas levée."


class NotNow(Exception):
    """The document is not in a state where this can be done; `str()` is the sentence."""


@transaction.atomic
def describe(document: Document, details: Details) -> Document:
    """Type, title and dates. What a service has begun to look at changes no more. Raises NotNow."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.state in (DocumentState.REFUSED, DocumentState.DESTROYED):
        raise NotNow("Ce document n'est plus conservé : il ne peut plus être décrit.")
    if locked.review != ReviewState.NONE or _sent(locked):
        raise NotNow("Ce document est transmis à un service : déposez-en un autre pour le corriger.")
    locked.kind, locked.title = details.kind, details.title
    locked.dated_on, locked.ends_on = details.dated_on, details.ends_on
    locked.save(update_fields=["kind", "title", "dated_on", "ends_on"])
    keep_verdicts(locked, told(locked))
    return locked


def _sent(document: Document) -> bool:
    """Whether a service received it and still has it."""
    return document.uses.exclude(submission__state=SubmissionState.WITHDRAWN).exists()


def agree_to_cleaning(document: Document) -> Document:
    """Removes the active content and sends the rest through the checks. Raises NotNow; OSError: nothing changed."""
    if document.state != DocumentState.CONSENT:
        raise NotNow("Ce document n'attend pas votre accord.")
    stored = StoredFile.objects.get(document=document)
    try:
        content = probe.cleaned(custody.read(stored))
    except probe.CannotClean:
        raise NotNow("Le contenu actif n'a pas pu être retiré. Imprimez le document en PDF, puis déposez-le.") from None
    read = probe.quick(content, name=document.original_name)
    outcome = overall(read.verdicts)
    if outcome in (Outcome.REFUSED, Outcome.CONSENT):
        raise NotNow("Le contenu actif n'a pas pu être retiré. Imprimez le document en PDF, puis déposez-le.")
    written = custody.write(read.content, document=document.pk)
    with custody.written_with(written):
        _replace(document, stored, written, read)
    return document


@transaction.atomic
def _replace(document: Document, stored: StoredFile, written: custody.Written, read: probe.Quick) -> None:
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.state != DocumentState.CONSENT:
        raise NotNow("Ce document n'attend plus votre accord.")
    old = stored.name
    stored.delete()
    custody.attach(written, document_id=document.pk)
    locked.state, locked.pages = STATES.get(overall(read.verdicts), DocumentState.CHECKING), read.pages
    locked.size, locked.sha256 = len(read.content), hashlib.sha256(read.content).hexdigest()
    locked.save(update_fields=["state", "pages", "size", "sha256"])
    keep_verdicts(locked, [*read.verdicts, Verdict(Check.ACTIVE, Outcome.PASSED, "nettoye")])
    document.state = locked.state
    transaction.on_commit(lambda: custody.erase(old), robust=True)
    transaction.on_commit(lambda: examine_document.delay(str(document.pk)), robust=True)


@transaction.atomic
def withdraw(document: Document, *, by: User, request: HttpRequest | None = None) -> None:
    """Destroys a document that was sent to nobody. Raises NotNow: what a service received follows the retention."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.state == DocumentState.DESTROYED:
        return
    if _sent(locked):
        raise NotNow(
            "Ce document a été transmis à un service : il est conservé. Demandez sa suppression anticipée si besoin."
        )
    destroy(locked, by=by, reason="retrait par l'agent", request=request)


def destroy(document: Document, *, by: User | None, reason: str, request: HttpRequest | None = None) -> None:
    """The content and what describes it go, the row stays and says so (`emptied`). In the caller's transaction, the row locked. Raises NotNow: what a
    hold protects is destroyed by nobody."""
    if is_held(document):
        raise NotNow(HELD)
    stored = StoredFile.objects.filter(document=document).first()
    if stored is not None:
        name = stored.name
        stored.delete()
        transaction.on_commit(lambda: custody.erase(name), robust=True)
    document.state, document.destroyed_at, document.examining_until = DocumentState.DESTROYED, timezone.now(), None
    document.save(update_fields=["state", "destroyed_at", "examining_until"])
    empty(document)
    record(
        AccessKind.DOCUMENT_DESTROYED,
        actor=by,
        subject=document.owner,
        reason=reason,
        request=request,
        document=str(document.pk),
        sha256=document.sha256[:16],
    )
