"""The keys that sign what services receive. IPROF_IDP_KEY holds one or several PEM blocks: the first signs, all are
published, so that a key can be announced before it signs and remain known after (docs/operations.md)."""

import hashlib
from functools import lru_cache
from typing import Any

import jwt
from allauth.core.internal.jwkkit import load_jwk_from_pem
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ALGORITHM = "RS256"


@lru_cache(maxsize=8)
def _loaded(pem: str) -> tuple[dict[str, Any], Any]:
    found: tuple[dict[str, Any], Any] = load_jwk_from_pem(pem)
    return found


def public_keys() -> list[dict[str, Any]]:
    """As published at /.well-known/jwks.json."""
    return [{**_loaded(pem)[0], "use": "sig", "alg": ALGORITHM} for pem in settings.IDP_KEYS]


def sign(payload: dict[str, Any], *, kind: str = "JWT") -> str:
    """A compact JWS. Raises ImproperlyConfigured without a key."""
    if not settings.IDP_KEYS:
        raise ImproperlyConfigured("IPROF_IDP_KEY is empty: no service can be signed in.")
    published, private = _loaded(settings.IDP_KEYS[0])
    return jwt.encode(payload, private, algorithm=ALGORITHM, headers={"kid": published["kid"], "typ": kind})


def read_hint(token: str, *, audience: str | None = None) -> dict[str, Any] | None:
    """The payload of an ID token we signed, expired or not: a hint of who was there, never a proof. None otherwise."""
    options: Any = {"verify_exp": False, "verify_aud": audience is not None, "require": ["sub", "aud"]}
    for pem in settings.IDP_KEYS:
        key = _loaded(pem)[1].public_key()
        try:
            return jwt.decode(
                token, key, algorithms=[ALGORITHM], options=options, audience=audience, issuer=settings.BASE_URL
            )
        except jwt.PyJWTError:
            continue
    return None


def token_hash(value: str) -> str:
    """Codes and tokens are 256 random bits or more: a plain hash finds them and tells nothing."""
    return hashlib.sha256(value.encode()).hexdigest()
