"""The signature of a call, as Standard Webhooks has it: HMAC-SHA-256 of « id.timestamp.body », in base64 after « v1, ».

Several secrets are tried, so that a key can be changed without refusing messages in flight.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence

TOLERANCE_SECONDS = 5 * 60
PREFIX = "whsec_"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # no dot: it separates the three parts that are signed
_TIMESTAMP = re.compile(r"[0-9]{1,12}")


class BadSignature(Exception):
    """The call cannot be trusted; `code` says why, for the source."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def verify(*, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float) -> str:
    """The webhook-id of a call signed with one of the secrets within TOLERANCE_SECONDS of `now` (seconds since 1970).

    Raises BadSignature("signature_absente" | "signature_fausse" | "horodatage_perime").
    """
    name, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "")
    if not (name and timestamp and signatures):
        raise BadSignature("signature_absente")
    if not _ID.fullmatch(name) or not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature("signature_fausse")
    given = [value for version, _, value in (part.partition(",") for part in signatures.split()) if version == "v1"]
    good = False
    for expected in _signatures(name, timestamp, body, secrets):
        for value in given:
            good |= hmac.compare_digest(expected, value.encode("utf-8", "replace"))
    if not good:
        raise BadSignature("signature_fausse")
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise BadSignature("horodatage_perime")
    return name


def sign(*, name: str, timestamp: int, body: bytes, secret: str) -> str:
    """The value of webhook-signature. For sources written in Python, and for tests."""
    (signature,) = _signatures(name, str(timestamp), body, [secret])
    return f"v1,{signature.decode()}"


def key_of(secret: str) -> bytes:
    """The bytes of a secret written in base64, with or without « whsec_ ». Raises ValueError."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a secret of signed calls is not base64") from None


def _signatures(name: str, timestamp: str, body: bytes, secrets: Sequence[str]) -> Iterator[bytes]:
    signed = f"{name}.{timestamp}.".encode() + body
    for secret in secrets:
        yield base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest())
