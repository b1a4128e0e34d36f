"""Sign-ins begun in this browser and not come back yet: kept in its session, good once, ten minutes (norms D08, D39)."""

import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from security.domain.sso import Fault, SignOnProblem

KEY = "sso_started"
SECONDS, AT_ONCE = 600, 5


@dataclass(frozen=True, slots=True)
class Started:
    """`state` ties the answer to this browser, `nonce` the signed token to this sign-in, `verifier` the code to this
    portal (PKCE): 256 bits each."""

    provider: str
    next_url: str
    state: str
    nonce: str
    verifier: str
    at: float


def start(request: HttpRequest, provider: str, next_url: str) -> Started:
    """Begins a sign-in; the oldest of more than five tabs is forgotten."""
    begun = Started(
        provider=provider,
        next_url=next_url,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(32),
        at=time.time(),
    )
    request.session[KEY] = [*_alive(request), asdict(begun)][-AT_ONCE:]
    return begun


def take(request: HttpRequest, provider: str, state: str) -> Started:
    """The sign-in this answer belongs to, which no other answer opens again. Raises SignOnProblem."""
    alive = _alive(request)
    found = [one for one in alive if constant_time_compare(one["state"], state) and one["provider"] == provider]
    if not found:
        raise SignOnProblem(Fault.STALE)
    request.session[KEY] = [one for one in alive if one["state"] != state]
    request.session.save()  # spent before the provider is asked: a second answer at the same time finds nothing
    return Started(**found[0])


def _alive(request: HttpRequest) -> list[dict[str, Any]]:
    limit = time.time() - SECONDS
    return [one for one in request.session.get(KEY, []) if one["at"] > limit]
