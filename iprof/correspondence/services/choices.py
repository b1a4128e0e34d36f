"""Choosing one's rhythms, one's devices and the notice elsewhere."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from iprof.correspondence.enums import Channel, Pace
from iprof.correspondence.kinds import Family
from iprof.correspondence.models import Alert, AlertChoice, AlertCopy, ForwardChoice, PushSubscription
from iprof.correspondence.selectors.choices import FamilyChoice, choices_of, forwarding_of
from iprof.kernel.errors import DomainError
from security.models import User

MOST_DEVICES = 10


@transaction.atomic
def save_choices(*, by: User, choices: Iterable[FamilyChoice], forward: bool) -> None:
    """Keeps what differs from the defaults. Alerts already put off keep their rhythm: they leave with their digest, but
    those of a family switched off. Raises DomainError("no_recovery_address")."""
    for choice in choices:
        _keep(by, choice)
        if choice.pace == Pace.NEVER:
            _silence(by, choice.family)
    set_forwarding(by=by, on=forward)


def _keep(user: User, choice: FamilyChoice) -> None:
    family = choice.family
    if choice.pace not in family.paces:
        raise ValueError(f"{family.code} offers no {choice.pace}")
    if choice.pace == family.default and choice.push:
        AlertChoice.objects.filter(user_id=user.pk, family=family.code).delete()
    else:
        kept = {"pace": choice.pace, "push": choice.push}
        AlertChoice.objects.update_or_create(user_id=user.pk, family=family.code, defaults=kept)


def _silence(user: User, family: Family) -> None:
    waiting = Q(digest__isnull=True, withdrawn_at__isnull=True, pace__in=[Pace.DAILY, Pace.WEEKLY])
    Alert.objects.filter(waiting, user_id=user.pk, kind__startswith=f"{family.code}.").update(pace=Pace.NEVER)


@transaction.atomic
def unsubscribe(*, user: User, family: Family) -> None:
    """No more mail of an optional family; the portal still shows its alerts. Idempotent."""
    if not family.optional:
        raise ValueError(f"{family.code} cannot be switched off")
    held = next(choice for choice in choices_of(user) if choice.family == family)
    _keep(user, FamilyChoice(family, Pace.NEVER, held.push))
    _silence(user, family)


@transaction.atomic
def set_forwarding(*, by: User, on: bool) -> None:
    """Off, the notices that wait are dropped. Raises DomainError("no_recovery_address")."""
    if not on:
        ForwardChoice.objects.filter(user_id=by.pk).delete()
        AlertCopy.objects.filter(alert__user_id=by.pk, channel=Channel.FORWARD, sent_at__isnull=True).delete()
    elif not forwarding_of(by).address:
        raise DomainError("no_recovery_address")
    else:
        ForwardChoice.objects.get_or_create(user_id=by.pk)


@transaction.atomic
def add_device(*, by: User, endpoint: str, p256dh: str, auth: str, label: str) -> PushSubscription:
    """The browser rings for `by` from now on, and for nobody else: whoever used it before no longer has it.

    The caller has checked the endpoint and the keys. Raises DomainError("too_many_devices").
    """
    # two browsers at once are counted one after the other; alerts may be written to their person meanwhile
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    PushSubscription.objects.filter(endpoint=endpoint).exclude(user_id=by.pk).delete()
    others = PushSubscription.objects.filter(user_id=by.pk).exclude(endpoint=endpoint).count()
    if others >= MOST_DEVICES:
        raise DomainError("too_many_devices", limit=MOST_DEVICES)
    kept = {"p256dh": p256dh, "auth": auth, "label": label}
    return PushSubscription.objects.update_or_create(endpoint=endpoint, user_id=by.pk, defaults=kept)[0]


def remove_device(*, by: User, public_id: UUID) -> bool:
    """False for a device of someone else, or already gone."""
    return bool(PushSubscription.objects.filter(user_id=by.pk, public_id=public_id).delete()[0])
