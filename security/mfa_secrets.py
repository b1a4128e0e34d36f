"""The sealed parts of a second factor, inside its JSON, for the change of key."""

import base64
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator

from iprof.web.rotation import SealedColumn
from security.mfa import SEALED_FOR

ALONE, MANY = ("secret", "seed"), "migrated_codes"


def reseal(data: dict[str, Any], again: Callable[[bytes], bytes]) -> dict[str, Any]:
    """The same factor, its secrets passed through `again`. Raises ValueError for what is not base64."""

    def one(text: str) -> str:
        return base64.b64encode(again(base64.b64decode(text, validate=True))).decode()

    new = dict(data) | {name: one(data[name]) for name in ALONE if name in data}
    return new | ({MANY: [one(text) for text in data[MANY]]} if MANY in data else {})


FACTORS = SealedColumn(
    "Seconds facteurs",
    lambda: Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN),
    "data",
    SEALED_FOR,
    reseal,
)
