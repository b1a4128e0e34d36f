"""A key in software: what a browser answers for it, signed as a real one would."""

import hashlib
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

HOST = "testserver"
PRESENT = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class SoftKey:
    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)

    def registration(self) -> dict:
        public = ES256.from_cryptography_key(self.private.public_key())
        held = AttestedCredentialData.create(b"\x00" * 16, self.id, public)
        data = self._data(PRESENT | AuthenticatorData.FLAG.AT, held)
        said = self._said("webauthn.create", os.urandom(32))
        return self._answer(said, attestationObject=bytes(AttestationObject.create("none", data, {})))

    def assertion(self, challenge: str) -> dict:
        """The answer to a challenge, in base64 as the page shows it."""
        said, data = self._said("webauthn.get", websafe_decode(challenge)), self._data(PRESENT)
        signature = self.private.sign(bytes(data) + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(said, authenticatorData=bytes(data), signature=signature)

    def _data(self, flags: int, held: bytes = b"") -> AuthenticatorData:
        return AuthenticatorData.create(hashlib.sha256(HOST.encode()).digest(), flags, 0, held)

    def _said(self, kind: str, challenge: bytes) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=challenge, origin=f"https://{HOST}")

    def _answer(self, said: CollectedClientData, **parts: bytes) -> dict:
        response = {"clientDataJSON": bytes(said), **parts}
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in response.items()},
            "clientExtensionResults": {},
        }
