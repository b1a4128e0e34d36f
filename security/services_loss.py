"""A lost second factor: asked by its owner, the identity checked by staff, the factors removed (requirement S25, norm D17).

For a teacher one human check is enough and takes effect at once. For staff another person approves, and a day passes after
both mailboxes were told, during which the owner cancels by the link of the mail, or just by using the factor.
"""

import datetime as dt
from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from security import throttle
from security.enums import AccessKind, AccountChange, LossState
from security.factors import has_factor
from security.journal import record
from security.models import FactorLoss, TrustedBrowser, User
from security.models_loss import OPEN
from security.services_staff import IDENTITY_CHECKS
from security.sessions import end_every_session
from security.signals import account_changed

DELAY = dt.timedelta(hours=24)
KEPT = dt.timedelta(days=365)


@transaction.atomic
def ask_loss(*, user: User, reason: str, request: HttpRequest | None = None) -> FactorLoss:
    """Raises DomainError("loss_already_asked" | "loss_no_factor")."""
    if not has_factor(user):
        raise DomainError("loss_no_factor")
    try:
        with transaction.atomic():
            loss = FactorLoss.objects.create(user=user, reason=reason)
    except IntegrityError:
        raise DomainError("loss_already_asked") from None
    record(AccessKind.LOSS_ASKED, actor=user, subject=user, request=request)
    account_changed.send(User, user=user, kind=AccountChange.LOSS_ASKED)
    return loss


@transaction.atomic
def check_identity(
    *, loss: FactorLoss, by: User, checks: Collection[str], note: str, request: HttpRequest | None = None
) -> FactorLoss:
    """One person says how the identity was checked. A teacher's factors go at once; staff wait for another person.

    Raises DomainError("loss_own" | "loss_settled" | "loss_above" | "loss_closed" | "loss_unchecked" | "loss_note_empty").
    """
    locked = _lock(loss, by, {LossState.ASKED})
    if not checks or not set(checks) <= set(IDENTITY_CHECKS):
        raise DomainError("loss_unchecked")
    if not note.strip():
        raise DomainError("loss_note_empty")
    locked.checked_by, locked.checked_at = by, timezone.now()
    locked.check_made, locked.note = ",".join(code for code in IDENTITY_CHECKS if code in checks), note.strip()
    said = " ; ".join(IDENTITY_CHECKS[code].lower() for code in locked.check_made.split(","))
    _decided(locked, by, f"Identité vérifiée : {said}. {locked.note}", request)
    if locked.user.is_staff:
        return _moved(locked, LossState.CHECKED)
    return _remove(locked, by, request)


@transaction.atomic
def approve(*, loss: FactorLoss, by: User, request: HttpRequest | None = None) -> FactorLoss:
    """Another person agrees. It takes effect a day after the mailboxes were told, at once if that day has passed.

    Raises DomainError("loss_own" | "loss_settled" | "loss_above" | "loss_closed" | "loss_same_person").
    """
    locked = _lock(loss, by, {LossState.CHECKED})
    if locked.checked_by_id == by.pk:
        raise DomainError("loss_same_person")
    now = timezone.now()
    locked.approved_by, locked.due_at = by, (locked.told_at or now) + DELAY
    _decided(locked, by, "Second accord", request)
    if locked.due_at <= now:
        return _remove(locked, by, request)
    account_changed.send(User, user=locked.user, kind=AccountChange.LOSS_ACCEPTED)
    return _moved(locked, LossState.APPROVED)


@transaction.atomic
def refuse(*, loss: FactorLoss, by: User, note: str, request: HttpRequest | None = None) -> FactorLoss:
    """Raises DomainError("loss_own" | "loss_settled" | "loss_above" | "loss_closed" | "loss_note_empty")."""
    locked = _lock(loss, by, OPEN)
    if not note.strip():
        raise DomainError("loss_note_empty")
    _decided(locked, by, f"Refus : {note.strip()}", request)
    account_changed.send(User, user=locked.user, kind=AccountChange.LOSS_REFUSED)
    return _moved(locked, LossState.REFUSED)


@transaction.atomic
def cancel(*, loss: FactorLoss, request: HttpRequest | None = None) -> FactorLoss:
    """By the link of the mail. Raises DomainError("loss_settled")."""
    locked = FactorLoss.objects.select_for_update(of=("self",)).select_related("user").get(pk=loss.pk)
    if locked.state not in OPEN:
        raise DomainError("loss_settled")
    return _cancelled(locked, request)


@transaction.atomic
def cancel_found(*, user: User, request: HttpRequest | None = None) -> None:
    """The factor has just served: it is not lost."""
    for loss in (
        FactorLoss.objects.select_for_update(of=("self",)).select_related("user").filter(user=user, state__in=OPEN)
    ):
        _cancelled(loss, request)


def apply_due() -> int:
    """Removes the factors of the requests whose day has passed; returns how many."""
    due = FactorLoss.objects.filter(state=LossState.APPROVED, due_at__lte=timezone.now())
    return sum(_apply(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _apply(pk: int) -> bool:
    rows = FactorLoss.objects.select_for_update(of=("self",)).select_related("user", "approved_by")
    loss = rows.filter(pk=pk, state=LossState.APPROVED).first()  # cancelled meanwhile: nothing happens
    if loss is not None:
        _remove(loss, loss.approved_by, None)
    return loss is not None


def forget_old_losses() -> int:
    """Deletes the requests closed for a year; returns how many."""
    return FactorLoss.objects.filter(closed_at__lte=timezone.now() - KEPT).delete()[0]


def _lock(loss: FactorLoss, by: User, states: Collection[str]) -> FactorLoss:
    locked = FactorLoss.objects.select_for_update(of=("self",)).select_related("user").get(pk=loss.pk)
    if locked.user_id == by.pk:
        raise DomainError("loss_own")
    if locked.user.is_superuser and not by.is_superuser:
        raise DomainError("loss_above")
    if locked.state not in states:
        raise DomainError("loss_settled")
    if not locked.user.is_active:
        raise DomainError("loss_closed")
    return locked


def _decided(loss: FactorLoss, by: User, reason: str, request: HttpRequest | None) -> None:
    record(AccessKind.LOSS_DECIDED, actor=by, subject=loss.user, reason=reason, request=request)


def _cancelled(loss: FactorLoss, request: HttpRequest | None) -> FactorLoss:
    record(AccessKind.LOSS_DECIDED, actor=loss.user, subject=loss.user, reason="Annulation", request=request)
    account_changed.send(User, user=loss.user, kind=AccountChange.LOSS_CANCELLED)
    return _moved(loss, LossState.CANCELLED)


def _moved(loss: FactorLoss, state: LossState) -> FactorLoss:
    loss.state = state
    loss.closed_at = None if state in OPEN else timezone.now()
    loss.save()
    return loss


def _remove(loss: FactorLoss, by: User | None, request: HttpRequest | None) -> FactorLoss:
    """No factor, no trust, no session is left; the second step stays on, by the mail until a new factor is enrolled."""
    user = User.objects.select_for_update().get(pk=loss.user_id)
    Authenticator.objects.filter(user=user).delete()
    user.reinforced = True
    user.save(update_fields=["reinforced"])
    TrustedBrowser.objects.filter(user=user).delete()
    end_every_session(user)
    throttle.forget_failures(user.username)
    record(AccessKind.FACTOR_REMOVED, actor=by, subject=user, request=request, factor="tous")
    account_changed.send(User, user=user, kind=AccountChange.LOSS_DONE)
    return _moved(loss, LossState.DONE)
