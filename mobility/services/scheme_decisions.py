"""Opinions and decisions on applications: always a named person, never on one's own, always with a reason (D28)."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from mobility.domain.scheme_states import AFTER_OPINIONS, SchemeAct, SchemeState, scheme_may
from mobility.domain.schemes import Adviser, schemes
from mobility.models import SchemeApplication, SchemeOpinion
from mobility.services.schemes import lock_application, move_application
from security.enums import AccessKind
from security.journal import record
from security.models import User

REASON_MAX = 2000


@transaction.atomic
def give_opinion(
    *,
    application: SchemeApplication,
    role: Adviser,
    favourable: bool,
    reason: str,
    by: User,
    request: HttpRequest | None = None,
) -> SchemeOpinion:
    """The opinion of the head or of the office on this sending, once. The caller checked that `by` holds the role for
    this agent. Raises DomainError("scheme_no_reason" | "scheme_own" | "scheme_opinion_not_asked" | "scheme_opinion_given" |
    "scheme_transition")."""
    locked, told = _held(application, by, reason)
    awaited = _awaited(locked)
    if role not in schemes()[locked.campaign.scheme].opinions:
        raise DomainError("scheme_opinion_not_asked")
    if not scheme_may(SchemeState(locked.state), SchemeAct.ADVISE):
        raise DomainError("scheme_transition")
    if role not in awaited:
        raise DomainError("scheme_opinion_given")
    now = timezone.now()
    row = SchemeOpinion.objects.create(
        application=locked, sending=locked.sending, role=role, favourable=favourable, reason=told, decided_by=by, given_at=now
    )  # fmt: skip
    last = awaited == {role}
    move_application(locked, SchemeAct.LAST_ADVICE if last else SchemeAct.ADVISE, by=by, at=now)
    _write_down(locked, by, request, "avis")
    return row


@transaction.atomic
def decide_application(
    *, application: SchemeApplication, act: SchemeAct, reason: str, by: User, request: HttpRequest | None = None
) -> SchemeApplication:
    """Forwards, accepts or refuses. Raises DomainError("scheme_no_reason" | "scheme_own" | "scheme_opinions_awaited" |
    "scheme_transition")."""
    locked, told = _held(application, by, reason)
    if act not in AFTER_OPINIONS:
        raise DomainError("scheme_transition")
    if scheme_may(SchemeState(locked.state), act) and _awaited(locked):
        raise DomainError("scheme_opinions_awaited")
    move_application(locked, act, by=by, at=timezone.now(), note=told)
    _write_down(locked, by, request, act.value)
    return locked


def _held(application: SchemeApplication, by: User, reason: str) -> tuple[SchemeApplication, str]:
    locked, told = lock_application(application), reason.strip()[:REASON_MAX]
    if locked.owner_id == by.pk:
        raise DomainError("scheme_own")
    if not told:
        raise DomainError("scheme_no_reason")
    return locked, told


def _awaited(locked: SchemeApplication) -> set[Adviser]:
    """The opinions the scheme asks for and nobody gave yet on this sending."""
    asked = set(schemes()[locked.campaign.scheme].opinions)
    given = locked.opinions.filter(sending=locked.sending).values_list("role", flat=True)
    return asked - {Adviser(role) for role in given}


def _write_down(locked: SchemeApplication, by: User, request: HttpRequest | None, act: str) -> None:
    record(
        AccessKind.MOBILITY_DECIDED,
        actor=by,
        subject=locked.owner,
        request=request,
        act=act,
        candidature=str(locked.public_id),
    )
