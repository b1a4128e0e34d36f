"""Everyone who may knock: nobody, teachers, each role of the staff inside and outside its perimeter."""

from collections.abc import Callable
from dataclasses import dataclass

from career.models import Agent
from security.enums import Role, ScopeKind
from security.models import User
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career


@dataclass(frozen=True, slots=True)
class Visitor:
    """`role` of the staff, None for others; `near`: its habilitation covers the owner of the objects visited."""

    name: str
    user: Callable[[Agent], User | None]
    role: Role | None = None
    near: bool = False
    has_file: bool = False
    signed_in: bool = True

    def client(self, owner: Agent) -> PortalClient:
        client = PortalClient()
        user = self.user(owner)
        if user is not None:
            client.force_login(user)
        if user is not None and not self.signed_in:  # closed while its session was open
            User.objects.filter(pk=user.pk).update(is_active=False)
        return client


def place(owner: Agent) -> str:
    return str(owner.assignments.first().uai)


def head(owner: Agent) -> User:
    return staff(Role.HEAD, scope_kind=ScopeKind.ESTABLISHMENT, scope_code=place(owner))


def clerk(departement: str) -> Callable[[Agent], User]:
    return lambda owner: staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code=departement)


def support(owner: Agent) -> User:
    return staff(Role.SUPPORT, scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")


def physician(owner: Agent) -> User:
    return staff(Role.MEDICAL, scope_kind=ScopeKind.DEPARTEMENT, scope_code="51")


VISITORS = [
    Visitor("nobody", lambda owner: None, signed_in=False),
    Visitor("closed account", lambda owner: UserFactory(username="ferme"), signed_in=False),
    Visitor("owner", lambda owner: owner.user, has_file=True, near=True),
    Visitor("other teacher", lambda owner: full_career().user, has_file=True),
    Visitor("no file", lambda owner: UserFactory(username="sansdossier")),
    Visitor("gestionnaire", clerk("51"), Role.GESTIONNAIRE, near=True),
    Visitor("gestionnaire elsewhere", clerk("08"), Role.GESTIONNAIRE),
    Visitor("head", head, Role.HEAD, near=True),
    Visitor(
        "head elsewhere",
        lambda owner: staff(Role.HEAD, scope_kind=ScopeKind.ESTABLISHMENT, scope_code="0510001A"),
        Role.HEAD,
    ),
    Visitor("support", support, Role.SUPPORT, near=True),
    Visitor("medical", physician, Role.MEDICAL, near=True),
    Visitor("dpo", lambda owner: staff(Role.DPO), Role.DPO, near=True),
    Visitor("it", lambda owner: staff(Role.IT), Role.IT, near=True),
    Visitor("superadmin", lambda owner: staff(Role.SUPERADMIN), Role.SUPERADMIN, near=True),
]
