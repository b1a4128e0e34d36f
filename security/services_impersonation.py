"""Seeing the portal in the place of an agent: begun for a reason, told to the agent, ended on time (D10, D20, D21, S84)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from iprof.kernel.periods import add_months
from security.enums import AccessKind, AccountChange, ImpersonationEnd, ImpersonationMotive
from security.journal import record
from security.models import Impersonation, User
from security.signals import account_changed

SHORTEST_REASON, LONGEST_REASON = 10, 200  # characters
KEPT_MONTHS = 36  # as the traces of consultation (security/data/retention.yaml)


@transaction.atomic
def begin_impersonation(
    *, staff: User, subject: User, motive: str, reason: str, not_after: dt.datetime, request: HttpRequest | None = None
) -> Impersonation:
    """Opens a visit of 15 minutes, or until `not_after` if sooner. The caller has checked permission and perimeter.

    One of the same staff that goes on elsewhere ends. Raises DomainError("impersonation_own" | "impersonation_staff" |
    "impersonation_closed" | "impersonation_motive" | "impersonation_reason" | "impersonation_nested").
    """
    reason = " ".join(reason.split())
    _check(staff, subject, motive, reason, request)
    now = timezone.now()
    User.objects.select_for_update().get(pk=staff.pk)
    for other in Impersonation.objects.filter(staff=staff, ended_at__isnull=True):
        end_impersonation(visit=other, cause=ImpersonationEnd.REPLACED, request=request)
    visit = Impersonation.objects.create(
        staff=staff,
        subject=subject,
        motive=motive,
        reason=reason,
        began_at=now,
        ends_at=min(now + dt.timedelta(seconds=settings.IMPERSONATION_SECONDS), not_after),
    )
    _trace(visit, AccessKind.IMPERSONATION_BEGAN, request, until=visit.ends_at.isoformat(timespec="seconds"))
    account_changed.send(User, user=subject, kind=AccountChange.IMPERSONATED)
    return visit


def _check(staff: User, subject: User, motive: str, reason: str, request: HttpRequest | None) -> None:
    if request is not None and hasattr(request, "impersonation"):
        raise DomainError("impersonation_nested")
    if staff.pk == subject.pk:
        raise DomainError("impersonation_own")
    if subject.is_staff or subject.is_superuser or subject.habilitations.current(timezone.localdate()).exists():
        raise DomainError("impersonation_staff")
    if not subject.is_active or subject.activated_at is None:
        raise DomainError("impersonation_closed")
    if motive not in ImpersonationMotive.values:
        raise DomainError("impersonation_motive")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise DomainError("impersonation_reason")


@transaction.atomic
def end_impersonation(*, visit: Impersonation, cause: str, request: HttpRequest | None = None) -> bool:
    """Ends a visit, once: False when it had ended already. After its limit it ended at its limit, whatever the cause."""
    locked = Impersonation.objects.select_for_update().get(pk=visit.pk)
    if locked.ended_at is not None:
        return False
    now = timezone.now()
    late = now >= locked.ends_at
    locked.ended_at = locked.ends_at if late else max(now, locked.began_at)
    locked.end_cause = ImpersonationEnd.EXPIRED if late else cause
    locked.save(update_fields=["ended_at", "end_cause"])
    _trace(locked, AccessKind.IMPERSONATION_ENDED, request, pages=locked.pages, cause=locked.end_cause)
    return True


@transaction.atomic
def see_page(*, visit: Impersonation, page: str, request: HttpRequest) -> None:
    """Journals a page shown: the name of its address, never what follows the question mark."""
    Impersonation.objects.filter(pk=visit.pk).update(pages=F("pages") + 1)
    _trace(visit, AccessKind.IMPERSONATION_PAGE, request, page=page)


def end_overdue() -> int:
    """Ends the visits whose browser never came back; returns how many."""
    overdue = Impersonation.objects.filter(ended_at__isnull=True, ends_at__lte=timezone.now())
    return sum(end_impersonation(visit=visit, cause=ImpersonationEnd.EXPIRED) for visit in overdue)


def end_of_staff(staff: User, request: HttpRequest | None) -> None:
    """The session of staff ends: so does what they were looking at."""
    for visit in Impersonation.objects.filter(staff=staff, ended_at__isnull=True):
        end_impersonation(visit=visit, cause=ImpersonationEnd.SIGNED_OUT, request=request)


def forget_old_impersonations(*, on: dt.date | None = None) -> int:
    """Deletes the rows as old as the traces that leave the journal; returns how many."""
    last = add_months(on or timezone.localdate(), -KEPT_MONTHS)
    return Impersonation.objects.filter(ended_at__date__lt=last).delete()[0]


def _trace(visit: Impersonation, kind: AccessKind, request: HttpRequest | None, **detail: object) -> None:
    reason = f"{visit.get_motive_display()} : {visit.reason}"
    record(
        kind,
        actor=visit.staff,
        subject=visit.subject,
        reason=reason,
        request=request,
        visit=str(visit.public_id),
        **detail,
    )
