"""Single-use links: a password link (norm D09), the confirmation of a recovery address, the end of a request."""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing

from security.models import FactorLoss, User
from security.models_loss import OPEN


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


LOSS_SALT = "security.tokens.loss"


def loss_key(loss: FactorLoss) -> str:
    """Cancels the request while it is open; it does nothing else, so it needs no end of its own."""
    return signing.dumps(str(loss.public_id), salt=LOSS_SALT)


def loss_of(key: str) -> FactorLoss | None:
    """The open request a link names, None when the link is false or the request is closed."""
    try:
        public_id = signing.loads(key, salt=LOSS_SALT)
    except signing.BadSignature:
        return None
    return FactorLoss.objects.select_related("user").filter(public_id=public_id, state__in=OPEN).first()
