"""A request on personal data, from its receipt to its answer (RGPD art. 12 and 15 to 21, requirement S90, norm D22)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.domain.rights import Clock, clock, rights_law
from documents.enums import DocumentState
from documents.enums_privacy import DestructionCause, PrivacyKind, PrivacyState
from documents.models import Document, PrivacyRequest
from documents.selectors.retention import is_held
from documents.services.certificates import certify
from documents.services.own import destroy
from documents.services.taken_out import hold_sendings, take_out
from iprof.correspondence.models import Alert
from iprof.correspondence.services.alerts import mark_read, send_alert
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_date
from security.enums import AccessKind
from security.journal import record
from security.models import User

RULE = "documents.suppression-anticipee"
GONE = (DocumentState.REFUSED, DocumentState.DESTROYED)


@transaction.atomic
def open_request(
    *, owner: User, kind: str, message: str, documents: Sequence[Document] = (), request: HttpRequest | None = None
) -> PrivacyRequest:
    """Deposits one. Documents are for an early deletion only, which needs one at least.

    Raises DomainError("privacy_documents" | "privacy_not_owner" | "privacy_already_open").
    """
    if (kind == PrivacyKind.DELETION) != bool(documents):
        raise DomainError("privacy_documents")
    keys = [document.pk for document in documents]
    rows = list(Document.objects.select_for_update(of=("self",)).filter(pk__in=keys, owner=owner).order_by("pk"))
    if len(rows) != len(keys) or any(row.state in GONE for row in rows):
        raise DomainError("privacy_not_owner")
    if PrivacyRequest.objects.waiting().filter(owner=owner, documents__in=rows).exists():
        raise DomainError("privacy_already_open")
    now = timezone.now()
    made = PrivacyRequest.objects.create(
        owner=owner, kind=kind, message=message.strip(), received_at=now, due_on=_clock(now).answer_by
    )
    made.documents.set(rows)
    record(AccessKind.PRIVACY_ASKED, actor=owner, subject=owner, request=request, asked=str(made.public_id), right=kind)
    receipt = _tell(made, "Votre demande est enregistrée", f"Une réponse vous est due au plus tard le {_due(made)}.")
    if receipt:
        mark_read(by=owner, message_id=receipt.message_id)  # the receipt is the next page
    return made


@transaction.atomic
def withdraw_request(*, asked: PrivacyRequest, by: User, request: HttpRequest | None = None) -> PrivacyRequest:
    """By who asked, while it waits. Raises DomainError("privacy_settled" | "privacy_not_owner")."""
    locked = _locked(asked)
    if locked.owner_id != by.pk:
        raise DomainError("privacy_not_owner")
    locked.state, locked.closed_at = PrivacyState.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "closed_at"])
    record(AccessKind.PRIVACY_ASKED, actor=by, subject=by, request=request, asked=str(locked.public_id), act="retrait")
    return locked


@transaction.atomic
def extend_request(
    *, asked: PrivacyRequest, by: User, reason: str, request: HttpRequest | None = None
) -> PrivacyRequest:
    """Two more months, told with their reason within the first one.

    Raises DomainError("privacy_settled" | "privacy_own" | "privacy_extended" | "privacy_too_late" | "privacy_reason_empty").
    """
    locked = _locked(asked, by)
    if locked.state == PrivacyState.EXTENDED:
        raise DomainError("privacy_extended")
    if timezone.localdate() > locked.due_on:
        raise DomainError("privacy_too_late")
    if not reason.strip():
        raise DomainError("privacy_reason_empty")
    locked.state, locked.due_on = PrivacyState.EXTENDED, _clock(locked.received_at).extended_to
    locked.extended_at, locked.extended_by, locked.extension_reason = timezone.now(), by, reason.strip()
    locked.save(update_fields=["state", "due_on", "extended_at", "extended_by", "extension_reason"])
    _trace(locked, by, request)
    _tell(
        locked,
        "Le délai de réponse à votre demande est prolongé",
        f"La réponse est due au plus tard le {_due(locked)}. Le motif est sur la page de la demande.",
    )
    return locked


@transaction.atomic
def answer_request(
    *,
    asked: PrivacyRequest,
    by: User,
    accepted: bool,
    answer: str,
    ground: str = "",
    request: HttpRequest | None = None,
) -> PrivacyRequest:
    """Decides, with reasons; a refusal names its ground in law. An early deletion accepted destroys at once what no hold
    protects, with a certificate: « acceptée en partie » when a hold keeps some. The sendings under way move on without
    what was not decided yet.

    Raises DomainError("privacy_settled" | "privacy_own" | "privacy_answer_empty" | "privacy_ground" | "privacy_held").
    """
    locked = _locked(asked, by)
    if not answer.strip():
        raise DomainError("privacy_answer_empty")
    if not accepted and ground not in rights_law().grounds:
        raise DomainError("privacy_ground")
    locked.state = _destroyed(locked, by, request) if accepted else PrivacyState.REFUSED
    locked.answer, locked.ground = answer.strip(), "" if accepted else ground
    locked.answered_at = locked.closed_at = timezone.now()
    locked.answered_by = by
    locked.save(update_fields=["state", "answer", "ground", "answered_at", "closed_at", "answered_by"])
    _trace(locked, by, request)
    _tell(
        locked,
        "Votre demande sur vos données a reçu une réponse",
        "La décision et ses motifs sont dans votre espace.",
    )
    return locked


def _destroyed(asked: PrivacyRequest, by: User, request: HttpRequest | None) -> PrivacyState:
    """The state of an accepted request, once what it asks to be destroyed is."""
    if asked.kind != PrivacyKind.DELETION:
        return PrivacyState.ACCEPTED
    hold_sendings(asked.owner)
    chosen = asked.documents.select_for_update(of=("self",)).exclude(state__in=GONE).select_related("owner")
    rows = list(chosen.order_by("pk"))
    free = [row for row in rows if not is_held(row)]
    if rows and not free:
        raise DomainError("privacy_held")
    take_out(free, by=by, request=request)
    if free:  # before the rows are emptied of what it says
        certify(free, cause=DestructionCause.EARLY, rule=RULE, version=rights_law().version, by=by)
    for row in free:
        destroy(row, by=by, reason=f"suppression anticipée, demande {asked.public_id}", request=request)
    return PrivacyState.ACCEPTED if len(free) == len(rows) else PrivacyState.PARTIAL


def _locked(asked: PrivacyRequest, by: User | None = None) -> PrivacyRequest:
    """Still waiting; to be decided (`by`) by somebody else than who asked."""
    locked = PrivacyRequest.objects.select_for_update(of=("self",)).select_related("owner").get(pk=asked.pk)
    if by is not None and locked.owner_id == by.pk:
        raise DomainError("privacy_own")
    if not locked.waiting:
        raise DomainError("privacy_settled")
    return locked


def _clock(received_at: dt.datetime) -> Clock:
    return clock(timezone.localtime(received_at).date(), rights_law())


def _due(asked: PrivacyRequest) -> str:
    return french_date(asked.due_on)


def _trace(asked: PrivacyRequest, by: User, request: HttpRequest | None) -> None:
    detail = {"asked": str(asked.public_id), "right": asked.kind, "state": str(asked.state)}
    record(AccessKind.PRIVACY_ANSWERED, actor=by, subject=asked.owner, request=request, **detail)


def _tell(asked: PrivacyRequest, subject: str, body: str) -> Alert | None:
    link, cause = asked.get_absolute_url(), f"donnees:{asked.public_id}:{asked.state}"
    return send_alert(user=asked.owner, kind="demande.donnees", subject=subject, body=body, link=link, cause=cause)
