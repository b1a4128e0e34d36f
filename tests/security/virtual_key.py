"""A key in Python: it signs what a browser would send, honestly or not."""

import hashlib
import json
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from security.models import User

PRESENT, VERIFIED, CREDENTIAL = 0x01, 0x04, 0x40
ORIGIN = "https://testserver"


class VirtualKey:
    """`counter` is what the key has signed so far; `verifies` whether it asks its owner for a code or a fingerprint."""

    def __init__(self, *, verifies: bool = True, counter: int = 0) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.verifies, self.counter = verifies, counter

    def enrol(self, user: User, *, name: str = "Clé bleue", challenge: str = "AAAA") -> Authenticator:
        """Kept as the portal keeps it, the registration being a past one."""
        self.handle = str(user.pk).encode()
        data = {"name": name, "credential": self.registration(challenge)}
        return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)

    def registration(self, challenge: str) -> dict[str, Any]:
        public = ES256.from_cryptography_key(self.private.public_key())
        attested = AttestedCredentialData.create(b"\x00" * 16, self.id, public)
        data = AuthenticatorData.create(
            hashlib.sha256(b"testserver").digest(), self._flags() | CREDENTIAL, self.counter, attested
        )
        return self._answer(
            {
                "clientDataJSON": websafe_encode(self._client("webauthn.create", challenge)),
                "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
            }
        ) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def sign(self, challenge: str, *, origin: str = ORIGIN, **changes: Any) -> str:
        """The answer to a challenge, in JSON; `changes` replaces parts of the response."""
        self.counter += 1
        client = self._client("webauthn.get", challenge, origin)
        data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), self._flags(), self.counter)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.handle),
        }
        return json.dumps(self._answer(response | changes))

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _flags(self) -> int:
        return PRESENT | (VERIFIED if self.verifies else 0)

    def _client(self, kind: str, challenge: str, origin: str = ORIGIN) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()
