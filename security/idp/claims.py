"""What a service is told of a person. Never the NUMEN, the birth date nor the recovery address."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from iprof.web.crypto import keyed_digest
from security.factors import KEY, RECOVERY, TOTP
from security.middleware import BEGAN
from security.models import User

# As ProConnect names them (norm D39). The mailbox is not a factor of its own: the same password may well open it.
METHODS = {"mail": "mail", TOTP: "totp", KEY: "pop", RECOVERY: "otp"}
ONE_FACTOR, TWO_FACTORS = "https://refeds.org/profile/sfa", "https://refeds.org/profile/mfa"


def subject_of(service: str, user: int) -> str:
    """64 hexadecimal characters, stable, different for each service: two services cannot match their people."""
    return keyed_digest(f"{service}:{user}", context="idp.subject", key=settings.STABLE_KEY)


def sign_in_of(request: HttpRequest, user: User) -> dict[str, Any]:
    """auth_time, amr and acr as the session really began: a trusted browser or a known network is one factor."""
    records = get_authentication_records(request, user)
    used: list[str] = []
    for record in records:
        name = "pwd" if record["method"] == "password" else METHODS.get(record.get("type", ""), "")
        if name and name not in used:
            used.append(name)
    strong = bool({"totp", "pop", "otp"} & set(used))
    return {
        "auth_time": int(records[-1]["at"]) if records else request.session.get(BEGAN, int(time.time())),
        "amr": [*used, "mfa"] if strong else used,
        "acr": TWO_FACTORS if strong else ONE_FACTOR,
    }


def claims_of(user: User, service: str, scopes: Iterable[str]) -> dict[str, Any]:
    """The answer of userinfo: what `security.idp.scopes` lists for these words, nothing else."""
    wanted = set(scopes)
    found: dict[str, Any] = {"sub": subject_of(service, user.pk)}
    if "profile" in wanted:
        found |= {"given_name": user.first_name, "family_name": user.last_name, "usual_name": user.last_name}
    if "email" in wanted and user.email:
        found |= {"email": user.email, "email_verified": True}  # the feed gives it
    if "agent" in wanted:
        agent_claims: Callable[..., dict[str, str]] = import_string(settings.IDP_AGENT_CLAIMS)
        found |= agent_claims(user, on=timezone.localdate())
    return found
