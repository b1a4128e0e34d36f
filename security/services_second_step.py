"""What a second step leaves behind: a trace of each try, never telling which factor was wrong (norm D04, R14)."""

from django.db import transaction
from django.http import HttpRequest

from security.enums import AccessKind, AccountChange
from security.factors import RECOVERY
from security.journal import record
from security.models import User
from security.signals import account_changed


@transaction.atomic
def pass_step(*, user: User, kind: str, request: HttpRequest | None = None) -> None:
    """`kind` is "mail" or the type of the factor. A recovery code that served is told to the owner."""
    record(AccessKind.SECOND_STEP_PASSED, actor=user, subject=user, request=request, factor=kind)
    if kind == RECOVERY:
        account_changed.send(User, user=user, kind=AccountChange.RECOVERY_CODE_USED)


def refuse_step(*, user: User, request: HttpRequest | None = None) -> None:
    record(AccessKind.SECOND_STEP_REFUSED, actor=None, subject=user, request=request)
