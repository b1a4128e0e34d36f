"""Secrets at rest: authenticated encryption for what must be read again, keyed hashes for what must only be found again.

`seal` and `unseal` use AES-256-GCM under settings.NUMEN_KEY with a random 96-bit nonce; `context` is bound to the
ciphertext, so that a value copied to another column cannot be read there. `lookup_digest` is HMAC-SHA-256 under
settings.LOOKUP_KEY: a stolen dump does not allow guessing a NUMEN off line.
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


@lru_cache(maxsize=4)
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))


@lru_cache(maxsize=4)
def _hmac_key(key: str) -> bytes:
    return base64.b64decode(key)


def seal(value: str, *, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings.NUMEN_KEY).encrypt(nonce, value.encode(), context.encode())


def unseal(sealed: bytes, *, context: str) -> str:
    """The sealed text. Raises UnreadableSecret."""
    data = bytes(sealed)
    try:
        return _cipher(settings.NUMEN_KEY).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError):  # ValueError: cut short
        raise UnreadableSecret(context) from None


def lookup_digest(value: str, *, context: str) -> str:
    """64 hexadecimal characters; equal values in one context give equal digests."""
    message = f"{context}\x00{value}".encode()
    return hmac.new(_hmac_key(settings.LOOKUP_KEY), message, hashlib.sha256).hexdigest()
