"""What staff decide on a request: controlled, sent back, barème settled. Each by a named person, archived, told (D28, S56)."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from mobility.domain.control import Level, asking, level, points_of
from mobility.domain.states import Act
from mobility.domain.versions import key
from mobility.enums import AskState, RequestState, VersionCause
from mobility.models import BaremeVersion, MobilityRequest, Triage
from mobility.selectors.queue import checks_of, last_version
from mobility.services.drafts import lock, move
from mobility.services.versions import version_from
from security.models import User

NOTE = 2000
MOST_POINTS = Decimal(99_999)


@transaction.atomic
def control(
    *,
    request: MobilityRequest,
    by: User,
    seen: int,
    retained: Mapping[str, Decimal],
    reasons: Mapping[str, str],
    http: HttpRequest | None = None,
    green_only: bool = False,
) -> BaremeVersion:
    """Signs the barème of a request: `retained` and `reasons` are by key of `points_of`, where a person retains other
    points than those computed. `seen` is the number of the version they read.

    Raises DomainError("request_transition" | "control_changed" | "control_reason" | "control_points" |
    "control_not_green" | "control_own").
    """
    locked, version = _locked(request, by, seen)
    if green_only and level(checks_of(locked)) is not Level.FINE:
        raise DomainError("control_not_green")
    kept, note = _retained(version, retained, reasons)
    now = timezone.now()
    move(locked, Act.CONTROL, by=by, at=now, http=http)
    return version_from(locked, version, cause=VersionCause.CONTROLLED, retained=kept, decided_by=by, note=note, at=now)


@transaction.atomic
def send_back(
    *, request: MobilityRequest, by: User, seen: int, reason: str, http: HttpRequest | None = None
) -> MobilityRequest:
    """Asks the agent for a piece or a precision. Raises as `control`, DomainError("control_reason")."""
    locked, _ = _locked(request, by, seen)
    text = reason.strip()
    if not text:
        raise DomainError("control_reason")
    move(locked, Act.RETURN, by=by, at=timezone.now(), note=text[:NOTE], http=http)
    return locked


@transaction.atomic
def decide(
    *, request: MobilityRequest, by: User, seen: int, text: str, http: HttpRequest | None = None
) -> BaremeVersion:
    """Settles the barème, with the points retained so far. Raises as `control`, DomainError("decision_text")."""
    locked, version = _locked(request, by, seen)
    told = text.strip()
    if not told:
        raise DomainError("decision_text")
    if locked.contests.filter(state=AskState.OPEN).exists():
        raise DomainError("decision_contest")
    now, note = timezone.now(), told[:NOTE]
    move(locked, Act.STUDY, by=by, at=now, note=note, http=http)
    return version_from(
        locked, version, cause=VersionCause.DECIDED, retained=version.retained, decided_by=by, note=note, at=now
    )


@transaction.atomic
def run_checks(request: MobilityRequest) -> Triage:
    """The automatic checks of a request, kept for the queue."""
    found = checks_of(request)
    told = [one.code for one in asking(found)]
    values = {"level": int(level(found)), "found": told, "revision": request.revision, "ran_at": timezone.now()}
    return Triage.objects.update_or_create(request=request, defaults=values)[0]


def run_waiting_checks(*, most: int = 500) -> int:
    """Those of the requests to control, never checked first, then the oldest check; how many. Run by the clock."""
    rows = MobilityRequest.objects.filter(state__in=(RequestState.SUBMITTED, RequestState.CONTROLLED))
    rows = rows.filter(versions__isnull=False).distinct().select_related("campaign", "owner", "claims")
    kept = sorted(rows.values_list("pk", "triage__ran_at"), key=lambda pair: pair[1].timestamp() if pair[1] else 0.0)[
        :most
    ]
    for row in rows.filter(pk__in=[pk for pk, _ in kept]):
        run_checks(row)
    return len(kept)


def _locked(request: MobilityRequest, by: User, seen: int) -> tuple[MobilityRequest, BaremeVersion]:
    locked = lock(request)
    if locked.owner_id == by.pk:
        raise DomainError("control_own")
    version = last_version(locked)
    if version.number != seen:
        raise DomainError("control_changed")
    return locked, version


def _retained(
    version: BaremeVersion, retained: Mapping[str, Decimal], reasons: Mapping[str, str]
) -> tuple[dict[str, str], str]:
    """(points by line, note) of what differs from what is computed, each with its reason."""
    kept: dict[str, str] = {}
    notes: list[str] = []
    for one in points_of(version.result):
        points = retained.get(one.key, one.points)
        if points == one.points:
            continue
        reason = " ".join(reasons.get(one.key, "").split())
        if not 0 <= points <= MOST_POINTS:
            raise DomainError("control_points", key=one.key)
        if not reason:
            raise DomainError("control_reason", key=one.key)
        kept |= {key(place, one.item): str(points) for place in one.places}
        notes.append(f"{one.label} ({', '.join(one.places)}) : {points} au lieu de {one.points}. {reason}")
    return kept, "\n".join(notes)[:NOTE]
