"""What allauth.mfa asks of the portal: how secrets rest, how a key is named."""

import base64
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from iprof.web.crypto import UnreadableSecret, seal, unseal
from security.models import User

SEALED_FOR = "mfa"


class PortalMFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        """Secrets of applications and seeds of recovery codes rest sealed (iprof.web.crypto)."""
        return base64.b64encode(seal(text, context=SEALED_FOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises UnreadableSecret."""
        try:
            return unseal(base64.b64decode(encrypted_text, validate=True), context=SEALED_FOR)
        except ValueError:
            raise UnreadableSecret(SEALED_FOR) from None

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {
            "id": context.request.get_host().rpartition(":")[0] or context.request.get_host(),
            "name": settings.PORTAL_NAME,
        }

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {"id": str(user.pk).encode(), "display_name": user.get_full_name(), "name": user.username}
