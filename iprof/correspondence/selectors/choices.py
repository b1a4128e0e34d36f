"""What a person chose of their alerts, as « Réglages des alertes » shows it."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from iprof.correspondence.enums import Pace
from iprof.correspondence.kinds import DIGESTS, FAMILIES, Family
from iprof.correspondence.models import AlertChoice, ForwardChoice, PushSubscription
from security.models import User


@dataclass(frozen=True, slots=True)
class FamilyChoice:
    """One family and what holds for the person: the rhythm of its mail, and whether devices ring."""

    family: Family
    pace: Pace
    push: bool


@dataclass(frozen=True, slots=True)
class Forwarding:
    """`address` is the recovery address once confirmed, empty without one; `on`, whether notices go there."""

    address: str
    on: bool


def choices_of(user: User) -> tuple[FamilyChoice, ...]:
    """In the order of the families, defaults where nothing was chosen. One query."""
    kept = {choice.family: choice for choice in AlertChoice.objects.filter(user_id=user.pk)}
    return tuple(_choice(family, kept.get(family.code)) for family in FAMILIES if family.code != DIGESTS)


def _choice(family: Family, kept: AlertChoice | None) -> FamilyChoice:
    """A rhythm the family no longer offers falls back to its default, as when alerts are written."""
    if kept is None:
        return FamilyChoice(family, family.default, True)
    pace = Pace(kept.pace) if kept.pace in family.paces else family.default
    return FamilyChoice(family, pace, kept.push)


def devices_of(user: User) -> list[PushSubscription]:
    """The browsers that ring, newest first."""
    return list(
        PushSubscription.objects.filter(user_id=user.pk).only("public_id", "label", "created_at", "last_sent_at")
    )


def forwarding_of(user: User) -> Forwarding:
    """Two queries."""
    address = forward_addresses([user.pk]).get(user.pk, "")
    return Forwarding(address, ForwardChoice.objects.filter(user_id=user.pk).exists())


def forward_addresses(users: list[int]) -> dict[int, str]:
    """{account id: recovery address}, confirmed ones only: read when a notice leaves, never kept beside it."""
    found = EmailAddress.objects.filter(user_id__in=users, primary=False, verified=True).order_by("pk")
    return dict(found.values_list("user_id", "email"))
