"""Signed tokens of a provider: nothing is read of one before its signature, issuer, audience and dates hold (D39, D42)."""

from typing import Any

import jwt
from django.utils.crypto import constant_time_compare

from security.domain.sso import Fault, SignOnProblem, checked_subject
from security.sso.discovery import key_of
from security.sso.providers import Provider

LARGEST = 16 * 1024  # characters
LEEWAY = 30  # seconds between two clocks
LOGOUT_TYPES = {"logout+jwt", "application/logout+jwt"}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def verified(provider: Provider, token: object, *, needs: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token signed by the provider for this portal. Raises SignOnProblem."""
    if not isinstance(token, str) or len(token) > LARGEST:
        raise SignOnProblem(Fault.BROKEN, "token")
    key = key_of(provider, token)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(provider.algorithms),
            issuer=provider.issuer,
            audience=provider.client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", *needs]},
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as problem:
        raise SignOnProblem(Fault.CLOCK, type(problem).__name__) from None
    except jwt.PyJWTError as problem:
        raise SignOnProblem(Fault.UNTRUSTED, type(problem).__name__) from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else provider.client_id) != provider.client_id:
        raise SignOnProblem(Fault.UNTRUSTED, "azp")
    return claims


def identity_claims(provider: Provider, token: object, *, nonce: str) -> dict[str, Any]:
    """The claims of an id_token made for the sign-in that holds `nonce`. Raises SignOnProblem."""
    claims = verified(provider, token, needs=("exp", "iat", "sub"))
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise SignOnProblem(Fault.UNTRUSTED, "nonce")
    if "events" in claims:  # a token of another trade (RFC 8725, § 2.8)
        raise SignOnProblem(Fault.UNTRUSTED, "events")
    if provider.acr and claims.get("acr") not in provider.acr:
        raise SignOnProblem(Fault.UNTRUSTED, "acr")
    checked_subject(claims["sub"])
    return claims


def logout_claims(provider: Provider, token: object) -> dict[str, Any]:
    """The claims of a logout_token: its own type, one event, no nonce, a session or a subject (Back-Channel Logout 1.0)."""
    claims = verified(provider, token, needs=("iat", "jti", "events", "exp"))
    if str(jwt.get_unverified_header(str(token)).get("typ")).lower() not in LOGOUT_TYPES:
        raise SignOnProblem(Fault.UNTRUSTED, "typ")
    events = claims["events"]
    if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims:
        raise SignOnProblem(Fault.UNTRUSTED, "events")
    if not (claims.get("sub") or claims.get("sid")) or not isinstance(claims["jti"], str):
        raise SignOnProblem(Fault.UNTRUSTED, "sub")
    return claims
