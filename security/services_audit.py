"""Keeping the verdicts on a password, and advising a change after twelve months (requirements S32 to S36)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from iprof.kernel.periods import add_months
from security.domain.audit import judge, renewal_day
from security.enums import AccessKind, AccountChange
from security.journal import record
from security.models import PasswordAudit, User
from security.signals import account_changed
from security.validators import ADMINISTRATORS, context_words


@sensitive_variables("password")
def keep_judgement(*, user: User, password: str) -> PasswordAudit:
    """Judges the password just set and keeps the verdicts only. Call it in the transaction that sets the password."""
    found = judge(password, words=context_words(user))
    audit, _ = PasswordAudit.objects.update_or_create(
        user=user,
        defaults={
            "judged_at": user.password_changed_at or timezone.now(),
            "length": found.length.value,
            "diversity": found.diversity.value,
            "personal": found.personal.value,
            "reminded_at": None,
        },
    )
    return audit


def remind_old_passwords(*, on: dt.date | None = None) -> int:
    """Advises, once a password, those who chose it twelve months ago or before; nothing is locked (decision T4)."""
    day = on or timezone.localdate()
    reminded = 0
    for pk in _old(day):
        reminded += _remind(pk, day)
    return reminded


def expire_privileged_passwords(*, on: dt.date | None = None) -> int:
    """Administrators must choose again after PRIVILEGED_PASSWORD_MONTHS (norm D05, decision T4); returns how many.

    Their account stays open: the next page they open asks for the new password.
    """
    last_day = add_months(on or timezone.localdate(), -settings.PRIVILEGED_PASSWORD_MONTHS)
    privileged = Q(is_superuser=True) | Q(groups__name__in=ADMINISTRATORS)
    old = User.objects.filter(privileged, is_active=True, must_change_password=False, password_changed_at__isnull=False)
    found = old.filter(password_changed_at__date__lte=last_day).distinct()
    for user in found:
        _expire(user)
    return len(found)


@transaction.atomic
def _expire(user: User) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    record(AccessKind.ACCOUNT_MANAGED, actor=None, subject=user, reason="Mot de passe d'administration à renouveler")
    account_changed.send(User, user=user, kind=AccountChange.PASSWORD_EXPIRED)


def _old(day: dt.date) -> list[int]:
    """Keys of the accounts whose password may be old: the exact day is checked one by one."""
    latest = timezone.make_aware(dt.datetime.combine(day - dt.timedelta(days=364), dt.time()))
    never = Q(password_audit__isnull=True) | Q(password_audit__reminded_at__isnull=True)
    again = Q(password_audit__reminded_at__lt=F("password_changed_at"))
    accounts = User.objects.filter(never | again, is_active=True, password_changed_at__lte=latest)
    return list(accounts.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int, day: dt.date) -> bool:
    user = User.objects.select_for_update().get(pk=pk)
    changed = user.password_changed_at
    if changed is None or day < renewal_day(timezone.localdate(changed)):
        return False
    audit, _ = PasswordAudit.objects.get_or_create(user=user)
    if audit.reminded_at and audit.reminded_at >= changed:
        return False
    audit.reminded_at = timezone.now()
    audit.save(update_fields=["reminded_at"])
    account_changed.send(User, user=user, kind=AccountChange.PASSWORD_OLD)
    return True
