"""Secrets at rest: authenticated encryption for what must be read again, keyed hashes for what must only be found again.

`seal` and `unseal` use AES-256-GCM under settings.NUMEN_KEY with a random 96-bit nonce; `context` is bound to the
ciphertext, so that a value copied to another column cannot be read there. `lookup_digest` is HMAC-SHA-256 under
settings.LOOKUP_KEY: a stolen dump does not allow guessing a NUMEN off line. Keys being changed stay readable, or
recognised, while NUMEN_KEYS_OLD and LOOKUP_KEYS_OLD list them.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class UnreadableSecret(Exception):
    """The value was not sealed with this key for this context, or was altered."""


@lru_cache(maxsize=16)
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))


@lru_cache(maxsize=16)
def _hmac_key(key: str) -> bytes:
    return base64.b64decode(key)


def seal(value: str, *, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings.NUMEN_KEY).encrypt(nonce, value.encode(), context.encode())


def unseal(sealed: bytes, *, context: str) -> str:
    """The sealed text, under the present key or a former one still listed. Raises UnreadableSecret."""
    for key in (settings.NUMEN_KEY, *settings.NUMEN_KEYS_OLD):
        text = _opened(bytes(sealed), key, context)
        if text is not None:
            return text
    raise UnreadableSecret(context)


def is_fresh(sealed: bytes, *, context: str) -> bool:
    """Whether it is sealed under the present key."""
    return _opened(bytes(sealed), settings.NUMEN_KEY, context) is not None


def _opened(data: bytes, key: str, context: str) -> str | None:
    try:
        return _cipher(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError):  # ValueError: cut short
        return None


def lookup_digest(value: str, *, context: str) -> str:
    """64 hexadecimal characters; equal values in one context give equal digests."""
    return keyed_digest(value, context=context, key=settings.LOOKUP_KEY)


def lookup_digests(value: str, *, context: str) -> tuple[str, ...]:
    """The digest of today, then those the former keys still listed gave."""
    return tuple(
        keyed_digest(value, context=context, key=key) for key in (settings.LOOKUP_KEY, *settings.LOOKUP_KEYS_OLD)
    )


def keyed_digest(value: str, *, context: str, key: str) -> str:
    """The same under a key given, in base64."""
    return hmac.new(_hmac_key(key), f"{context}\x00{value}".encode(), hashlib.sha256).hexdigest()
