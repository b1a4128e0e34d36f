"""Reads of the account: recovery address, sign-ins, who read my file."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from security.enums import AccessKind
from security.models import AbroadAccess, AccessEvent, Impersonation, User
from security.traced_objects import in_words

READS = (
    AccessKind.FILE_READ,
    AccessKind.FILE_EXPORT,
    AccessKind.NUMEN_REVEALED,
    AccessKind.LETTER_PRINTED,
    AccessKind.ACCOUNT_MANAGED,
    AccessKind.ACCOUNT_UNLOCKED,
    AccessKind.SESSION_ENDED,
    AccessKind.LOSS_DECIDED,
    AccessKind.FEED_READ,
    AccessKind.FEED_REPLAYED,
    AccessKind.FEED_DISMISSED,
    AccessKind.IMPERSONATION_BEGAN,
    AccessKind.THREAD_READ,
    AccessKind.DOCUMENT_READ,
    AccessKind.MOBILITY_READ,
)
OWN = (
    AccessKind.ACCOUNT_ACTIVATED,
    AccessKind.SIGNED_IN,
    AccessKind.SIGN_IN_FAILED,
    AccessKind.PASSWORD_CHANGED,
    AccessKind.ACCOUNT_UNLOCKED,
    AccessKind.REINFORCED,
    AccessKind.NOT_REINFORCED,
    AccessKind.FACTOR_ADDED,
    AccessKind.FACTOR_REMOVED,
    AccessKind.RECOVERY_CODES,
    AccessKind.SECOND_STEP_PASSED,
    AccessKind.SECOND_STEP_REFUSED,
    AccessKind.BROWSER_TRUSTED,
    AccessKind.BROWSER_FORGOTTEN,
    AccessKind.RECOVERY_ADDED,
    AccessKind.RECOVERY_REMOVED,
    AccessKind.SESSION_ENDED,
    AccessKind.SERVICE_GRANTED,
    AccessKind.SERVICE_SIGNED_IN,
    AccessKind.SERVICE_WITHDRAWN,
    AccessKind.SSO_ACCEPTED,
    AccessKind.SSO_LINKED,
    AccessKind.SSO_UNLINKED,
    AccessKind.CONFIRMED,
    AccessKind.FACTOR_RENAMED,
    AccessKind.KEY_COPIED,
    AccessKind.LOSS_ASKED,
    AccessKind.LOSS_DECIDED,
)


def recovery_of(user: User) -> EmailAddress | None:
    """The recovery address: the one still to be confirmed if any, else the confirmed one. One query."""
    return EmailAddress.objects.filter(user=user, primary=False).order_by("verified", "-pk").first()


def addresses_of(user: User) -> list[str]:
    """The academic mailbox, and the recovery address once confirmed. One query."""
    known = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({user.email, *known} - {""})


def reads_by_others(user: User) -> QuerySet[AccessEvent]:
    """Each time somebody else opened, exported or printed this person's file, or handled a message about it (norm D20)."""
    by_others = Q(actor__isnull=True) | ~Q(actor=user)
    return AccessEvent.objects.filter(by_others, subject=user, kind__in=READS)


def with_visits(events: Iterable[AccessEvent]) -> list[AccessEvent]:
    """The same lines; those that tell a visit in the person's place carry it (`visit`): until when, how many pages; those
    on an object say which (`about`)."""
    found = list(events)
    keys = {event.detail["visit"] for event in found if event.kind == AccessKind.IMPERSONATION_BEGAN}
    visits = {str(visit.public_id): visit for visit in Impersonation.objects.filter(public_id__in=keys)} if keys else {}
    about = in_words(found)
    for event in found:
        event.about = about.get(event.pk, "")  # type: ignore[attr-defined]
        event.visit = visits.get(event.detail.get("visit", ""))  # type: ignore[attr-defined]
    return found


def account_events(user: User) -> QuerySet[AccessEvent]:
    """What happened to the account itself, newest first."""
    return AccessEvent.objects.filter(subject=user, kind__in=OWN)


def abroad_accesses(user: User) -> QuerySet[AbroadAccess]:
    """The requests of a person to sign in from abroad, latest first."""
    return AbroadAccess.objects.filter(user=user)
