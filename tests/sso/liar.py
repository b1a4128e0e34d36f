"""A small identity provider of ours, OpenID Connect and CAS at once, which answers whatever a test wants it to."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CLIENT = "portail"


def public_jwk(key: rsa.RSAPrivateKey, kid: str = "k1") -> dict[str, Any]:
    return jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}


def encode(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], alg: str = "none") -> str:
    return f"{encode({'alg': alg, 'typ': 'JWT', 'kid': 'k1'})}.{encode(claims)}."


def with_public_key_as_secret(claims: dict[str, Any]) -> str:
    """HS256 whose secret is the PEM of the public key, as a confused verifier would read it."""
    pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    text = f"{encode({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'})}.{encode(claims)}"
    mark = hmac.new(pem, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


class Liar:
    """`answers` replaces what a path answers: a (status, content type, body), or a function of the query and form."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.published = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
        }

    def reset(self) -> None:
        self.asked.clear()
        self.answers = {
            "/.well-known/openid-configuration": lambda _: self.json(self.published),
            "/keys": lambda _: self.json({"keys": [public_jwk(KEY)]}),
        }

    def claims(self, asked: str, **changes: Any) -> dict[str, Any]:
        """Right ones but for `changes`; None takes a claim away, a function gives it from the clock."""
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "sub": "maud", "iat": now, "exp": now + 60, "nonce": asked}
        told |= {"given_name": "Maud", "usual_name": "Valdoie"} | changes
        told = {name: value(now) if callable(value) else value for name, value in told.items()}
        return {name: value for name, value in told.items() if value is not None}

    def logout_claims(self, **changes: Any) -> dict[str, Any]:
        event = {"http://schemas.openid.net/event/backchannel-logout": {}}
        told = {
            "events": event,
            "jti": f"j{time.monotonic_ns()}",
            "nonce": None,
            "given_name": None,
            "usual_name": None,
        }
        return self.claims("", **(told | changes))

    def gives(self, token: str, **more: Any) -> None:
        self.answers["/token"] = self.json({"access_token": "a", "token_type": "Bearer", "id_token": token} | more)

    @staticmethod
    def sign(claims: dict[str, Any], key: rsa.RSAPrivateKey = KEY, **more: Any) -> str:
        typ = "logout+jwt" if "jti" in claims else "JWT"
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1", "typ": typ} | more)

    @staticmethod
    def json(value: Any, status: int = 200) -> tuple[int, str, bytes]:
        return status, "application/json", json.dumps(value).encode()


def _handler(held: list[Liar]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            liar, url = held[0], urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            text = f"{url.query}&{self.rfile.read(size).decode()}"
            sent = {name: values[0] for name, values in parse_qs(text).items()}
            liar.asked.append((url.path, sent))
            answer = liar.answers.get(url.path, (404, "text/plain", b""))
            status, kind, body = answer(sent) if callable(answer) else answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status == 302:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def lying() -> Iterator[Liar]:
    held: list[Liar] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(held))
    server.daemon_threads = True
    held.append(Liar(server))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield held[0]
    finally:
        server.shutdown()
        server.server_close()
