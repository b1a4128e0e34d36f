"""Proving again who one is before a change of password, factor or recovery address (norm D12).

Whoever has a factor gives the password and the factor, or a key that knows its owner. The others give the password.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from security.factors import KEY, accept_code
from security.keys import check_key
from security.models import User

confirmed: Callable[..., Any] = reauthentication_required(app="allauth.mfa")


@dataclass(frozen=True, slots=True)
class Ways:
    """What the account can confirm with besides the password; recovery codes are codes."""

    code: bool = False
    key: bool = False

    @property
    def factor(self) -> bool:
        return self.code or self.key


def ways_of(user: User) -> Ways:
    """One query."""
    types = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return Ways(code=bool(types - {KEY}), key=KEY in types)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person did so in the last five minutes (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    return bool(did_recently_reauthenticate(request))


def proof(
    request: HttpRequest,
    user: User,
    ways: Ways,
    *,
    password: str = "",
    code: str = "",
    credential: dict[str, Any] | None = None,
) -> str | None:
    """What proved it: "password" or the type of the factor, None when something was wrong, without telling what.

    A code serves once: it is looked at after the password only, so that a slip in the password does not burn it.
    """
    if credential:
        use = check_key(request, user, credential)
        return KEY if use and (use.verified or user.check_password(password)) else None
    if not user.check_password(password):
        return None
    return accept_code(user, code) if ways.factor else "password"
