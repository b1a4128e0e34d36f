"""Placing and lifting a hold: nothing it protects is destroyed, by anyone (requirement S89)."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.enums import DocumentState
from documents.models import Document, Hold
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.journal import record
from security.models import User


@transaction.atomic
def place_hold(
    *,
    by: User,
    reason: str,
    owner: User | None = None,
    document: Document | None = None,
    request: HttpRequest | None = None,
) -> Hold:
    """On every document of `owner`, or on one. Waits for a destruction that has begun, which then goes first.

    Raises DomainError("hold_reason_empty" | "hold_own" | "hold_gone" | "hold_refused" | "hold_of_nothing").
    """
    person = document.owner if document else owner
    if person is None or (document and owner):
        raise DomainError("hold_of_nothing")
    if not reason.strip():
        raise DomainError("hold_reason_empty")
    if person.pk == by.pk:
        raise DomainError("hold_own")
    rows = Document.objects.filter(pk=document.pk) if document else Document.objects.filter(owner=person)
    states = [row.state for row in rows.select_for_update(of=("self",)).order_by("pk")]
    if document and states == [DocumentState.DESTROYED]:
        raise DomainError("hold_gone")
    if document and states == [DocumentState.REFUSED]:
        raise DomainError("hold_refused")
    hold = Hold.objects.create(owner=owner, document=document, reason=reason.strip(), placed_by=by)
    _trace(hold, by, person, "posee", request)
    return hold


@transaction.atomic
def lift_hold(*, hold: Hold, by: User, reason: str, request: HttpRequest | None = None) -> Hold:
    """Raises DomainError("hold_reason_empty" | "hold_own" | "hold_lifted")."""
    locked = Hold.objects.select_for_update(of=("self",)).select_related("owner", "document__owner").get(pk=hold.pk)
    person = subject_of(locked)
    if locked.lifted_at is not None:
        raise DomainError("hold_lifted")
    if not reason.strip():
        raise DomainError("hold_reason_empty")
    if person.pk == by.pk:
        raise DomainError("hold_own")
    locked.lifted_at, locked.lifted_by, locked.lift_reason = timezone.now(), by, reason.strip()
    locked.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    _trace(locked, by, person, "levee", request)
    return locked


def subject_of(hold: Hold) -> User:
    """Whose documents it protects."""
    person = hold.document.owner if hold.document else hold.owner
    assert person is not None, "a constraint holds it"  # noqa: S101  (for the type checker)
    return person


def _trace(hold: Hold, by: User, person: User, act: str, request: HttpRequest | None) -> None:
    about = {"document": str(hold.document_id)} if hold.document_id else {}
    record(AccessKind.HOLD_MANAGED, actor=by, subject=person, request=request, act=act, **about)
