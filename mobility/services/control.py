"""What staff decide on a request: controlled, sent back, barème settled. Each by a named person, archived, told (D28, S56)."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.correspondence.services.alerts import send_alert
from iprof.kernel.errors import DomainError
from mobility.archive import digest
from mobility.domain.control import Level, asking, key_of, level, points_of
from mobility.domain.states import Act
from mobility.enums import RequestState, VersionCause
from mobility.models import BaremeVersion, MobilityRequest, Triage
from mobility.selectors.queue import checks_of, last_version
from mobility.services.drafts import lock, move
from security.enums import AccessKind
from security.journal import record
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

    Raises DomainError("request_transition" | "control_changed" | "control_reason" | "control_points" | "control_blocked"
    | "control_own").
    """
    locked, version = _locked(request, by, seen)
    found = checks_of(locked)
    if level(found) is not Level.FINE and green_only:
        raise DomainError("control_not_green")
    kept, note = _retained(version, retained, reasons)
    now = timezone.now()
    move(locked, Act.CONTROL, by=by, at=now)
    made = next_version(locked, version, cause=VersionCause.CONTROLLED, by=by, retained=kept, note=note)
    _told(locked, by, made, "controle", "Le barème de votre demande est contrôlé", http)
    return made


@transaction.atomic
def send_back(
    *, request: MobilityRequest, by: User, seen: int, reason: str, http: HttpRequest | None = None
) -> MobilityRequest:
    """Asks the agent for a piece or a precision. Raises as `control`, DomainError("control_reason")."""
    locked, version = _locked(request, by, seen)
    text = reason.strip()
    if not text:
        raise DomainError("control_reason")
    event = move(locked, Act.RETURN, by=by, at=timezone.now(), note=text[:NOTE])
    _told(locked, by, version, f"renvoi:{event.pk}", "Votre demande de mutation est à compléter", http)
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
    move(locked, Act.STUDY, by=by, at=timezone.now(), note=told[:NOTE])
    made = next_version(
        locked, version, cause=VersionCause.DECIDED, by=by, retained=dict(version.retained), note=told[:NOTE]
    )
    _told(locked, by, made, "decision", "Le barème de votre demande est arrêté", http)
    return made


def next_version(
    locked: MobilityRequest,
    version: BaremeVersion,
    *,
    cause: VersionCause,
    by: User,
    retained: Mapping[str, str],
    note: str,
) -> BaremeVersion:
    """The same facts and barème, with what a person retained and signed."""
    kept = dict(retained)
    return BaremeVersion.objects.create(
        request=locked,
        number=version.number + 1,
        cause=cause,
        rules_session=version.rules_session,
        official=version.official,
        facts=version.facts,
        result=version.result,
        retained=kept,
        digest=digest(version.facts, version.result, kept),
        decided_by=by,
        note=note,
        made_at=timezone.now(),
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
    kept, notes = {}, []
    for one in points_of(version.result):
        points = retained.get(one.key, one.points)
        if points == one.points:
            continue
        reason = " ".join(reasons.get(one.key, "").split())
        if not 0 <= points <= MOST_POINTS:
            raise DomainError("control_points", key=one.key)
        if not reason:
            raise DomainError("control_reason", key=one.key)
        kept |= {key_of(place, one.item): str(points) for place in one.places}
        notes.append(f"{one.label} ({', '.join(one.places)}) : {points} au lieu de {one.points}. {reason}")
    return kept, "\n".join(notes)[:NOTE]


def _told(
    locked: MobilityRequest, by: User, version: BaremeVersion, act: str, subject: str, http: HttpRequest | None
) -> None:
    record(
        AccessKind.MOBILITY_DECIDED, actor=by, subject=locked.owner, request=http, demande=str(locked.public_id),
        acte=act.partition(":")[0], version=version.number,
    )  # fmt: skip
    send_alert(
        user=locked.owner,
        kind="demande.mobilite",
        subject=subject,
        body="Ce qui a été décidé, par qui et pourquoi se lit sur le portail.",
        link=locked.get_absolute_url(),
        cause=f"mobilite:{locked.public_id}:{act}:{version.number}",
    )
    if hasattr(locked, "triage"):
        locked.triage.delete()
