"""Accounts and habilitations. Names are fictional."""

import datetime

import factory
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from security.enums import Role, ScopeKind
from security.models import Habilitation, TrustedBrowser, User

PASSWORD = "Trois-Moulins-Bleus-71"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    class Params:
        waiting = factory.Trait(activated_at=None, password="!", activation_digest="0" * 64)
        staff = factory.Trait(is_staff=True)

    username = factory.Sequence(lambda n: f"mdurand{n or ''}")
    first_name = "Maëlle"
    last_name = "Durand"
    email = factory.LazyAttribute(lambda user: f"{user.username}@ac-reims.example")
    activated_at = datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.UTC)
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def roles(self, create: bool, extracted: list[Role] | None, **kwargs) -> None:
        for role in extracted or []:
            self.groups.add(Group.objects.get_or_create(name=role)[0])


class HabilitationFactory(DjangoModelFactory):
    class Meta:
        model = Habilitation

    user = factory.SubFactory(UserFactory, staff=True)
    role = Role.GESTIONNAIRE
    scope_kind = ScopeKind.DEPARTEMENT
    scope_code = "51"
    starts_on = datetime.date(2020, 1, 1)


def staff(role: Role, *, scope_kind: ScopeKind = ScopeKind.ACADEMIE, scope_code: str = "", **fields) -> User:
    """A member of staff of one role, habilitated since 2020 on the scope."""
    user = UserFactory(staff=True, roles=[role], username=fields.pop("username", f"agent-{role}"), **fields)
    user.is_superuser = role == Role.SUPERADMIN
    user.save()
    HabilitationFactory(user=user, role=role, scope_kind=scope_kind, scope_code=scope_code)
    return user


class AuthenticatorFactory(DjangoModelFactory):
    """An application holding TOTP_SECRET."""

    class Meta:
        model = Authenticator

    user = factory.SubFactory(UserFactory)
    type = Authenticator.Type.TOTP
    data = factory.LazyFunction(lambda: {"secret": encrypt(TOTP_SECRET)})


class TrustedBrowserFactory(DjangoModelFactory):
    class Meta:
        model = TrustedBrowser

    user = factory.SubFactory(UserFactory)
    key_digest = "0" * 64
    name = "Firefox sous Linux"
    expires_at = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)
