"""The sending of an application: answers checked, pieces transmitted, receipt issued, state changed, all or nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
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
from mobility.domain.scheme_answers import missing_answers
from mobility.domain.scheme_states import SchemeAct, SchemeState
from mobility.domain.schemes import Scheme, schemes
from mobility.models import SchemeApplication
from mobility.selectors.applications import PROCEDURE
from mobility.selectors.schemes import label_of
from mobility.services.schemes import ApplicationOvertaken, lock_application, move_application
from security.enums import AccessKind
from security.journal import record
from security.models import User

if TYPE_CHECKING:
    from documents.models import Receipt


NOTES = ("L'envoi vaut candidature à sa date. Elle se retire tant qu'elle n'est pas décidée.",)


class NotComplete(Exception):
    """It cannot be sent as it is. `problems` are sentences by field (« champ_… ») or piece (« piece_… »)."""

    def __init__(self, problems: Mapping[str, Sequence[str]]) -> None:
        super().__init__(problems)
        self.problems = problems


@transaction.atomic
def send_application(
    *,
    application: SchemeApplication,
    revision: int,
    by: User,
    request: HttpRequest | None = None,
    at: dt.datetime | None = None,
) -> SchemeApplication:
    """Sends it. Asked twice, sent once. `at` is the moment the sending arrived.

    Raises NotComplete, ApplicationOvertaken, DomainError("scheme_closed" | "scheme_transition").
    """
    locked, now = lock_application(application), at or timezone.now()
    if locked.state == SchemeState.SENT.value:
        return locked
    if not locked.campaign.is_open(now):
        raise DomainError("scheme_closed")
    if locked.revision != revision:
        raise ApplicationOvertaken(locked)
    scheme = schemes()[locked.campaign.scheme]
    if missing := missing_answers(scheme, locked.answers):
        raise NotComplete({f"champ_{code}": [sentence] for code, sentence in missing.items()})
    sending = locked.sending + 1
    _send_pieces(locked, scheme.needed, sending, request)
    move_application(locked, SchemeAct.SEND, by=by, at=now, sending=sending, sent_at=now)
    _receipt(locked, scheme, now)
    record(AccessKind.MOBILITY_SENT, actor=by, subject=by, request=request, candidature=str(locked.public_id))
    return locked


def receipt_of(application: SchemeApplication) -> "Receipt | None":
    """That of the last sending. One query."""
    return receipt_for(_subject(application)) if application.sending else None


def _subject(locked: SchemeApplication) -> str:
    return f"candidature:{locked.public_id}:{locked.sending}"


def _send_pieces(locked: SchemeApplication, needed: frozenset[str], sending: int, request: HttpRequest | None) -> None:
    chosen = _chosen(locked)
    if not needed and not chosen:
        return
    subject = f"candidature:{locked.public_id}:{sending}"
    law = procedures()[PROCEDURE]
    try:
        submit(owner=locked.owner, procedure=law, chosen=chosen, needed=needed, subject=subject, request=request)
    except Incomplete as error:
        raise NotComplete({f"piece_{piece}": list(told) for piece, told in error.problems.items()}) from error


def _chosen(locked: SchemeApplication) -> dict[str, list[Any]]:
    """The documents chosen, by piece; one that is no more there is left out."""
    rows = {row.pk: row for row in documents_of(locked.owner)}
    found: dict[str, list[Any]] = {}
    for piece, document in locked.chosen_pieces.values_list("piece", "document"):
        if document in rows:
            found.setdefault(piece, []).append(rows[document])
    return found


def _receipt(locked: SchemeApplication, scheme: Scheme, at: dt.datetime) -> "Receipt":
    known = procedures()[PROCEDURE].pieces
    pieces = tuple((known[piece].label, "transmise") for piece in sorted(_pieces(locked)) if piece in known)
    text = ReceiptText(
        ReceiptKind.SCHEME.label,
        (
            ("Dispositif", label_of(scheme)),
            ("Rentrée", str(locked.campaign.year)),
            ("Numéro de la candidature", str(locked.public_id)),
            ("Envoi", f"n° {locked.sending}"),
            ("Empreinte des réponses", canonical_digest(locked.answers)),
        ),
        (Section("Pièces", pieces),) if pieces else (),
        NOTES,
    )
    return issue_receipt(kind=ReceiptKind.SCHEME, owner=locked.owner, subject=_subject(locked), text=text, at=at)


def _pieces(locked: SchemeApplication) -> set[str]:
    return set(locked.chosen_pieces.values_list("piece", flat=True))
