"""Which requests about lost second factors a member of staff reads."""

import datetime as dt

from django.db.models import QuerySet

from career.selectors.agents import visible_agents
from security.enums import Role
from security.models import FactorLoss, User
from security.policies import scope_of

EVERYWHERE = {Role.IT, Role.SUPERADMIN}


def visible_losses(user: User, *, on: dt.date) -> QuerySet[FactorLoss]:
    """All of them for whoever runs the accounts; for the others, those of the agents in their habilitation, staff left out."""
    losses = FactorLoss.objects.all()
    if EVERYWHERE & scope_of(user, on=on).roles:
        return losses
    return losses.filter(user__is_staff=False, user__agent__in=visible_agents(user, on=on))
