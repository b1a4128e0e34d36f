"""Single-use links: a password link (norm D09) and the confirmation of a recovery address."""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from security.models import User


class PasswordLinkGenerator(PasswordResetTokenGenerator):
    """Dies with the password it replaces, after an hour, and as soon as a newer link is asked for."""

    key_salt = "security.tokens.PasswordLinkGenerator"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        asked = user.reset_requested_at.isoformat() if user.reset_requested_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{asked}{user.is_active}"


password_link = PasswordLinkGenerator()


def recovery_key(address: EmailAddress) -> str:
    return str(EmailConfirmationHMAC.create(address).key)


def address_of(key: str) -> EmailAddress | None:
    """The address a confirmation link names, None when the link is false or older than a day."""
    found = EmailConfirmationHMAC.from_key(key)
    return found.email_address if found else None
