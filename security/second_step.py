"""Which second step this request's sign-in takes, and who must still enrol a factor."""

from django.conf import settings
from django.http import HttpRequest

from security.domain.second_step import Step, is_inside, step_of
from security.factors import has_factor
from security.models import User
from security.trust import is_trusted


def inside(request: HttpRequest) -> bool:
    """The client's address comes from the front by the PROXY protocol (docs/operations.md), never from a header."""
    return is_inside(request.META.get("REMOTE_ADDR") or "", settings.KNOWN_NETWORKS)


def step_asked(request: HttpRequest, user: User) -> Step:
    wanted = user.reinforced or user.is_staff
    if not wanted or inside(request):
        return Step.NONE
    return step_of(wanted=True, inside=False, trusted=is_trusted(request, user), has_factor=has_factor(user))


def must_enrol(request: HttpRequest, user: User) -> bool:
    """Staff without application or key (decision T5): the administration opens once one is enrolled."""
    concerned = user.is_staff and (settings.STAFF_FACTOR_EVERYWHERE or not inside(request))
    return concerned and not has_factor(user)
