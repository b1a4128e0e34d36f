"""Contesting a line of the barème displayed, and the answer of a named person (K4, K5, D28)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.domain.procedures import procedures
from documents.enums import ReceiptKind
from documents.services.receipts import ReceiptText, Section, issue_receipt
from documents.services.submit import submit
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_value
from mobility.domain.contests import contest_law
from mobility.domain.states import Act, State
from mobility.domain.versions import places_with, retained_with
from mobility.enums import AskState, Ground, VersionCause
from mobility.models import BaremeVersion, Contest, MobilityRequest
from mobility.services.drafts import lock, move
from mobility.services.versions import latest_version, version_from
from security.models import User

if TYPE_CHECKING:
    from documents.models import Document, Receipt

PROCEDURE, PIECE = "mobilite_contestation", "preuve"


@dataclass(frozen=True, slots=True)
class Sent:
    contest: Contest
    receipt: "Receipt"


@dataclass(frozen=True, slots=True)
class Contested:
    """What is said of a line: `place` and `item` name it, `shown` is what the version displays (None: no such line)."""

    place: str
    item: str
    label: str
    ground: Ground
    shown: Decimal | None
    expected: Decimal | None
    reason: str


@transaction.atomic
def contest_line(
    *,
    version: BaremeVersion,
    about: Contested,
    by: User,
    documents: Sequence["Document"] = (),
    http: HttpRequest | None = None,
    at: dt.datetime | None = None,
) -> Sent:
    """Sends a contest of one line of the latest version. The receipt is issued in the same transaction.

    Raises DomainError("contest_not_owner" | "contest_closed" | "contest_overtaken" | "contest_already_open" |
    "request_transition"), documents' Incomplete when a piece cannot be sent.
    """
    locked, now = lock(version.request), at or timezone.now()
    _refuse(locked, version, about, by, now)
    row = Contest.objects.create(
        request=locked,
        version=version,
        place=about.place,
        item=about.item,
        label=about.label,
        ground=about.ground,
        shown=about.shown,
        expected=about.expected,
        reason=about.reason,
        sent_at=now,
    )
    join_proofs(locked, PROCEDURE, f"contestation:{row.public_id}", documents, http)
    move(locked, Act.CONTEST, by=by, at=now, note=str(row), http=http)
    return Sent(row, _receipt(row, len(documents)))


def _refuse(locked: MobilityRequest, version: BaremeVersion, about: Contested, by: User, now: dt.datetime) -> None:
    if locked.owner_id != by.pk:
        raise DomainError("contest_not_owner")
    if locked.campaign is None or not locked.campaign.takes_contests(now):
        raise DomainError("contest_closed")
    if latest_version(locked).pk != version.pk:
        raise DomainError("contest_overtaken")
    if locked.contests.filter(place=about.place, item=about.item, state=AskState.OPEN).exists():
        raise DomainError("contest_already_open")


@transaction.atomic
def answer_contest(
    *,
    contest: Contest,
    by: User,
    accepted: bool,
    reason: str,
    points: Decimal | None = None,
    everywhere: bool = False,
    http: HttpRequest | None = None,
    at: dt.datetime | None = None,
) -> Contest:
    """The answer of a named person, who says why. Accepted: `points` are retained for the line, on its vœu or
    (`everywhere`) on each vœu that bears it, in a new version of the barème.

    Raises DomainError("contest_own" | "contest_answered" | "contest_no_reason" | "contest_no_points" |
    "request_transition").
    """
    locked, now = lock(contest.request), at or timezone.now()
    row = Contest.objects.select_for_update(of=("self",)).get(pk=contest.pk)
    told = reason.strip()
    refuse_answer(locked, row.answered, by, told, "contest")
    if accepted and points is None:
        raise DomainError("contest_no_points")
    if State(locked.state) is not State.CONTROLLED:
        raise DomainError("request_transition", state=locked.state, act=Act.CORRECT.value)
    if accepted and points is not None:
        row.outcome = _correct(locked, row, points, everywhere=everywhere, by=by, note=told, at=now)
        row.granted = points
    row.state = AskState.ACCEPTED if accepted else AskState.REFUSED
    row.answer, row.decided_by, row.decided_at = told, by, now
    row.save(update_fields=["state", "answer", "decided_by", "decided_at", "granted", "outcome"])
    move(locked, Act.CORRECT, by=by, at=now, note=str(row), http=http)
    return row


def refuse_answer(locked: MobilityRequest, answered: bool, by: User, reason: str, what: str) -> None:
    """What stands in the way of any answer: one's own, given already, without a reason."""
    if locked.owner_id == by.pk:
        raise DomainError(f"{what}_own")
    if answered:
        raise DomainError(f"{what}_answered")
    if not reason:
        raise DomainError(f"{what}_no_reason")


def join_proofs(
    locked: MobilityRequest, procedure: str, subject: str, documents: Sequence["Document"], http: HttpRequest | None
) -> None:
    """Sends the documents to the service under the name of what they prove. Raises Incomplete."""
    if not documents:
        return
    chosen: Mapping[str, Any] = {PIECE: list(documents)}
    submit(owner=locked.owner, procedure=procedures()[procedure], chosen=chosen, subject=subject, request=http)


def _correct(
    locked: MobilityRequest, row: Contest, points: Decimal, *, everywhere: bool, by: User, note: str, at: dt.datetime
) -> BaremeVersion:
    base = latest_version(locked)
    places = {row.place, *places_with(base.result, row.item)} if everywhere else {row.place}
    retained = retained_with(base.result, base.retained, item=row.item, places=sorted(places), points=points)
    return version_from(
        locked, base, cause=VersionCause.CONTESTED, retained=retained, decided_by=by, note=note, at=at
    )  # fmt: skip


def _receipt(row: Contest, joined: int) -> "Receipt":
    """The words of the agent are not in it: it may be shown to anyone."""
    text = ReceiptText(
        ReceiptKind.CONTEST.label,
        (
            ("Campagne", str(row.request.campaign)),
            ("Numéro de la contestation", str(row.public_id)),
            ("Version contestée", f"n° {row.version.number}, empreinte {row.version.digest}"),
        ),
        (
            Section(
                "Ce qui est contesté",
                (
                    ("Vœu", row.place),
                    ("Ligne", row.label),
                    ("Objet", row.get_ground_display()),
                    ("Points affichés", points_told(row.shown, "aucun")),
                    ("Points attendus", points_told(row.expected, "non précisés")),
                    ("Documents joints", str(joined)),
                ),
            ),
        ),
        contest_law().remedies,
    )
    return issue_receipt(
        kind=ReceiptKind.CONTEST, owner=row.request.owner, subject=f"contestation:{row.public_id}", text=text, at=row.sent_at
    )  # fmt: skip


def points_told(points: Decimal | None, otherwise: str) -> str:
    return otherwise if points is None else french_value(points)
