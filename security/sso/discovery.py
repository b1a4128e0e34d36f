"""What an OpenID Connect provider publishes: its addresses and its keys, kept ten minutes in each process."""

import time
from dataclasses import dataclass
from typing import Any

import jwt

from security.domain.sso import Fault, SignOnProblem
from security.sso.providers import Provider
from security.sso.transport import ask_ok

KEPT = 600.0  # seconds
AGAIN = 60.0  # seconds before the keys are asked for once more because of one that is not there
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")


@dataclass(slots=True)
class _Kept:
    at: float
    values: dict[str, Any]


_published: dict[str, _Kept] = {}
_keys: dict[str, _Kept] = {}


def forget() -> None:
    """Empties what this process keeps."""
    _published.clear()
    _keys.clear()


def published(provider: Provider) -> dict[str, Any]:
    """The provider's metadata, checked to be its own. Raises SignOnProblem."""
    kept = _published.get(provider.issuer)
    if kept is None or time.monotonic() - kept.at > KEPT:
        address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        values = ask_ok(provider, address).json()
        _check(provider, values)
        kept = _published[provider.issuer] = _Kept(time.monotonic(), values)
    return kept.values


def _check(provider: Provider, values: dict[str, Any]) -> None:
    """Its own, and every address a web one, as safe as the issuer's."""
    if values.get("issuer") != provider.issuer:
        raise SignOnProblem(Fault.UNTRUSTED, "issuer")
    safe = "https://" if provider.secure else ("https://", "http://")
    for name in (*NEEDED, *(name for name in OPTIONAL if values.get(name))):
        if not isinstance(values.get(name), str) or not values[name].startswith(safe):
            raise SignOnProblem(Fault.BROKEN, "metadata")


def key_of(provider: Provider, token: str) -> jwt.PyJWK:
    """The public key a token names, of an accepted algorithm. Raises SignOnProblem."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise SignOnProblem(Fault.UNTRUSTED, "header") from None
    if header.get("alg") not in provider.algorithms:
        raise SignOnProblem(Fault.UNTRUSTED, "alg")
    found = _find(_key_set(provider, fresh=KEPT), header)
    found = found or _find(_key_set(provider, fresh=AGAIN), header)  # the provider changed its keys
    if found is None:
        raise SignOnProblem(Fault.UNTRUSTED, "kid")
    return found


def _find(keys: dict[str, Any], header: dict[str, Any]) -> jwt.PyJWK | None:
    """By its name; a token without a name is of the only key there is for its algorithm."""
    of_algorithm = [key for key in keys["keys"] if key.algorithm_name == header["alg"]]
    if "kid" in header:
        return next((key for key in of_algorithm if key.key_id == header["kid"]), None)
    return of_algorithm[0] if len(of_algorithm) == 1 else None


def _key_set(provider: Provider, *, fresh: float) -> dict[str, Any]:
    kept = _keys.get(provider.issuer)
    if kept is None or time.monotonic() - kept.at > fresh:
        answer = ask_ok(provider, published(provider)["jwks_uri"]).json()
        kept = _keys[provider.issuer] = _Kept(time.monotonic(), {"keys": _readable(answer, provider.algorithms)})
    return kept.values


def _readable(answer: dict[str, Any], algorithms: tuple[str, ...]) -> list[jwt.PyJWK]:
    """The signing keys we can use. A key that names no algorithm serves those of its type, one by one."""
    found, told = [], answer.get("keys")
    for key in told if isinstance(told, list) else ():
        if not isinstance(key, dict) or key.get("use", "sig") != "sig" or key.get("kty") not in {"RSA", "EC"}:
            continue
        for name in (key["alg"],) if "alg" in key else algorithms:
            try:
                found.append(jwt.PyJWK(key, algorithm=name))
            except (jwt.PyJWTError, ValueError, TypeError):
                continue
    return [key for key in found if key.algorithm_name in algorithms]
