"""Whose file: one's own, and those a member of staff may open."""

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from career.models import Agent, Assignment
from iprof.web.formats import french_date
from security.enums import Role
from security.models import User
from security.policies import scope_of

MANAGERS = (Role.GESTIONNAIRE, Role.SUPERADMIN)  # who answers agents about their file


def agent_of(user: User | AnonymousUser) -> Agent | None:
    """The file of the person signed in, None for staff without one. One query."""
    if not user.is_authenticated:
        return None
    return Agent.objects.filter(user_id=user.pk).defer("numen_sealed", "numen_digest").first()


def matricules_of(users: Collection[int]) -> dict[int, str]:
    """The matricule by account, for those with a file. One query."""
    return dict(Agent.objects.filter(user_id__in=users).values_list("user_id", "matricule"))


def visible_agents(user: User | AnonymousUser, *, on: dt.date, roles: Collection[str] | None = None) -> QuerySet[Agent]:
    """Agents in the habilitation of `user` on a day, by the post they hold that day; empty without habilitation.

    `roles` are those whose habilitations count, when what is read of the agents is not for all.
    """
    scope = scope_of(user, on=on)
    scope = scope if roles is None else scope.of(roles)
    agents = Agent.objects.all()
    if scope.whole:
        return agents
    if not scope.departements and not scope.uais:
        return agents.none()
    posted = (
        Assignment.objects.filter(agent=OuterRef("pk"), cancelled=False, starts_on__lte=on)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .filter(Q(establishment__departement__in=scope.departements) | Q(uai__in=scope.uais))
    )
    return agents.filter(Exists(posted))


def identity_of(agent: Agent) -> tuple[tuple[str, str], ...]:
    """(label, value) of the identity and coordinates, as the owner sees them; « non transmis » where nothing came."""
    place = " ".join(part for part in (agent.postal_code, agent.commune) if part)
    rows = (
        ("Civilité", agent.get_civilite_display()),
        ("Prénom", agent.first_name),
        ("Nom d'usage", agent.last_name),
        ("Nom de naissance", agent.birth_name),
        ("Date de naissance", french_date(agent.birth_date)),
        ("Matricule", agent.matricule),
        ("Adresse", ", ".join(part for part in (agent.address, place) if part)),
        ("Téléphone", agent.phone),
        ("Arrivée dans l'académie", french_date(agent.entered_on)),
    )
    return tuple((label, value or "non transmis") for label, value in rows)
