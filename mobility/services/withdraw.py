"""Taking one's request back: until the closing freely, then until the date of the campaign (S56, D17)."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from documents.enums import ReceiptKind
from documents.selectors.receipts import receipt_for
from documents.services.receipts import ReceiptText, issue_receipt
from iprof.kernel.errors import DomainError
from mobility.domain.states import Act, State
from mobility.models import MobilityRequest, RequestEvent
from mobility.services.drafts import lock, move
from security.models import User

if TYPE_CHECKING:
    from documents.models import Receipt

NOTES = (
    "Votre demande ne sera pas examinée. Ses versions, ses accusés de réception et vos documents sont gardés.",
    "Tant que la saisie est ouverte, vous pouvez la reprendre.",
)


def may_withdraw(request: MobilityRequest, *, at: dt.datetime) -> bool:
    """Whether the calendar of the campaign lets it be; the state is asked apart. No date published: the closing."""
    campaign = request.campaign
    return campaign is not None and (at < campaign.closes_at or campaign.takes_late(at))


@transaction.atomic
def withdraw(
    *,
    request: MobilityRequest,
    by: User,
    reason: str = "",
    http: HttpRequest | None = None,
    at: dt.datetime | None = None,
) -> "Receipt":
    """Withdraws the request; asked twice, the receipt of the first time.

    Raises DomainError("withdraw_not_owner" | "withdraw_closed" | "request_transition").
    """
    locked, now = lock(request), at or timezone.now()
    if locked.owner_id != by.pk:
        raise DomainError("withdraw_not_owner")
    if State(locked.state) is State.WITHDRAWN and (found := receipt_for(_subject(locked, _last(locked)))):
        return found
    if not may_withdraw(locked, at=now):
        raise DomainError("withdraw_closed")
    event = move(locked, Act.WITHDRAW, by=by, at=now, note=reason.strip(), http=http)
    return _receipt(locked, event)


def _last(locked: MobilityRequest) -> RequestEvent:
    return locked.events.filter(act=Act.WITHDRAW).latest("at", "pk")


def _subject(locked: MobilityRequest, event: RequestEvent) -> str:
    return f"retrait:{locked.public_id}:{event.pk}"


def _receipt(locked: MobilityRequest, event: RequestEvent) -> "Receipt":
    """The reason stays between the agent and the service."""
    rows = (("Campagne", str(locked.campaign)), ("Numéro de la demande", str(locked.public_id)))
    text = ReceiptText(ReceiptKind.WITHDRAWAL.label, rows, (), NOTES)
    return issue_receipt(
        kind=ReceiptKind.WITHDRAWAL, owner=locked.owner, subject=_subject(locked, event), text=text, at=event.at
    )  # fmt: skip
