"""The confirmation of a request: pieces sent, barème archived, receipt issued, state changed, all or nothing (S50, S54, K4)."""

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
from documents.selectors.own import documents_of
from documents.selectors.receipts import receipt_for
from documents.services.receipts import ReceiptText, Section, canonical_digest, issue_receipt
from documents.services.submit import Incomplete, submit
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_value
from mobility.archive import archived
from mobility.domain.bareme import bareme
from mobility.domain.facts import RequestFacts
from mobility.domain.results import REQUEST, Bareme
from mobility.domain.states import Act, State
from mobility.enums import VersionCause
from mobility.models import BaremeVersion, MobilityRequest
from mobility.selectors.snapshot import request_facts
from mobility.services.campaign_told import mark_closing
from mobility.services.drafts import Overtaken, lock, move
from security.models import User

if TYPE_CHECKING:
    from documents.models import Receipt

PROCEDURE = "mobilite_inter"
NOTES = (
    "Le barème est calculé d'après ce que vous avez déclaré ; il est contrôlé par le service, puis affiché.",
    "Tant que la saisie est ouverte, vous pouvez reprendre votre demande : une correction de dernière minute retarde l'examen.",
    "Vous pouvez contester le barème affiché, ligne par ligne, sur le portail, jusqu'à la date de la campagne.",
)
UNOFFICIAL = (
    "Le texte de cette session n'est pas publié : les chiffres de la session précédente sont repris, à titre indicatif."
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    request: MobilityRequest
    version: BaremeVersion
    receipt: "Receipt"


class Refused(Exception):
    """The request cannot be sent as it is. `problems` are sentences by section (« voeux », « priorites », « pieces »)."""

    def __init__(self, problems: Mapping[str, Sequence[str]]) -> None:
        super().__init__(problems)
        self.problems = problems


@transaction.atomic
def confirm(
    *,
    request: MobilityRequest,
    revision: int,
    by: User,
    http: HttpRequest | None = None,
    at: dt.datetime | None = None,
    accepted_missing: bool = False,
) -> Confirmed:
    """Sends the request. Asked twice, the answer of the first time. `at` is the moment the sending arrived.

    `accepted_missing`: the agent was told which points a missing piece costs, and sends all the same.
    Raises Refused, Overtaken, DomainError("campaign_closed" | "request_transition" | "simulation_not_sent").
    """
    locked = lock(request)
    now = at or timezone.now()
    if locked.state == State.SUBMITTED.value:
        return _already(locked)
    if locked.campaign is None:
        raise DomainError("simulation_not_sent")
    if not locked.campaign.is_open(now):
        raise DomainError("campaign_closed")
    if locked.revision != revision:
        raise Overtaken(locked)
    facts = request_facts(locked, on=timezone.localtime(now).date())
    found = bareme(facts)
    _refuse(found, facts)
    awaited = _send_pieces(locked, needed=needed_pieces(found), by=by, http=http, accepted_missing=accepted_missing)
    move(locked, Act.CONFIRM, by=by, at=now, http=http, confirmed_at=now)
    mark_closing(locked.campaign, by=by, done=True)
    version = archive_version(locked, cause=VersionCause.CONFIRMED, facts=facts, found=found, at=now)
    receipt = _receipt(locked, version, awaited, now)
    return Confirmed(locked, version, receipt)


def archive_version(
    locked: MobilityRequest,
    *,
    cause: VersionCause,
    facts: RequestFacts,
    found: Bareme,
    at: dt.datetime,
    decided_by: User | None = None,
    retained: Mapping[str, str] | None = None,
    note: str = "",
) -> BaremeVersion:
    """A new version of the barème of a request held by `lock`."""
    last = locked.versions.order_by("-number").values_list("number", flat=True).first() or 0
    told, result = archived(facts, found)
    kept = dict(retained or {})
    return BaremeVersion.objects.create(
        request=locked,
        number=last + 1,
        cause=cause,
        rules_session=found.rules_session or facts.session,
        official=found.official,
        facts=told,
        result=result,
        retained=kept,
        digest=canonical_digest(told, result, kept),
        decided_by=decided_by,
        note=note,
        made_at=at,
    )


def _already(locked: MobilityRequest) -> Confirmed:
    version = locked.versions.filter(cause=VersionCause.CONFIRMED).latest("number")
    receipt = receipt_for(_subject(locked, version))
    if receipt is None:
        raise LookupError(f"a confirmed request without receipt: {locked.public_id}")
    return Confirmed(locked, version, receipt)


def _refuse(found: Bareme, facts: RequestFacts) -> None:
    if not facts.voeux:
        raise Refused({"voeux": ["Aucun vœu n'est choisi : choisissez au moins un lieu, puis confirmez."]})
    whole = [one.message for one in found.refusals if one.scope == REQUEST]
    if whole:
        raise Refused({"voeux": whole})


def _send_pieces(
    locked: MobilityRequest, *, needed: frozenset[str], by: User, http: HttpRequest | None, accepted_missing: bool
) -> list[str]:
    """The labels of the pieces still awaited, up to the date of the campaign. Raises Refused."""
    law, chosen = procedures()[PROCEDURE], _chosen(locked)
    awaited = sorted(needed - chosen.keys()) if accepted_missing else []
    needed -= frozenset(awaited)
    labels = [law.pieces[piece].label for piece in awaited]
    if not needed and not chosen:
        return labels
    try:
        submit(
            owner=locked.owner,
            procedure=law,
            chosen=chosen,
            needed=needed,
            subject=f"mobilite:{locked.public_id}:{locked.revision}",
            request=http,
        )
    except Incomplete as error:
        raise Refused({"pieces": [line for lines in error.problems.values() for line in lines]}) from error
    return labels


def needed_pieces(found: Bareme) -> frozenset[str]:
    """The pieces that support the points of the barème, as codes of the procedure."""
    known = procedures()[PROCEDURE].pieces
    return frozenset(piece for voeu in found.voeux for line in voeu.lines for piece in line.pieces if piece in known)


def _chosen(locked: MobilityRequest) -> dict[str, list[Any]]:
    """The documents chosen by piece; one that is no more there is left out."""
    rows = {row.pk: row for row in documents_of(locked.owner)}
    found: dict[str, list[Any]] = {}
    for piece, document in locked.chosen_pieces.values_list("piece", "document"):
        if document in rows:
            found.setdefault(piece, []).append(rows[document])
    return found


def _subject(locked: MobilityRequest, version: BaremeVersion) -> str:
    return f"demande:{locked.public_id}:{version.number}"


def _receipt(locked: MobilityRequest, version: BaremeVersion, awaited: list[str], at: dt.datetime) -> "Receipt":
    points = tuple(
        (f"{one['rank']}. {one['place']}", f"{_french(one['total'])} points") for one in version.result["voeux"]
    )
    pieces = tuple((label, "à transmettre avant la date des pièces") for label in awaited)
    text = ReceiptText(
        ReceiptKind.CONFIRMATION.label,
        (
            ("Campagne", str(locked.campaign)),
            ("Numéro de la demande", str(locked.public_id)),
            ("Version du barème", f"n° {version.number}, règles de la session {version.rules_session}"),
            ("Empreinte du barème", version.digest),
        ),
        (Section("Vœux et barème calculé", points), *((Section("Pièces attendues", pieces),) if pieces else ())),
        NOTES + (() if version.official else (UNOFFICIAL,)),
    )
    return issue_receipt(
        kind=ReceiptKind.CONFIRMATION, owner=locked.owner, subject=_subject(locked, version), text=text, at=at
    )


def _french(points: str) -> str:
    return french_value(Decimal(points))
