"""Sign-in from outside Europe: refused until the informatique grants it, for fifteen days at most (requirement S88, T13).

The country is that in which the network is registered: an indication, never a proof. It is read in data shipped with a
library, no address leaves the portal.
"""

import datetime as dt

import iptocc
from allauth.account.stages import LoginStage
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from security.domain.countries import Reach, reach_of
from security.models import AbroadAccess, User


def country_of(address: str | None) -> str:
    """ISO code of the country of the network, empty when it is not known (private, reserved, malformed)."""
    return iptocc.country_code(address or "") or ""


def asks_for_leave(request: HttpRequest, user: User, on: dt.date) -> bool:
    """This sign-in comes from abroad and nothing allows it today."""
    if not settings.ABROAD_ACCESS_ON_REQUEST:
        return False
    if reach_of(country_of(request.META.get("REMOTE_ADDR"))) is not Reach.ABROAD:
        return False
    return not AbroadAccess.objects.filter(user=user).current(on).exists()


class AbroadStage(LoginStage):
    """After the password and the second step: the person is known, but not signed in before the access is granted."""

    key = "abroad"
    urlname = "security:abroad"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if isinstance(user, User) and asks_for_leave(self.request, user, timezone.localdate()):
            self.request.session.cycle_key()  # whoever planted the key before waits with nobody
            return redirect("security:abroad"), True
        return None, True
