"""The look before a deadline is announced: signed, so that what is announced is what was looked at, and once."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from django.core import signing

from iprof.correspondence.audience import Audience

SALT = "iprof.correspondence.deadline-look"


class Announced(Protocol):
    """A valid form: what was typed, for whom, and the accounts it reaches."""

    accounts: list[int]

    @property
    def audience(self) -> Audience: ...

    def fill(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody was shown: digests of what was typed and of the accounts it reaches. `name` becomes the deadline's."""

    name: uuid.UUID
    typed: str
    people: str


def look_at(form: Announced) -> Look:
    """What the valid form shows now, under a new name."""
    typed = [form.fill(), form.audience.as_json()]
    return Look(uuid.uuid4(), _digest(typed), _digest(form.accounts))


def sign_look(look: Look, *, by: int) -> str:
    return signing.dumps([look.name.hex, look.typed, look.people, by], salt=SALT)


def read_look(token: str, *, by: int) -> Look | None:
    """None for what the portal did not sign, or signed for someone else."""
    try:
        name, typed, people, owner = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Look(uuid.UUID(name), typed, people) if owner == by else None


def _digest(shown: Any) -> str:
    return hashlib.sha256(json.dumps(shown, default=str, sort_keys=True).encode()).hexdigest()
