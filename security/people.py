"""Who is signed in, as a `User`: the middleware lets nobody else reach a page that needs one."""

from typing import cast

from django.http import HttpRequest

from security.models import User


def signed_in(request: HttpRequest) -> User:
    return cast(User, request.user)
