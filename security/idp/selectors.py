"""« Services reliés » of the account."""

import datetime as dt
import uuid
from dataclasses import dataclass

from security.idp.models import ServiceGrant
from security.idp.scopes import Scope, known
from security.models import User


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """`house`: a service of the académie, opened without a question."""

    public_id: uuid.UUID
    name: str
    purpose: str
    given: tuple[Scope, ...]
    granted_at: dt.datetime
    signed_in_at: dt.datetime | None
    house: bool


def services_of(user: User) -> list[ServiceLine]:
    """By name. One query."""
    return [
        ServiceLine(
            row.public_id,
            row.service.name,
            row.service.purpose,
            tuple(known(row.scopes)),
            row.granted_at,
            row.signed_in_at,
            not row.asked,
        )
        for row in ServiceGrant.objects.filter(user=user).select_related("service")
    ]
