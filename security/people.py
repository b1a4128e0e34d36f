"""Who is signed in, as a `User`: the middleware lets nobody else reach a page that needs one."""

from typing import cast

from django.http import HttpRequest

from security.models import User


def signed_in(request: HttpRequest) -> User:
    """The person whose pages these are: the agent, while staff look in their place."""
    return cast(User, request.user)


def real_user(request: HttpRequest) -> User:
    """The person who holds the browser."""
    return cast(User, getattr(request, "real_user", request.user))
