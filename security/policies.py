"""Which files a person may open, and which fields of them. Every list, page and admin asks here (norms D16, D21).

Two conditions together: the group gives the function (`security.roles`), the dated habilitation gives the files. One
without the other opens nothing, not even for a superuser.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from security.enums import Role, ScopeKind
from security.models import Habilitation, User


class AgentField(StrEnum):
    """What a file is made of, as far as rights go. Sections of facts have one name each."""

    NAME = "name"
    CORPS = "corps"
    DISCIPLINE = "discipline"
    QUOTITY = "quotity"
    ESTABLISHMENT = "establishment"
    MATRICULE = "matricule"
    LOGIN = "login"
    ACCOUNT_STATE = "account_state"
    BIRTH = "birth"
    ADDRESS = "address"
    PHONE = "phone"
    PRESENCE = "presence"
    STEPS = "steps"
    ASSIGNMENTS = "assignments"
    EVALUATIONS = "evaluations"
    DIPLOMAS = "diplomas"
    TRAININGS = "trainings"
    SERVICES = "services"
    ARRETES = "arretes"
    FAMILY = "family"
    PORTAL = "portal"  # the portal as the agent sees it, read only: permission security.impersonate_user, reason, trace
    MASKED_NUMEN = "masked_numen"  # the NUMEN itself is never a field: permission career.reveal_numen, reason, trace


WHOLE_FILE = frozenset(AgentField) - {AgentField.PORTAL}
FIELDS: dict[str, frozenset[AgentField]] = {
    Role.GESTIONNAIRE: WHOLE_FILE,
    Role.SUPERADMIN: WHOLE_FILE | {AgentField.PORTAL},
    Role.SUPPORT: frozenset(
        {
            AgentField.NAME,
            AgentField.CORPS,
            AgentField.DISCIPLINE,
            AgentField.ESTABLISHMENT,
            AgentField.LOGIN,
            AgentField.ACCOUNT_STATE,
            AgentField.PORTAL,
        }
    ),
    Role.MEDICAL: frozenset({AgentField.NAME, AgentField.CORPS, AgentField.ESTABLISHMENT}),
    Role.HEAD: frozenset(
        {AgentField.NAME, AgentField.CORPS, AgentField.DISCIPLINE, AgentField.QUOTITY, AgentField.ESTABLISHMENT}
    ),
}
# A head is habilitated on establishments only: a wider line, entered by mistake, opens nothing.
SCOPE_KINDS: dict[str, frozenset[str]] = {
    Role.GESTIONNAIRE: frozenset(ScopeKind.values),
    Role.SUPERADMIN: frozenset(ScopeKind.values),
    Role.SUPPORT: frozenset(ScopeKind.values),
    Role.MEDICAL: frozenset(ScopeKind.values),
    Role.HEAD: frozenset({ScopeKind.ESTABLISHMENT}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One habilitation in force that opens files: `kind` is a ScopeKind, `code` a département, an UAI or empty."""

    role: str
    kind: str
    code: str

    def covers(self, *, departement: str, uai: str) -> bool:
        if self.kind == ScopeKind.ACADEMIE:
            return True
        return self.code != "" and self.code == (departement if self.kind == ScopeKind.DEPARTEMENT else uai)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person is habilitated for on a day. `roles` holds every role, also those that open no file (DPO, IT);
    `whole`, `departements` and `uais` come from the grants, hence only from roles that open files."""

    roles: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()

    @property
    def whole(self) -> bool:
        return any(grant.kind == ScopeKind.ACADEMIE for grant in self.grants)

    @property
    def sees_portals(self) -> bool:
        """Whether some of these grants let see the portal of an agent in their place."""
        return any(AgentField.PORTAL in FIELDS[grant.role] for grant in self.grants)

    @property
    def departements(self) -> frozenset[str]:
        return frozenset(grant.code for grant in self.grants if grant.kind == ScopeKind.DEPARTEMENT)

    @property
    def uais(self) -> frozenset[str]:
        return frozenset(grant.code for grant in self.grants if grant.kind == ScopeKind.ESTABLISHMENT)

    def of(self, roles: Collection[str]) -> "Scope":
        """What is left of it with these roles only: where whoever has several acts in one of them."""
        kept = tuple(grant for grant in self.grants if grant.role in roles)
        return Scope(self.roles & frozenset(roles), kept)

    def agent_fields(self, *, departement: str, uai: str) -> frozenset[AgentField]:
        """The fields shown of an agent posted there; empty when the file is out of scope.

        Decided per place, not per person: whoever manages one département and heads a school of another sees a
        head's fields in that school.
        """
        fields = (FIELDS[grant.role] for grant in self.grants if grant.covers(departement=departement, uai=uai))
        return frozenset().union(*fields)


NOTHING = Scope()
CACHE = "_scopes"


def scope_of(user: User | AnonymousUser, *, on: datetime.date) -> Scope:
    """The scope of `user` on a day. One query, kept on the user object, which lives as long as its request."""
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    known: dict[datetime.date, Scope] | None = getattr(user, CACHE, None)
    if known is None:
        known = {}
        setattr(user, CACHE, known)  # request.user is a lazy object: it forwards attributes, not __dict__
    if on not in known:
        known[on] = _read(user, on)
    return known[on]


def _read(user: User, on: datetime.date) -> Scope:
    rows = (
        Habilitation.objects.current(on)
        .filter(user_id=user.pk, user__groups__name=F("role"))
        .order_by("role", "scope_kind", "scope_code")
        .values_list("role", "scope_kind", "scope_code")
        .distinct()
    )
    lines = [Grant(*row) for row in rows]
    return Scope(
        roles=frozenset(line.role for line in lines),
        grants=tuple(line for line in lines if line.kind in SCOPE_KINDS.get(line.role, ())),
    )
