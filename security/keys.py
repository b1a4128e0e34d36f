"""Keys and passkeys. A challenge belongs to a session, serves once and lives ten minutes, whatever comes of it.

A key that knew its owner again (its own code, a fingerprint) is two factors at once: it signs in alone, and confirms alone.
"""

import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticationResponse, ResidentKeyRequirement, UserVerificationRequirement

from security.domain.second_step import counter_goes_on
from security.factors import FORGED, KEY
from security.models import User
from security.services_second_step import refuse_copy

SECONDS = 600
REQUIRED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class KeyUse:
    """`verified`: the key asked its owner for a code or a fingerprint."""

    key: Authenticator
    verified: bool


def registration_options(user: User) -> dict[str, Any]:
    """A passkey wherever the device can keep one, so that it opens without a password; else a plain second factor."""
    options, state = webauthn.get_server().register_begin(
        user=webauthn.build_user_payload(user),
        credentials=webauthn.get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
        extensions=webauthn.EXTENSIONS,
    )
    webauthn.set_state(state)
    return dict(options)


def key_options(user: User | None = None) -> dict[str, Any]:
    """A new challenge: for the keys of one account, or for whichever passkey the device holds."""
    options: dict[str, Any] = webauthn.begin_authentication(user)
    webauthn.set_state((webauthn.get_state() or {}) | {"at": int(time.time())})
    return options


def owner_of(credential: dict[str, Any]) -> User | None:
    """The open account a passkey says it belongs to; nothing is proved yet."""
    try:
        handle = websafe_decode(credential["response"]["userHandle"]).decode("ascii")
    except FORGED:
        return None
    if not handle.isdigit() or len(handle) > 18:
        return None
    return User.objects.filter(pk=int(handle), is_active=True, activated_at__isnull=False).first()


def check_key(request: HttpRequest, user: User, credential: dict[str, Any], *, alone: bool = False) -> KeyUse | None:
    """The key of this account that signed the challenge of this session, None otherwise. The challenge is gone then.

    `alone`: the challenge must have been given for a sign-in without password, and the key must have known its owner.
    """
    state = webauthn.get_state() or {}
    try:
        if time.time() - state.get("at", 0) > SECONDS or (alone and state.get("user_verification") != REQUIRED):
            return None
        webauthn.parse_authentication_response(credential)
        row = webauthn.complete_authentication(user, credential)
        data = AuthenticationResponse.from_dict(credential).response.authenticator_data
    except FORGED:
        return None
    finally:
        webauthn.clear_state()
    if alone and not data.is_user_verified():
        return None
    return KeyUse(row, data.is_user_verified()) if _counted(request, user, row.pk, data.counter) else None


@transaction.atomic
def _counted(request: HttpRequest, user: User, pk: int, counter: int) -> bool:
    """Keeps the signature counter of the key; one that does not go on betrays a copy (WebAuthn, §6.1.1)."""
    row = Authenticator.objects.select_for_update().filter(pk=pk, user_id=user.pk, type=KEY).first()
    if row is None:
        return False
    if not counter_goes_on(row.data.get("counter", 0), counter):
        refuse_copy(user=user, request=request)
        return False
    row.data["counter"] = counter
    row.last_used_at = timezone.now()
    row.save(update_fields=["data", "last_used_at"])
    return True
