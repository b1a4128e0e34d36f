"""OpenID Connect: authorization code with PKCE, state and nonce; signed tokens checked here (norms D39, D42)."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.crypto import constant_time_compare

from security.domain.sso import Fault, Identity, SignOnProblem, is_strong, missing_claims, shown_name
from security.sso.discovery import published
from security.sso.providers import Provider
from security.sso.states import Started
from security.sso.tokens import identity_claims, verified
from security.sso.transport import ask, ask_ok

WANTED = json.dumps({"id_token": {"amr": None, "acr": None}}, separators=(",", ":"))
DENIALS = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})


class OidcSignOn:
    """One provider. Every method may raise SignOnProblem."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def authorization_url(self, begun: Started, *, back: str, hint: str = "") -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
        wanted = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.provider.scopes),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "acr_values": " ".join(self.provider.acr),
            "login_hint": hint[:200],
        }
        values = published(self.provider)
        if values.get("claims_parameter_supported"):
            wanted["claims"] = WANTED
        return _with(values["authorization_endpoint"], wanted)

    def identity(self, answer: Mapping[str, str], begun: Started, *, back: str) -> Identity:
        """The person, from what the provider sent back through the browser."""
        self._check_sender(answer)
        if error := answer.get("error"):
            known = error in DENIALS
            raise SignOnProblem(Fault.DENIED if known else Fault.BROKEN, error if known else "error")
        if not answer.get("code"):
            raise SignOnProblem(Fault.BROKEN, "code")
        tokens = self._exchange(answer["code"], begun, back)
        claims = identity_claims(self.provider, tokens.get("id_token"), nonce=begun.nonce)
        told = self._told(claims, tokens.get("access_token"))
        if absent := missing_claims(told, self.provider.required):
            raise SignOnProblem(Fault.INCOMPLETE, " ".join(absent))
        return Identity(
            issuer=self.provider.issuer,
            subject=claims["sub"],
            name=shown_name(told),
            strong=is_strong(claims),
            session=str(claims.get("sid") or "")[:255],
            hint=tokens["id_token"],
        )

    def logout_url(self, hint: str, *, back: str) -> str:
        """Where the person's session at the provider ends too (RP-Initiated Logout 1.0); empty when it has none."""
        end = published(self.provider).get("end_session_endpoint")
        if not isinstance(end, str):
            return ""
        asked = {"id_token_hint": hint, "client_id": self.provider.client_id, "post_logout_redirect_uri": back}
        asked["state"] = secrets.token_urlsafe(32)  # ProConnect wants one; the page it leads back to does nothing
        return _with(end, asked)

    def _check_sender(self, answer: Mapping[str, str]) -> None:
        """Who answers says so (RFC 9207): the answer of one provider is never taken for another's."""
        announced = published(self.provider).get("authorization_response_iss_parameter_supported") is True
        if ("iss" in answer or announced) and answer.get("iss") != self.provider.issuer:
            raise SignOnProblem(Fault.UNTRUSTED, "iss")

    def _exchange(self, code: str, begun: Started, back: str) -> dict[str, Any]:
        values = published(self.provider)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": begun.verifier}
        auth = ""
        methods = values.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_post" in methods:
            form |= {"client_id": self.provider.client_id, "client_secret": self.provider.client_secret}
        else:
            auth = _basic(self.provider)
        answer = ask(self.provider, values["token_endpoint"], form=form, auth=auth)
        if answer.status >= 500:
            raise SignOnProblem(Fault.DOWN, f"http {answer.status}")
        if answer.status != 200:
            raise SignOnProblem(Fault.UNTRUSTED, "code")
        return answer.json()

    def _told(self, claims: dict[str, Any], access: object) -> dict[str, Any]:
        """The claims, with those of userinfo when some are wanted. A name is only for a page: it may stay unknown."""
        if missing_claims(claims, self.provider.required):
            return self._complete(claims, access)
        try:
            return claims if shown_name(claims) else self._complete(claims, access)
        except SignOnProblem as problem:
            if problem.fault is Fault.UNTRUSTED:
                raise
            return claims

    def _complete(self, claims: dict[str, Any], access: object) -> dict[str, Any]:
        """Never another person's (OpenID Connect Core 1.0, § 5.3.2)."""
        address = published(self.provider).get("userinfo_endpoint")
        if not isinstance(address, str) or not isinstance(access, str):
            return claims
        answer = ask_ok(self.provider, address, auth=f"Bearer {access}")
        signed = answer.content_type == "application/jwt"
        told = (
            verified(self.provider, answer.body.decode("ascii", "replace"), needs=("sub",)) if signed else answer.json()
        )
        if not constant_time_compare(str(told.get("sub", "")), claims["sub"]):
            raise SignOnProblem(Fault.UNTRUSTED, "userinfo")
        return told | claims


def _with(address: str, values: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{address}{'&' if '?' in address else '?'}{query}"


def _basic(provider: Provider) -> str:
    """RFC 6749, § 2.3.1: both parts are form-encoded before they are joined."""
    parts = (urlencode({"": part})[1:] for part in (provider.client_id, provider.client_secret))
    return f"Basic {base64.b64encode(':'.join(parts).encode()).decode()}"
