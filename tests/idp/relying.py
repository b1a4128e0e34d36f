"""A sibling service as a third party writes it: Authlib speaks OAuth and OpenID Connect, joserfc checks signatures."""

import secrets
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet
from requests.adapters import BaseAdapter

from tests.client import PortalClient
from tests.factories.idp import RETURN, SECRET

MACHINE = Client()  # one for all: each new one loads the middleware again
DISCOVERY = "/.well-known/openid-configuration"


class InProcess(BaseAdapter):
    """What the library sends goes to the portal in this very process: no socket, no thread."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        headers = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers.items()
            if name.lower() not in {"content-type", "content-length", "cookie"}
        }
        answer = MACHINE.generic(
            request.method,
            request.path_url,
            data=request.body or b"",
            content_type=request.headers.get("Content-Type", ""),
            **headers,
        )
        found = requests.Response()
        found.status_code, found.url, found.request = answer.status_code, request.url, request
        found.headers.update(answer.headers)
        found.raw = BytesIO(answer.content)
        return found

    def close(self) -> None:
        pass


@dataclass
class Relying:
    """`opened` is the last address people were sent to; `adapter` None: real sockets."""

    client_id: str
    secret: str | None = SECRET
    scope: str = "openid profile email"
    redirect_uri: str = RETURN
    base: str = ""
    adapter: BaseAdapter | None = field(default_factory=InProcess)
    verifier: str = ""
    nonce: str = ""

    def __post_init__(self) -> None:
        self.http = requests.Session()
        self.session = OAuth2Session(
            self.client_id,
            self.secret,
            scope=self.scope,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self.secret else "none",
        )
        if self.adapter:
            for session in (self.http, self.session):
                session.mount("https://", self.adapter)
        self.told = self.http.get((self.base or settings.BASE_URL) + DISCOVERY).json()

    def address(self, **more: str) -> str:
        """Where to send a person; a state, a nonce and a verifier are drawn anew."""
        self.verifier, self.nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        url, self.state = self.session.create_authorization_url(
            self.told["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **more
        )
        return url

    def redeem(self, location: str, **more: str) -> dict[str, Any]:
        """Tokens; the library refuses a foreign state, this test one without our issuer (RFC 9207)."""
        assert parse_qs(urlsplit(location).query)["iss"] == [self.told["issuer"]]
        return self.session.fetch_token(
            self.told["token_endpoint"],
            authorization_response=location,
            state=self.state,
            code_verifier=self.verifier,
            **more,
        )

    def read(self, id_token: str) -> CodeIDToken:
        """The claims, once signature, issuer, audience, nonce and times are checked by the libraries."""
        keys = KeySet.import_key_set(self.http.get(self.told["jwks_uri"]).json())
        found = jwt.decode(id_token, keys, algorithms=["RS256"])
        claims = CodeIDToken(
            found.claims,
            found.header,
            options={"iss": {"value": self.told["issuer"]}, "aud": {"value": self.client_id}},
            params={"nonce": self.nonce, "client_id": self.client_id},
        )
        claims.validate()
        return claims

    def person(self) -> requests.Response:
        return self.session.get(self.told["userinfo_endpoint"])


def go(browser: PortalClient, address: str) -> HttpResponse:
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")


def agree(browser: PortalClient, address: str, user: Any, action: str = "accorder") -> HttpResponse:
    parts = urlsplit(address)
    return browser.post(f"{parts.path}?{parts.query}", {"action": action, "pour": user.username})


def sent_back(answer: HttpResponse) -> dict[str, str]:
    """What the service reads in the address people come back to."""
    assert answer.status_code == 302, answer.content.decode()
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
