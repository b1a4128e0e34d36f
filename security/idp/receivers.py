"""What ends a service's session: the portal's own session, and every change that closes sessions."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from security.enums import AccountChange
from security.idp.models import ServiceSession
from security.idp.sessions import after_end, end_service_sessions
from security.models import User
from security.signals import account_changed, account_closed

CLOSING = {
    AccountChange.PASSWORD_CHANGED,
    AccountChange.REINFORCED,
    AccountChange.NOT_REINFORCED,
    AccountChange.FACTOR_ADDED,
    AccountChange.FACTOR_REMOVED,
    AccountChange.RECOVERY_CODES,
    AccountChange.ABROAD_WITHDRAWN,
    AccountChange.PASSWORD_EXPIRED,
}


@receiver(post_delete, sender=ServiceSession, dispatch_uid="idp.session_ended")
def session_ended(instance: ServiceSession, **kwargs: Any) -> None:
    after_end(instance)


@receiver(account_changed, dispatch_uid="idp.account_changed")
def account_changes(sender: type[User], user: User, kind: AccountChange, **kwargs: Any) -> None:
    if kind in CLOSING:
        end_service_sessions(user)


@receiver(account_closed, dispatch_uid="idp.account_closed")
def account_closes(sender: type[User], user: User, **kwargs: Any) -> None:
    end_service_sessions(user)
