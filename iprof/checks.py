"""System checks: settings that contradict each other are told at start, not met by a user."""

import base64
import binascii
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


@register(Tags.security)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    """NUMEN_KEY and LOOKUP_KEY must each be 32 bytes in base64, and differ."""
    problems: list[CheckMessage] = [
        Error(
            f"{name} is not 32 bytes in base64.",
            hint="python3 -c 'import base64,os;print(base64.b64encode(os.urandom(32)).decode())'",
            id=f"iprof.E00{number}",
        )
        for number, name in enumerate(("NUMEN_KEY", "LOOKUP_KEY"), start=2)
        if not _is_key(getattr(settings, name))
    ]
    if settings.NUMEN_KEY == settings.LOOKUP_KEY:
        problems.append(Error("NUMEN_KEY and LOOKUP_KEY are the same key.", id="iprof.E004"))
    return problems


@register(Tags.security, deploy=True)
def check_cookie_prefix(**kwargs: Any) -> list[CheckMessage]:
    """In production the session and CSRF cookies carry the __Host- prefix (norm D13)."""
    return [
        Error(f"{name} does not begin with __Host-.", id="iprof.E001")
        for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME")
        if not getattr(settings, name).startswith("__Host-")
    ]
