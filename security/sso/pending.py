"""An identity nobody has linked yet: kept in this browser's session, ten minutes, until its owner confirms signed in."""

import time
from dataclasses import asdict, dataclass

from django.http import HttpRequest

from security.domain.sso import Identity
from security.sso.providers import Provider, find_provider

KEY = "sso_pending"
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Pending:
    provider: Provider
    identity: Identity
    next_url: str


def keep(request: HttpRequest, provider: Provider, identity: Identity, next_url: str) -> None:
    request.session[KEY] = {
        "provider": provider.slug,
        "identity": asdict(identity),
        "next": next_url,
        "user": request.user.pk,  # None before the sign-in
        "at": time.time(),
    }


def pending(request: HttpRequest) -> Pending | None:
    """What waits in this session for whoever asks; None when another account was signed in when it came."""
    kept = request.session.get(KEY)
    if not kept or time.time() - kept["at"] > SECONDS or kept["user"] not in {None, request.user.pk}:
        return None
    provider = find_provider(kept["provider"])
    return Pending(provider, Identity(**kept["identity"]), kept["next"]) if provider else None


def drop(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
