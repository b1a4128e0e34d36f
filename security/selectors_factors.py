"""What « Authentification renforcée » shows."""

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.utils import timezone

from security.factors import KEY, MAIN, RECOVERY, TOTP
from security.models import FactorLoss, TrustedBrowser, User
from security.models_loss import OPEN

NAMES = {TOTP: "Application d'authentification"}


@dataclass(frozen=True, slots=True)
class Factor:
    pk: int
    name: str
    is_key: bool
    opens_alone: bool  # a passkey kept by its device, which signs in without a password
    added_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class SecondStep:
    """`recovery_left` is None while no recovery code was ever made."""

    active: bool
    by_role: bool
    factors: tuple[Factor, ...]
    recovery_left: int | None
    browsers: tuple[TrustedBrowser, ...]

    @property
    def missing(self) -> bool:
        """Staff without a factor of their own."""
        return self.by_role and not self.factors

    @property
    def has_totp(self) -> bool:
        return any(not factor.is_key for factor in self.factors)


def second_step_of(user: User) -> SecondStep:
    """Two queries."""
    rows = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))
    codes = next((row for row in rows if row.type == RECOVERY), None)
    return SecondStep(
        active=user.reinforced or user.is_staff,
        by_role=user.is_staff,
        factors=tuple(_factor(row) for row in rows if row.type in MAIN),
        recovery_left=_left(codes) if codes else None,
        browsers=tuple(TrustedBrowser.objects.filter(user_id=user.pk, expires_at__gt=timezone.now())),
    )


def open_loss_of(user: User) -> FactorLoss | None:
    """The request about a lost factor still under way. One query."""
    return FactorLoss.objects.filter(user_id=user.pk, state__in=OPEN).first()


def _factor(row: Authenticator) -> Factor:
    name = row.data["name"] if row.type == KEY else NAMES[TOTP]
    alone = row.type == KEY and bool(row.wrap().is_passwordless)
    return Factor(row.pk, name, row.type == KEY, alone, row.created_at, row.last_used_at)


def _left(row: Authenticator) -> int:
    """Counted on the mask: the codes themselves stay sealed."""
    used: int = row.data.get("used_mask", 0)
    return RECOVERY_COUNT - used.bit_count()


RECOVERY_COUNT = 10
