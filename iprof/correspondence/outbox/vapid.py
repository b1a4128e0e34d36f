"""Who is at the other end, for a push service: a token signed with the key of the portal (VAPID, RFC 8292)."""

from functools import lru_cache
from urllib.parse import urlsplit

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from iprof.correspondence.outbox.encryption import b64, point

LASTS = 12 * 3600  # seconds; the RFC allows a day


@lru_cache(maxsize=4)
def private_key(pem: str) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError: not the PEM of a key on P-256."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (TypeError, UnsupportedAlgorithm) as problem:
        raise ValueError(str(problem)) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a key on P-256")
    return key


def public_key() -> str:
    """What browsers subscribe with; empty when the portal has no key: notifications are then not offered."""
    return b64(point(private_key(settings.VAPID_KEY).public_key())) if settings.VAPID_KEY else ""


def authorization(endpoint: str, *, now: float) -> str:
    """The header Authorization of a request to `endpoint`, at `now` in seconds since 1970."""
    parts = urlsplit(endpoint)
    told = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now) + LASTS,
        "sub": f"mailto:{settings.SECURITY_CONTACT}",
    }
    token = jwt.encode(told, private_key(settings.VAPID_KEY), algorithm="ES256")
    return f"vapid t={token}, k={public_key()}"
