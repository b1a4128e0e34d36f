"""Enrolling and removing second factors. Each act is journalled, told to the owner, ends the other sessions (norm D11)
and forgets the trusted browsers."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from iprof.kernel.errors import DomainError
from security.enums import AccessKind, AccountChange
from security.factors import MAIN, RECOVERY, has_factor
from security.journal import record
from security.models import TrustedBrowser, User
from security.signals import account_changed

MAX_KEYS = 10


@transaction.atomic
def set_reinforced(*, user: User, on: bool, request: HttpRequest | None = None) -> None:
    """« Authentification renforcée » of a teacher (requirement S29). For staff the second step does not depend on it."""
    locked = _lock(user)
    if locked.reinforced == on:
        return
    locked.reinforced = on
    kind, change = (
        (AccessKind.REINFORCED, AccountChange.REINFORCED)
        if on
        else (AccessKind.NOT_REINFORCED, AccountChange.NOT_REINFORCED)
    )
    _changed(locked, kind, change, request)


@transaction.atomic
def add_totp(*, user: User, secret: str, counter: int, request: HttpRequest | None = None) -> Authenticator:
    """Keeps the secret of an application whose code was just checked; `counter` is the one that served.

    Raises DomainError("totp_already_there").
    """
    locked = _lock(user)
    if Authenticator.objects.filter(user=locked, type=Authenticator.Type.TOTP).exists():
        raise DomainError("totp_already_there")
    factor: Authenticator = TOTP.activate(locked, secret).instance
    factor.data["last_counter"] = counter
    factor.save(update_fields=["data"])
    return _added(locked, factor, request)


@transaction.atomic
def add_key(*, user: User, name: str, credential: dict[str, Any], request: HttpRequest | None = None) -> Authenticator:
    """Keeps a passkey or security key whose registration was just checked. Raises DomainError("too_many_keys")."""
    locked = _lock(user)
    if Authenticator.objects.filter(user=locked, type=Authenticator.Type.WEBAUTHN).count() >= MAX_KEYS:
        raise DomainError("too_many_keys")
    return _added(locked, WebAuthn.add(locked, name, credential).instance, request)


@transaction.atomic
def remove_factor(*, user: User, pk: int, request: HttpRequest | None = None) -> None:
    """Removes an application or a key; the recovery codes go with the last one. Authenticator.DoesNotExist otherwise."""
    locked = _lock(user)
    factor = Authenticator.objects.get(pk=pk, user=locked, type__in=MAIN)
    kind = factor.type
    factor.delete()
    if not has_factor(locked):
        Authenticator.objects.filter(user=locked).delete()
    _changed(locked, AccessKind.FACTOR_REMOVED, AccountChange.FACTOR_REMOVED, request, factor=kind)


@transaction.atomic
def rename_key(*, user: User, pk: int, name: str, request: HttpRequest | None = None) -> Authenticator:
    """Nothing else of the key changes. Authenticator.DoesNotExist for a key of someone else."""
    key: Authenticator = Authenticator.objects.select_for_update().get(
        pk=pk, user_id=user.pk, type=Authenticator.Type.WEBAUTHN
    )
    key.data["name"] = name
    key.save(update_fields=["data"])
    record(AccessKind.FACTOR_RENAMED, actor=user, subject=user, request=request)
    return key


@transaction.atomic
def new_recovery_codes(*, user: User, request: HttpRequest | None = None) -> list[str]:
    """Ten codes of eight digits, each good once, in place of the former ones. Never shown again.

    Raises DomainError("no_factor"): they stand in for a factor.
    """
    locked = _lock(user)
    if not has_factor(locked):
        raise DomainError("no_factor")
    Authenticator.objects.filter(user=locked, type=RECOVERY).delete()
    codes: list[str] = RecoveryCodes.activate(locked).generate_codes()
    _changed(locked, AccessKind.RECOVERY_CODES, AccountChange.RECOVERY_CODES, request)
    return codes


def _lock(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _added(user: User, factor: Authenticator, request: HttpRequest | None) -> Authenticator:
    user.reinforced = True  # whoever enrols a factor wants it asked
    _changed(user, AccessKind.FACTOR_ADDED, AccountChange.FACTOR_ADDED, request, factor=factor.type)
    return factor


def _changed(user: User, kind: AccessKind, change: AccountChange, request: HttpRequest | None, **detail: Any) -> None:
    user.session_generation += 1
    user.save(update_fields=["reinforced", "session_generation"])
    TrustedBrowser.objects.filter(user=user).delete()
    if request is not None:
        update_session_auth_hash(request, user)
    record(kind, actor=user, subject=user, request=request, **detail)
    account_changed.send(User, user=user, kind=change)
