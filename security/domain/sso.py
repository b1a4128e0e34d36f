"""What an identity provider asserts of a person, and what may be believed of it (norms D39, D42)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PROCONNECT_CLAIMS = ("given_name", "usual_name", "email", "uid", "siret")
STRONG_METHODS = frozenset({"mfa", "totp", "pop"})  # of `amr`: proofs beyond a password
LONGEST_SUBJECT = 255  # characters (OpenID Connect Core 1.0, § 2)
PRINTABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


class Fault(StrEnum):
    """Why a sign-in through a provider stops. The words of the page are chosen by it; the journal keeps it."""

    DENIED = "refus"
    STALE = "etat"
    UNTRUSTED = "preuve"
    CLOCK = "horloge"
    INCOMPLETE = "attributs"
    BROKEN = "reponse"
    DOWN = "injoignable"
    SLOW = "lenteur"
    CLOSED = "compte-ferme"


class SignOnProblem(Exception):
    """A sign-in that stops. `detail` is a short technical fact for the journal: never a code, a token or a claim."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault, self.detail = fault, detail


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as a provider knows them: `issuer` and `subject` together name them for ever, nothing else does.

    `name` is for the page that asks to link; `strong` says a second factor was proved there; `session` is the
    provider's name for its own session, `hint` what its logout asks for.
    """

    issuer: str
    subject: str
    name: str = ""
    strong: bool = False
    session: str = ""
    hint: str = ""


def checked_subject(value: object) -> str:
    """The subject as asserted, refused unless it is 1 to 255 printable ASCII characters.

    Two look-alike subjects are two persons: nothing is folded, trimmed or repaired. Raises SignOnProblem.

    >>> checked_subject("f47ac10b-58cc")
    'f47ac10b-58cc'
    """
    if not isinstance(value, str) or len(value) > LONGEST_SUBJECT or not PRINTABLE.fullmatch(value):
        raise SignOnProblem(Fault.UNTRUSTED, "sub")
    return value


def missing_claims(claims: Mapping[str, Any], required: Iterable[str]) -> tuple[str, ...]:
    """The required claims that are absent or empty, in their order.

    >>> missing_claims({"uid": "u1", "siret": " "}, ("uid", "siret", "email"))
    ('siret', 'email')
    """
    return tuple(name for name in required if not str(claims.get(name) or "").strip())


def is_strong(claims: Mapping[str, Any]) -> bool:
    """Whether the signed `amr` tells of a second factor (norm D39). Anything but a list proves nothing.

    >>> is_strong({"amr": ["pwd", "totp"]}), is_strong({"amr": "mfa"})
    (True, False)
    """
    methods = claims.get("amr")
    return isinstance(methods, list) and any(isinstance(one, str) and one in STRONG_METHODS for one in methods)


def shown_name(claims: Mapping[str, Any]) -> str:
    """The name a person recognises on the page that asks to link, at most 120 characters; empty when none is given."""
    names = [claims.get("given_name"), claims.get("usual_name") or claims.get("family_name")]
    text = " ".join(name for name in names if isinstance(name, str)) or claims.get("name") or ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:120]
