"""Settings of the identity providers that contradict one another are told at start."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from security.sso.providers import ALGORITHMS, KINDS, PROFILES


@register(Tags.security, deploy=True)
def check_identity_providers(**kwargs: Any) -> list[CheckMessage]:
    """Each provider can be asked, and asked safely; two are never one (requirement S62, ADR 0013)."""
    found = [(f"IPROF_SSO_{slug}".upper(), values) for slug, values in settings.SSO_PROVIDERS.items()]
    issuers = [values.get("issuer") for _, values in found]
    problems = [problem for name, values in found for problem in _provider_problems(name, values)]
    if len(set(issuers)) < len(issuers):
        problems.append("Two providers of IPROF_SSO_PROVIDERS have the same issuer.")
    return [Error(problem, id="iprof.E030") for problem in problems]


def _provider_problems(name: str, values: dict[str, str]) -> Iterator[str]:
    kind = values.get("kind", "oidc")
    if kind not in KINDS:
        yield f"{name}_KIND is {kind}, neither of {', '.join(KINDS)}."
    if values.get("profile", "") not in PROFILES:
        yield f"{name}_PROFILE is not known: leave it out, or write proconnect."
    for key in ("issuer", "home"):
        url = urlsplit(values.get(key, ""))
        if (key == "issuer" or key in values) and (url.scheme != "https" or not url.hostname):
            yield f"{name}_{key.upper()} does not begin with https:// and a host."
    if kind == "oidc" and not (values.get("client_id") and values.get("client_secret")):
        yield f"{name}_CLIENT_ID or {name}_CLIENT_SECRET is absent."
    if not set(values.get("algorithms", "").split()) <= set(ALGORITHMS):
        yield f"{name}_ALGORITHMS holds others than {', '.join(ALGORITHMS)}."
