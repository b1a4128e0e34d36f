"""What a second step leaves behind: a trace of each try, whose kind is told to the owner alone (norm D04, R14)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from security.enums import AccessKind, AccountChange, TriedWith
from security.factors import MAIN, RECOVERY
from security.journal import record
from security.models import User
from security.services_loss import cancel_found
from security.signals import account_changed


@transaction.atomic
def pass_step(*, user: User, kind: str, alone: bool = False, request: HttpRequest | None = None) -> None:
    """`kind` is "mail" or the type of the factor; `alone` when a passkey stood for both steps.

    A recovery code that served is told to the owner.
    """
    detail: dict[str, Any] = {"factor": kind} | ({"alone": True} if alone else {})
    record(AccessKind.SECOND_STEP_PASSED, actor=user, subject=user, request=request, **detail)
    _tell_of_code(user, kind)
    if kind in MAIN:
        cancel_found(user=user, request=request)


def refuse_step(*, user: User, tried: TriedWith, request: HttpRequest | None = None) -> None:
    record(AccessKind.SECOND_STEP_REFUSED, actor=None, subject=user, request=request, factor=tried.value)


@transaction.atomic
def pass_confirmation(*, user: User, kind: str, request: HttpRequest | None = None) -> None:
    """The person proved again who they are, before a change (norm D12). `kind` is "password" or the type of the factor."""
    record(AccessKind.CONFIRMED, actor=user, subject=user, request=request, factor=kind)
    _tell_of_code(user, kind)


@transaction.atomic
def refuse_copy(*, user: User, request: HttpRequest | None = None) -> None:
    """The counter of a key went back: somebody holds a copy of it, or did."""
    record(AccessKind.KEY_COPIED, actor=None, subject=user, request=request)
    account_changed.send(User, user=user, kind=AccountChange.KEY_COPIED)


def _tell_of_code(user: User, kind: str) -> None:
    if kind == RECOVERY:
        account_changed.send(User, user=user, kind=AccountChange.RECOVERY_CODE_USED)
