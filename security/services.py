"""Use cases of an account: first access, password, recovery address. Each is journalled and tells its owner."""

import datetime as dt
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from iprof.kernel.errors import DomainError
from iprof.web.crypto import lookup_digest, lookup_digests
from security import throttle
from security.domain.confusables import folded, without_hidden
from security.domain.logins import account_name
from security.enums import AccessKind, AccountChange, TriedWith
from security.journal import record
from security.models import TrustedBrowser, User
from security.services_audit import keep_judgement
from security.signals import account_changed
from security.tokens import password_link

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without the letters and digits that are taken for one another
CODE_LENGTH = 12  # 60 bits
RECOVERY_POSTPONED = dt.timedelta(days=7)


def activation_digest(secret: str) -> str:
    """The keyed hash of a NUMEN or letter code as typed: spaces and dashes do not count, case neither."""
    return lookup_digest(_bare(secret), context="activation")


def _bare(secret: str) -> str:
    return "".join(c for c in secret.upper() if c.isalnum())


def find_waiting_account(*, login: str, secret: str) -> User | None:
    """The account waiting for its first access that this login and secret open, None for every other reason.

    The same work is done whether the login exists, is already activated or waits (norm D08).
    """
    digests = lookup_digests(_bare(secret), context="activation")
    user = User.objects.filter(username=account_name(login), is_active=True, activated_at__isnull=True).first()
    expected = user.activation_digest if user else ""
    matches = [constant_time_compare(digest, expected or "-" * len(digest)) for digest in digests]
    if user is None or not any(matches):
        return None
    if user.activation_expires_at and user.activation_expires_at <= timezone.now():
        return None
    return user


@transaction.atomic
def activate_account(*, user: User, digest: str, password: str, request: HttpRequest | None = None) -> User:
    """Opens the account with its first password; the activation secret opens nothing from then on (decision T3).

    `digest` is what `find_waiting_account` saw: a secret replaced meanwhile is refused. The password is taken as
    already checked by the validators. Raises DomainError("activation_closed").
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.activated_at or not digest or not constant_time_compare(locked.activation_digest, digest):
        raise DomainError("activation_closed")
    now = timezone.now()
    locked.set_password(password)
    locked.activation_digest = ""
    locked.activation_expires_at = None
    locked.activated_at = locked.password_changed_at = now
    locked.save(
        update_fields=[
            "password",
            "activation_digest",
            "activation_expires_at",
            "activated_at",
            "password_changed_at",
        ]
    )
    keep_judgement(user=locked, password=password)
    record(AccessKind.ACCOUNT_ACTIVATED, actor=locked, subject=locked, request=request)
    account_changed.send(User, user=locked, kind=AccountChange.ACTIVATED)
    return locked


@transaction.atomic
def new_activation_code(*, user: User) -> str:
    """A one-time code for the letter, replacing the one before; shown once, kept as a keyed hash.

    Raises DomainError("activation_closed") for an account already open.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.activated_at:
        raise DomainError("activation_closed")
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    locked.activation_digest = activation_digest(code)
    locked.activation_expires_at = timezone.now() + dt.timedelta(days=settings.ACTIVATION_CODE_DAYS)
    locked.save(update_fields=["activation_digest", "activation_expires_at"])
    return "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4))


@transaction.atomic
def change_password(*, user: User, password: str, token: str | None = None, request: HttpRequest | None = None) -> User:
    """Sets a password already checked by the validators; every other session of the account ends (norm D11).

    `token` is that of the link, when one was followed. Raises DomainError("link_used") when it no longer opens.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    _check_link(locked, token)
    locked.set_password(password)
    locked.password_changed_at = timezone.now()
    locked.must_change_password = False
    locked.reset_requested_at = None
    locked.save(update_fields=["password", "password_changed_at", "must_change_password", "reset_requested_at"])
    throttle.forget_failures(locked.username)
    TrustedBrowser.objects.filter(user=locked).delete()
    keep_judgement(user=locked, password=password)
    record(AccessKind.PASSWORD_CHANGED, actor=locked, subject=locked, request=request)
    account_changed.send(User, user=locked, kind=AccountChange.PASSWORD_CHANGED)
    return locked


@transaction.atomic
def unlock_by_link(*, user: User, token: str | None = None, request: HttpRequest | None = None) -> User:
    """The link proved the mailbox: failed tries are forgotten, the password stays, and the link dies (requirement S25).

    Raises DomainError("link_used"), as `change_password`.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    _check_link(locked, token)
    locked.reset_requested_at = None
    locked.save(update_fields=["reset_requested_at"])
    throttle.forget_failures(locked.username)
    record(AccessKind.ACCOUNT_UNLOCKED, actor=locked, subject=locked, request=request)
    account_changed.send(User, user=locked, kind=AccountChange.UNLOCKED)
    return locked


def _check_link(locked: User, token: str | None) -> None:
    """Again, the row being held: of two requests sent at once with one link, the second comes too late."""
    if token is not None and not password_link.check_token(locked, token):
        raise DomainError("link_used")


@transaction.atomic
def add_recovery_address(*, user: User, email: str) -> EmailAddress:
    """Keeps the address, to be confirmed by the link sent to it; one not confirmed yet is replaced.

    Raises DomainError("recovery_is_academic" | "recovery_already_yours").
    """
    email = email.strip().lower()
    if email.rpartition("@")[2] == settings.ACADEMIC_MAIL_DOMAIN.lower() or email == user.email.lower():
        raise DomainError("recovery_is_academic")
    User.objects.select_for_update().get(pk=user.pk)
    if EmailAddress.objects.filter(user=user, email=email, verified=True).exists():
        raise DomainError("recovery_already_yours")
    EmailAddress.objects.filter(user=user, primary=False, verified=False).exclude(email=email).delete()
    address, _ = EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": False})
    return address


@transaction.atomic
def confirm_recovery_address(*, address: EmailAddress, request: HttpRequest | None = None) -> EmailAddress:
    """The link was followed: the address now receives password links and replaces the one before.

    Raises DomainError("recovery_taken") when another account already confirmed it.
    """
    user = User.objects.select_for_update().get(pk=address.user_id)
    address = EmailAddress.objects.select_for_update().get(pk=address.pk)
    if address.verified:
        return address
    if not address.can_set_verified():
        raise DomainError("recovery_taken")
    address.set_verified()
    EmailAddress.objects.filter(user=user, primary=False).exclude(pk=address.pk).delete()
    record(AccessKind.RECOVERY_ADDED, actor=user, subject=user, request=request)
    account_changed.send(User, user=user, kind=AccountChange.RECOVERY_ADDED)
    return address


@transaction.atomic
def remove_recovery_address(*, user: User, request: HttpRequest | None = None) -> None:
    """Forgets every address but the academic one."""
    count, _ = EmailAddress.objects.filter(user=user, primary=False).delete()
    if count:
        record(AccessKind.RECOVERY_REMOVED, actor=user, subject=user, request=request)
        account_changed.send(User, user=user, kind=AccountChange.RECOVERY_REMOVED)


def postpone_recovery_address(*, user: User) -> None:
    """« Plus tard »: the question comes back in a week (requirement S22)."""
    User.objects.filter(pk=user.pk).update(recovery_postponed_until=timezone.now() + RECOVERY_POSTPONED)


def journal_failed_sign_in(*, login: str, request: HttpRequest | None, factor: TriedWith = TriedWith.PASSWORD) -> None:
    """A failed try. The login typed is not kept: people type their password there by mistake.

    One written with letters of another alphabet, or hidden ones, is told as an imitation of the account it resembles.
    """
    meant = folded(without_hidden(login)).strip()
    subject = User.objects.filter(username=meant).first()
    detail: dict[str, Any] = {"factor": factor.value}
    if subject and account_name(login) != meant:
        detail["imitation"] = True
    record(AccessKind.SIGN_IN_FAILED, actor=None, subject=subject, request=request, **detail)


def journal_refusal(*, subject: User | None, tried: TriedWith, request: HttpRequest | None) -> None:
    """A try refused on an account, or on none that exists."""
    record(AccessKind.SIGN_IN_FAILED, actor=None, subject=subject, request=request, factor=tried.value)


def journal_sign_out(*, user: User | AnonymousUser | None, request: HttpRequest | None) -> None:
    if isinstance(user, User):
        record(AccessKind.SIGNED_OUT, actor=user, subject=user, request=request)
