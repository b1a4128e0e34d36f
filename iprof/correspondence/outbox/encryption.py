"""What only the browser can read: message encryption for Web Push (RFC 8291, on the aes128gcm coding of RFC 8188).

Written here on `cryptography`, forty lines checked against the example of the RFC, rather than taken with the trees of
two HTTP clients (ADR 0019).
"""

import base64
import binascii
import os
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD_SIZE = 4096  # bytes; ours fit in one record
LARGEST = RECORD_SIZE - 17  # what one record holds: less the tag and the delimiter
LAST_RECORD = b"\x02"


class UnusableKeys(ValueError):
    """No browser made these: not base64url, not a point of P-256, or not sixteen bytes of secret."""


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Raises UnusableKeys."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnusableKeys("base64url") from None


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """65 bytes, uncompressed, as browsers write their keys."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def browser_keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """The public key and the secret of a subscription. Raises UnusableKeys."""
    public, secret = unb64(p256dh), unb64(auth)
    if len(public) != 65 or len(secret) != 16:
        raise UnusableKeys("length")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public), secret
    except ValueError:
        raise UnusableKeys("point") from None


def encrypt(
    text: bytes, *, p256dh: str, auth: str, own: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """The body of the request. `own` and `salt` are new each time; tests alone give them. Raises UnusableKeys."""
    if len(text) > LARGEST:
        raise ValueError("longer than one record")
    browser, secret = browser_keys(p256dh, auth)
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    sender = point(own.public_key())
    seed = _derive(own.exchange(ec.ECDH(), browser), secret, b"WebPush: info\x00" + point(browser) + sender, 32)
    key = _derive(seed, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(seed, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + struct.pack("!IB", RECORD_SIZE, len(sender)) + sender
    return head + AESGCM(key).encrypt(nonce, text + LAST_RECORD, None)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
