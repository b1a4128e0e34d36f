"""Which threads staff see, and which colleagues may follow one: the habilitation decides (norms D16, D21)."""

import datetime as dt

from django.db.models import F, Q, QuerySet

from career.models import Agent
from career.selectors.agents import MANAGERS, visible_agents
from career.selectors.staff import current_posts
from iprof.correspondence.enums import ThreadKind
from iprof.correspondence.models import Thread
from security.enums import Role, ScopeKind
from security.models import Habilitation, User
from security.policies import scope_of

HELPERS = (Role.IT, Role.SUPPORT, Role.SUPERADMIN)


def visible_threads(user: User, *, on: dt.date) -> QuerySet[Thread]:
    """Dialogues of the agents whom a habilitation to manage covers; another role, however wide, opens none."""
    dialogues = Thread.objects.filter(kind=ThreadKind.DIALOGUE)
    return dialogues.filter(owner__agent__in=visible_agents(user, on=on, roles=MANAGERS))


def visible_tickets(user: User, *, on: dt.date) -> QuerySet[Thread]:
    """All the tickets for the computing team and for support in the whole académie; for others, those of the agents
    whom a habilitation to help covers."""
    tickets = Thread.objects.filter(kind=ThreadKind.SUPPORT)
    scope = scope_of(user, on=on).of(HELPERS)
    if Role.IT in scope.roles or scope.whole:
        return tickets
    return tickets.filter(owner__agent__in=visible_agents(user, on=on, roles=HELPERS))


def colleagues_for(thread: Thread, *, on: dt.date) -> QuerySet[User]:
    """Staff who may be handed a thread: an open account, a role that answers, a habilitation that covers its owner."""
    lines = Habilitation.objects.current(on).filter(user__groups__name=F("role"), user__is_active=True)
    if thread.kind == ThreadKind.SUPPORT:
        covering = lines.filter(Q(role=Role.IT) | _covers(thread.owner, on) & Q(role__in=HELPERS))
    else:
        covering = lines.filter(_covers(thread.owner, on), role__in=MANAGERS)
    people = User.objects.filter(pk__in=covering.values("user_id"), is_staff=True)
    return people.exclude(pk=thread.owner_id).order_by("last_name", "first_name", "pk")


def _covers(owner: User, on: dt.date) -> Q:
    """The lines of habilitation that cover the posts an account holds on a day. One query."""
    agent = Agent.objects.filter(user_id=owner.pk).only("pk").first()
    posts = current_posts(on).filter(agent=agent).values_list("uai", "establishment__departement") if agent else ()
    found = list(posts)
    return (
        Q(scope_kind=ScopeKind.ACADEMIE)
        | Q(scope_kind=ScopeKind.ESTABLISHMENT, scope_code__in=[uai for uai, _ in found])
        | Q(scope_kind=ScopeKind.DEPARTEMENT, scope_code__in=[code for _, code in found if code])
    )
