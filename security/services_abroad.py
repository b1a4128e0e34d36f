"""Access from abroad: asked by its owner, granted or refused by another person, ended by itself."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from security.enums import AbroadState, AccessKind, AccountChange
from security.journal import record
from security.models import AbroadAccess, User
from security.signals import account_changed

LONGEST = dt.timedelta(days=15)


@transaction.atomic
def ask_access(*, user: User, country: str, reason: str, until: dt.date, request: HttpRequest) -> AbroadAccess:
    """Asks to sign in from abroad until a day. Raises DomainError("abroad_already_asked" | "abroad_too_long")."""
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise DomainError("abroad_too_long", last=today + LONGEST)
    try:
        with transaction.atomic():
            asked = AbroadAccess.objects.create(user=user, country=country, reason=reason, wanted_until=until)
    except IntegrityError as error:
        raise DomainError("abroad_already_asked") from error
    record(AccessKind.ABROAD_ASKED, actor=user, subject=user, request=request, country=country)
    account_changed.send(User, user=user, kind=AccountChange.ABROAD_ASKED)
    return asked


@transaction.atomic
def decide_access(
    *, access: AbroadAccess, by: User, granted: bool, answer: str = "", request: HttpRequest | None = None
) -> AbroadAccess:
    """Grants until the day wanted, fifteen days from now at most, or refuses with an answer.

    Raises DomainError("abroad_own" | "abroad_settled" | "abroad_answer_empty" | "abroad_over").
    """
    locked = AbroadAccess.objects.select_for_update().select_related("user").get(pk=access.pk)
    today = timezone.localdate()
    if locked.user_id == by.pk:
        raise DomainError("abroad_own")
    if locked.state != AbroadState.ASKED:
        raise DomainError("abroad_settled")
    if not granted and not answer.strip():
        raise DomainError("abroad_answer_empty")
    if granted and locked.wanted_until < today:
        raise DomainError("abroad_over")
    locked.state = AbroadState.GRANTED if granted else AbroadState.REFUSED
    locked.answer, locked.decided_by, locked.decided_at = answer.strip(), by, timezone.now()
    locked.expires_on = min(locked.wanted_until, today + LONGEST) if granted else None
    locked.save(update_fields=["state", "answer", "decided_by", "decided_at", "expires_on"])
    _told(locked, by, AccessKind.ABROAD_DECIDED, request, decision=locked.state)
    change = AccountChange.ABROAD_GRANTED if granted else AccountChange.ABROAD_REFUSED
    account_changed.send(User, user=locked.user, kind=change)
    return locked


@transaction.atomic
def end_access(*, access: AbroadAccess, by: User, request: HttpRequest | None = None) -> AbroadAccess:
    """Withdraws a granted access before its day, at once. Raises DomainError("abroad_settled")."""
    locked = AbroadAccess.objects.select_for_update().select_related("user").get(pk=access.pk)
    if locked.state != AbroadState.GRANTED:
        raise DomainError("abroad_settled")
    locked.state = AbroadState.WITHDRAWN
    locked.save(update_fields=["state"])
    _told(locked, by, AccessKind.ABROAD_DECIDED, request, decision=locked.state)
    account_changed.send(User, user=locked.user, kind=AccountChange.ABROAD_WITHDRAWN)
    return locked


def _told(access: AbroadAccess, by: User, kind: str, request: HttpRequest | None, **detail: str) -> None:
    record(kind, actor=by, subject=access.user, reason=access.answer, request=request, country=access.country, **detail)
