"""Accounts and habilitations of staff, managed from the administration. Each act is journalled with its author."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from security import throttle
from security.enums import AccessKind, AccountChange, Role
from security.journal import record
from security.models import Habilitation, TrustedBrowser, User
from security.sessions import end_every_session
from security.signals import account_changed, account_closed

REASON_LENGTH = 5
IDENTITY_CHECKS = {
    "rappel": "Rappel au numéro de téléphone du dossier",
    "presence": "Personne présente, pièce d'identité vue",
    "visio": "Visioconférence, pièce d'identité vue",
    "collegue": "Confirmation par le chef d'établissement",
}


@transaction.atomic
def open_staff_account(*, user: User, by: User, request: HttpRequest | None = None) -> User:
    """Saves a new account of staff. It has no password: its owner chooses one by the link sent to the mailbox."""
    user.set_unusable_password()
    user.is_staff = True
    user.activated_at = timezone.now()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email.lower(), verified=True, primary=True)
    record(AccessKind.ACCOUNT_MANAGED, actor=by, subject=user, reason="Ouverture du compte", request=request)
    return user


@transaction.atomic
def set_account_active(*, user: User, active: bool, by: User, request: HttpRequest | None = None) -> None:
    """Closes or opens again. Every session ends for good: opening again brings none back."""
    User.objects.filter(pk=user.pk).update(is_active=active, session_generation=F("session_generation") + 1)
    if not active:
        account_closed.send(User, user=user)
    reason = "Compte rouvert" if active else "Compte fermé"
    record(AccessKind.ACCOUNT_MANAGED, actor=by, subject=user, reason=reason, request=request)


@transaction.atomic
def require_new_password(*, user: User, by: User, request: HttpRequest | None = None) -> None:
    """At the next sign-in, nothing opens before a new password is chosen (norm D10: nobody sets it for another)."""
    User.objects.filter(pk=user.pk, activated_at__isnull=False).update(must_change_password=True)
    record(AccessKind.ACCOUNT_MANAGED, actor=by, subject=user, reason="Nouveau mot de passe exigé", request=request)


@transaction.atomic
def unlock_account(*, user: User, by: User, check: str, note: str = "", request: HttpRequest | None = None) -> None:
    """Failed tries are forgotten, once the person's identity was checked in one of the ways of IDENTITY_CHECKS (S25).

    Raises DomainError("unlock_own" | "unlock_unchecked" | "unlock_closed").
    """
    if by.pk == user.pk:
        raise DomainError("unlock_own")
    if check not in IDENTITY_CHECKS:
        raise DomainError("unlock_unchecked")
    if not user.is_active:
        raise DomainError("unlock_closed")
    throttle.forget_failures(user.username)
    reason = f"Identité vérifiée : {IDENTITY_CHECKS[check].lower()}. {note.strip()}".strip()
    record(AccessKind.ACCOUNT_UNLOCKED, actor=by, subject=user, reason=reason, request=request)
    account_changed.send(User, user=user, kind=AccountChange.UNLOCKED)


@transaction.atomic
def close_sessions(*, user: User, by: User, reason: str, request: HttpRequest | None = None) -> None:
    """Ends every session of an account, a stolen one included (norm D11). The owner is told and reads the reason.

    Raises DomainError("sessions_reason_empty" | "sessions_above").
    """
    if len(reason.strip()) < REASON_LENGTH:
        raise DomainError("sessions_reason_empty")
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_superuser and not by.is_superuser:
        raise DomainError("sessions_above")
    end_every_session(locked)
    TrustedBrowser.objects.filter(user=locked).delete()
    record(AccessKind.SESSION_ENDED, actor=by, subject=locked, reason=reason.strip(), request=request)
    account_changed.send(User, user=locked, kind=AccountChange.SESSIONS_ENDED)


@transaction.atomic
def grant(*, habilitation: Habilitation, by: User, request: HttpRequest | None = None) -> Habilitation:
    """Saves a habilitation and gives its holder the group of the role: function and files come together."""
    if habilitation.granted_by_id is None:
        habilitation.granted_by = by
    habilitation.save()
    holder = habilitation.user
    if not holder.is_staff:
        holder.is_staff = True
        holder.save(update_fields=["is_staff"])
    holder.groups.add(Group.objects.get(name=habilitation.role))
    record(
        AccessKind.ACCOUNT_MANAGED,
        actor=by,
        subject=holder,
        reason=f"Habilitation : {habilitation}"[:300],
        request=request,
        until=habilitation.ends_on.isoformat() if habilitation.ends_on else None,
    )
    return habilitation


STAFF_ROLES = tuple(role for role in Role if role != Role.TEACHER)
