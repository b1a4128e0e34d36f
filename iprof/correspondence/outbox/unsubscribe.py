"""The link that switches a mail off without signing in (List-Unsubscribe, and RFC 8058 for one click).

The token is the Message-ID of the mail, signed: it names nobody, and only the portal can tell whose it is.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from iprof.correspondence.kinds import Family, family_of
from iprof.correspondence.models import Alert
from iprof.correspondence.outbox.encryption import UnusableKeys, b64, unb64
from security.models import User

_FAMILY, _NOTICE = "iprof.correspondence.family", "iprof.correspondence.notice"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link switches off: the mail of a family, or (None) the notices at the recovery address."""

    user: User
    family: Family | None


def unsubscribe_headers(alert: Alert) -> dict[str, str]:
    """For the mail of an alert; empty where the family cannot be switched off. Nothing of a person is in them."""
    return _headers(alert, _FAMILY) if family_of(alert.kind).optional else {}


def notice_headers(alert: Alert) -> dict[str, str]:
    """For the notice that tells of an alert at the recovery address."""
    return _headers(alert, _NOTICE)


def _headers(alert: Alert, salt: str) -> dict[str, str]:
    token = signing.Signer(salt=salt).sign(b64(alert.message_id.bytes))
    address = settings.BASE_URL + reverse("correspondence:unsubscribe", kwargs={"token": token})
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def subscription_of(token: str) -> Subscription | None:
    """None: not a token of this portal, or of a mail it no longer knows."""
    for salt in (_FAMILY, _NOTICE):
        try:
            name = UUID(bytes=unb64(signing.Signer(salt=salt).unsign(token)))
        except (signing.BadSignature, UnusableKeys, ValueError):
            continue
        alert = Alert.objects.select_related("user").filter(message_id=name).first()
        if alert is not None:
            return Subscription(alert.user, family_of(alert.kind) if salt == _FAMILY else None)
    return None
