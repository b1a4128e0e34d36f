"""A push service on the loopback, and the browser behind it: it checks who posts and reads what came, as a browser does.

The reading is written from RFC 8188 and 8291 on HMAC of the standard library, apart from the code that it judges.
"""

import base64
import hashlib
import hmac
import json
import os
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, one block."""
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()[:length]


class Browser:
    """Its keys, and what it reads."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.secret = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": url64(self.public), "auth": url64(self.secret)}

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], struct.unpack("!I", body[16:20])[0], body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size, "one record"
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        seed = hkdf(self.secret, shared, b"WebPush: info\x00" + self.public + sender, 32)
        key = hkdf(salt, seed, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = hkdf(salt, seed, b"Content-Encoding: nonce\x00", 12)
        text = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")
        assert text.endswith(b"\x02"), "the last record"
        return text[:-1]


class PushService:
    """`answers[path]` is what a device answers: a status, or « silence », « slow », « cut »; 201 otherwise."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, object] = {}
        self.headers: dict[str, str] = {}
        self._over = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.got.append((self.path, dict(self.headers), body))
                answer = service.answers.get(self.path, 201)
                if answer == "cut":
                    self.close_connection = True
                    return
                if answer == "silence":
                    service._over.wait(20)
                    return
                if answer == "slow":
                    time.sleep(0.3)
                self.send_response(201 if answer == "slow" else int(answer))
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def stop(self) -> None:
        self._over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.got]

    def checked(self, headers: dict[str, str], key: str) -> dict[str, object]:
        """The claims of the caller, its signature checked with the key the browser subscribed with (RFC 8292)."""
        scheme, _, rest = headers["Authorization"].partition(" ")
        assert scheme == "vapid"
        told = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert told["k"] == key
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from64(key))
        claims = jwt.decode(told["t"], public, algorithms=["ES256"], audience=self.origin)
        assert json.loads(from64(told["t"].split(".")[0])) == {"alg": "ES256", "typ": "JWT"}
        return claims
