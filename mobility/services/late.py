"""Changing a request after the closing, for a listed event: asked with its proof, admitted by a named person (S72, D28)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.enums import ReceiptKind
from documents.services.receipts import ReceiptText, issue_receipt
from iprof.correspondence.services.alerts import send_alert
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_date
from mobility.domain.bareme import bareme
from mobility.domain.late import differs, late_law
from mobility.domain.states import Act, State, may
from mobility.enums import AskState, VersionCause
from mobility.models import BaremeVersion, Claims, LateChange, MobilityRequest, Voeu
from mobility.selectors.snapshot import request_facts
from mobility.services.confirm import archive_version
from mobility.services.contests import join_proofs, refuse_answer
from mobility.services.drafts import lock, move
from mobility.services.told import KIND, READ_HERE
from security.enums import AccessKind
from security.journal import record
from security.models import User

if TYPE_CHECKING:
    from documents.models import Document, Receipt

PROCEDURE = "mobilite_tardive"
CLAIMS = frozenset({"strategy", "conjoint_postal_code", "conjoint_commune", "conjoint_departement", "reintegration"})
NOTES = (
    "Une modification de dernière minute, même acceptée, reporte l'examen de votre demande.",
    "Tant qu'elle n'est pas admise, votre demande reste telle qu'elle est.",
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What is asked: the whole list of vœux in order, and the fields of `Claims` that change (those of CLAIMS)."""

    event: str
    happened_on: dt.date
    voeux: Sequence[str]
    claims: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class SentLate:
    late: LateChange
    receipt: "Receipt"


@transaction.atomic
def ask_late_change(
    *,
    request: MobilityRequest,
    asked: Changed,
    by: User,
    documents: Sequence["Document"],
    http: HttpRequest | None = None,
    at: dt.datetime | None = None,
) -> SentLate:
    """Sends a late change with its proof. The request stays as it is until a person admits it.

    Raises DomainError("late_not_owner" | "late_closed" | "late_event_unknown" | "late_already_open" | "late_no_proof" |
    "late_nothing" | "request_transition"), documents' Incomplete.
    """
    locked, now = lock(request), at or timezone.now()
    _refuse(locked, asked, by, documents, now)
    row = LateChange.objects.create(
        request=locked,
        event=asked.event,
        happened_on=asked.happened_on,
        voeux=list(asked.voeux),
        claims=dict(asked.claims),
        reason=asked.reason,
        sent_at=now,
    )
    join_proofs(locked, PROCEDURE, f"tardive:{row.public_id}", documents, http)
    record(
        AccessKind.MOBILITY_CHANGED, actor=by, subject=by, request=http, demande=str(locked.public_id), acte="tardive"
    )
    return SentLate(row, _receipt(row, len(documents)))


@transaction.atomic
def answer_late_change(
    *,
    late: LateChange,
    by: User,
    accepted: bool,
    reason: str,
    http: HttpRequest | None = None,
    at: dt.datetime | None = None,
) -> LateChange:
    """The answer of a named person. Accepted: the vœux and the claims asked replace those of the request, whose barème
    is computed again (cause LATE) and controlled again.

    Raises DomainError("late_own" | "late_answered" | "late_no_reason" | "late_closed" | "request_transition").
    """
    locked, now = lock(late.request), at or timezone.now()
    row = LateChange.objects.select_for_update(of=("self",)).get(pk=late.pk)
    told = reason.strip()
    refuse_answer(locked, row.answered, by, told, "late")
    if accepted:
        row.outcome = _apply(locked, row, by=by, note=told, at=now, http=http)
    row.state = AskState.ACCEPTED if accepted else AskState.REFUSED
    row.answer, row.decided_by, row.decided_at = told, by, now
    row.save(update_fields=["state", "answer", "decided_by", "decided_at", "outcome"])
    if not accepted:
        _tell_refusal(locked, row, by, http)
    return row


def _refuse(
    locked: MobilityRequest, asked: Changed, by: User, documents: Sequence["Document"], now: dt.datetime
) -> None:
    if locked.owner_id != by.pk:
        raise DomainError("late_not_owner")
    if locked.campaign is None or not locked.campaign.takes_late(now):
        raise DomainError("late_closed")
    if not may(State(locked.state), Act.LATE_CHANGE):
        raise DomainError("request_transition", state=locked.state, act=Act.LATE_CHANGE.value)
    if asked.event not in late_law().events or not asked.claims.keys() <= CLAIMS:
        raise DomainError("late_event_unknown")
    if locked.late_changes.filter(state=AskState.OPEN).exists():
        raise DomainError("late_already_open")
    if not documents:
        raise DomainError("late_no_proof")
    if not differs(_places(locked), asked.voeux, asked.claims):
        raise DomainError("late_nothing")


def _apply(
    locked: MobilityRequest, row: LateChange, *, by: User, note: str, at: dt.datetime, http: HttpRequest | None
) -> BaremeVersion:
    kind = locked.voeux.values_list("kind", flat=True).first() or ""
    locked.voeux.all().delete()
    Voeu.objects.bulk_create(
        Voeu(request=locked, rank=rank, kind=kind, place=place) for rank, place in enumerate(row.voeux, start=1)
    )
    claims = Claims.objects.get(request=locked)
    for name, value in row.claims.items():
        setattr(claims, name, value)
    claims.save(update_fields=list(row.claims) or None)
    confirmed = locked.confirmed_at or at
    move(locked, Act.LATE_CHANGE, by=by, at=at, http=http, late=True, confirmed_at=confirmed)
    locked.claims = claims
    facts = request_facts(locked, on=timezone.localtime(at).date())
    return archive_version(
        locked, cause=VersionCause.LATE, facts=facts, found=bareme(facts), at=at, decided_by=by, note=note
    )


def _tell_refusal(locked: MobilityRequest, row: LateChange, by: User, http: HttpRequest | None) -> None:
    record(
        AccessKind.MOBILITY_DECIDED,
        actor=by,
        subject=locked.owner,
        request=http,
        demande=str(locked.public_id),
        acte="tardive refusée",
    )
    tell_late(row, "Une réponse est donnée à votre modification tardive")


def tell_late(row: LateChange, subject: str) -> None:
    send_alert(
        user=row.request.owner,
        kind=KIND,
        subject=subject,
        body=READ_HERE,
        link=row.get_absolute_url(),
        cause=f"tardive:{row.public_id}:{row.state}",
    )


def _places(locked: MobilityRequest) -> tuple[str, ...]:
    return tuple(locked.voeux.order_by("rank").values_list("place", flat=True))


def _receipt(row: LateChange, joined: int) -> "Receipt":
    """Neither the event nor the words of the agent: they may tell of a death or of health."""
    tell_late(row, "Votre modification tardive est enregistrée")
    text = ReceiptText(
        ReceiptKind.LATE.label,
        (
            ("Campagne", str(row.request.campaign)),
            ("Numéro de la demande tardive", str(row.public_id)),
            ("Événement survenu le", french_date(row.happened_on)),
            ("Vœux demandés", ", ".join(f"{rank}. {place}" for rank, place in enumerate(row.voeux, start=1))),
            ("Documents joints", str(joined)),
        ),
        (),
        NOTES,
    )
    return issue_receipt(
        kind=ReceiptKind.LATE, owner=row.request.owner, subject=f"tardive:{row.public_id}", text=text, at=row.sent_at
    )
