"""Checking a code at sign-in or to confirm: of an application, or a recovery code. Keys are in `security.keys`.

The answer never tells which of them was expected or wrong (norm D04, R14).
"""

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from iprof.web.crypto import UnreadableSecret
from security.models import User

TOTP, KEY, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
MAIN = (TOTP, KEY)
# What a forged answer of a browser makes the libraries raise.
FORGED = (ValidationError, InvalidSignature, ValueError, TypeError, LookupError, AttributeError)
log = structlog.get_logger(__name__)


def has_factor(user: User) -> bool:
    """Whether an application or a key is enrolled; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=MAIN).exists()


@transaction.atomic
def accept_code(user: User, code: str) -> str | None:
    """The type of the factor whose code this is, None for none. Each code serves once, whatever comes in parallel."""
    rows = Authenticator.objects.select_for_update().filter(user_id=user.pk, type__in=[TOTP, RECOVERY])
    for row in rows.order_by("-type"):
        if _fits(row, code):
            return _used(row)
    return None


def _fits(row: Authenticator, code: str) -> bool:
    try:
        return totp_counter(row, code) if row.type == TOTP else bool(row.wrap().validate_code(code))
    except UnreadableSecret:
        log.error("unreadable_factor", authenticator=row.pk)
        return False


def totp_counter(row: Authenticator, code: str) -> bool:
    """Whether the code is of this half-minute or a neighbour, and later than the last one accepted."""
    counter = matching_counter(decrypt(row.data["secret"]), code, after=row.data.get("last_counter", 0))
    if counter is None:
        return False
    row.data["last_counter"] = counter
    row.save(update_fields=["data"])
    return True


def matching_counter(secret: str, code: str, *, after: int = 0) -> int | None:
    """The number of the half-minute (RFC 6238) whose code this is, among those accepted now and later than `after`."""
    for counter in yield_hotp_counters_from_time():
        if counter > after and constant_time_compare(format_hotp_value(hotp_value(secret, counter)), code):
            return counter
    return None


def _used(row: Authenticator) -> str:
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    return str(row.type)
