"""Who reads a document (norms D16, D21): its owner; the service it was sent to, for the agents within its reach.

What an agent has only put aside in « Mes documents » is read by nobody else. A medical document is read by the medical
service alone, wherever it was sent. Every reading by someone else leaves a trace (`services.reading`).
"""

import datetime as dt

from django.db.models import Q, QuerySet

from documents.domain.procedures import procedures
from documents.domain.types import Sensitivity, type_law
from documents.enums import DocumentState, SubmissionState
from documents.models import Document, Submission
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


def submissions_for(user: User, *, on: dt.date) -> QuerySet[Submission]:
    """Those a person may handle: sent to their service, by agents within their reach, not taken back."""
    services = services_of(user, on=on)
    if not services or not user.has_perm(REVIEW):
        return Submission.objects.none()
    reached = Q()
    for service in sorted(services):  # the habilitation of one service opens nothing sent to another
        codes = [code for code, procedure in procedures().items() if procedure.service == service]
        reached |= Q(procedure__in=codes, owner__in=provider().within_reach(by=user, on=on, roles=(service,)))
    return Submission.objects.filter(reached).exclude(state=SubmissionState.WITHDRAWN).exclude(owner=user)


def documents_for(user: User, *, on: dt.date) -> QuerySet[Document]:
    """Documents of others a person may read, those of `submissions_for`; medical ones for the medical service alone."""
    if not user.has_perm(READ):
        return Document.objects.none()
    found = (
        Document.objects.filter(
            state=DocumentState.KEPT,
            uses__replaced_at__isnull=True,
            uses__submission__in=submissions_for(user, on=on),
        )
        .exclude(owner=user)
        .distinct()
    )
    return found if Role.MEDICAL in services_of(user, on=on) else found.exclude(kind__in=medical_types())


def readable(user: User, *, on: dt.date) -> QuerySet[Document]:
    """One's own and those of others one may read, as a filter for one document at a time."""
    others = documents_for(user, on=on).values("pk")
    return Document.objects.filter(Q(owner=user) | Q(pk__in=others))


def is_dpo(user: User, *, on: dt.date) -> bool:
    """The délégué, by a dated habilitation: an administrator has every permission, the function is not theirs."""
    return Role.DPO in scope_of(user, on=on).roles
