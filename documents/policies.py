"""Who reads a document (norms D16, D21): its owner; the service it was sent to, for the agents within its reach.

What an agent has only put aside in « Mes documents » is read by nobody else. A medical document is read by the medical
service alone, wherever it was sent. Every reading by someone else leaves a trace (`services.reading`).
"""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from documents.domain.procedures import Procedure, procedures
from documents.domain.types import Sensitivity, type_law
from documents.enums import DocumentState, SubmissionState
from documents.models import Document, DocumentUse, Submission
from iprof.correspondence.audience import provider
from security.enums import Role
from security.models import User
from security.policies import scope_of

READ, REVIEW = "documents.read_document", "documents.review_submission"
SERVICES = (Role.GESTIONNAIRE, Role.MEDICAL)


def medical_types() -> frozenset[str]:
    return frozenset(code for code, kind in type_law().types.items() if kind.sensitivity is Sensitivity.MEDICAL)


def services_of(user: User, *, on: dt.date) -> frozenset[str]:
    """The services a person acts for on a day; an administrator acts for none: the function is not theirs."""
    return scope_of(user, on=on).roles & frozenset(SERVICES)


def reviews(user: User, *, on: dt.date) -> bool:
    """Whether a person verifies pieces for a service that day; not by being an administrator."""
    return user.has_perm(REVIEW) and bool(services_of(user, on=on))


def procedures_for(user: User, *, on: dt.date) -> tuple[Procedure, ...]:
    """Those a person receives pieces of."""
    services, medical = services_of(user, on=on), medical_types()
    return tuple(
        procedure
        for procedure in procedures().values()
        if procedure.service in services
        or (Role.MEDICAL in services and any(medical & set(piece.types) for piece in procedure.pieces.values()))
    )


def uses_for(user: User, *, on: dt.date, former: bool = False) -> QuerySet[DocumentUse]:
    """The pieces a person reads and reviews: of the submissions below, still in use, or replaced since (`former`: what
    was said of them is read, they are not). A medical document goes to the medical service in whatever procedure it was
    sent, and to no other; the medical service sees of a procedure of another service its own pieces only."""
    services, medical = services_of(user, on=on), Q(document__kind__in=medical_types())
    if not reviews(user, on=on):
        return DocumentUse.objects.none()
    reached = Q()
    for service in sorted(services):  # the habilitation of one service opens nothing sent to another
        theirs = Q(submission__procedure__in=_sent_to(service))
        theirs = theirs | medical if service == Role.MEDICAL else theirs & ~medical
        reached |= theirs & Q(submission__owner__in=_within_reach(user, service, on))
    return (
        DocumentUse.objects.filter(reached, replaced_at__isnull=not former)
        .exclude(submission__state=SubmissionState.WITHDRAWN)
        .exclude(submission__owner=user)
    )


def submissions_for(user: User, *, on: dt.date) -> QuerySet[Submission]:
    """Those a person may handle: sent to their service, or holding pieces of it, by agents within their reach, not taken
    back. Nobody handles their own."""
    services = services_of(user, on=on)
    if not reviews(user, on=on):
        return Submission.objects.none()
    reached = Q(pk__in=uses_for(user, on=on).values("submission"))
    for service in sorted(services):
        reached |= Q(procedure__in=_sent_to(service), owner__in=_within_reach(user, service, on))
    return Submission.objects.filter(reached).exclude(state=SubmissionState.WITHDRAWN).exclude(owner=user)


def documents_for(user: User, *, on: dt.date) -> QuerySet[Document]:
    """Documents of others a person may read: those of `uses_for`, once their checks are over."""
    if not user.has_perm(READ):
        return Document.objects.none()
    return Document.objects.filter(state=DocumentState.KEPT, pk__in=uses_for(user, on=on).values("document")).exclude(
        owner=user
    )


def _sent_to(service: str) -> list[str]:
    return [code for code, procedure in procedures().items() if procedure.service == service]


def _within_reach(user: User, service: str, on: dt.date) -> QuerySet[Any]:
    return provider().within_reach(by=user, on=on, roles=(service,))


def readable(user: User, *, on: dt.date) -> QuerySet[Document]:
    """One's own and those of others one may read, as a filter for one document at a time."""
    others = documents_for(user, on=on).values("pk")
    return Document.objects.filter(Q(owner=user) | Q(pk__in=others))


def is_dpo(user: User, *, on: dt.date) -> bool:
    """The délégué, by a dated habilitation: an administrator has every permission, the function is not theirs."""
    return Role.DPO in scope_of(user, on=on).roles
