"""The accounts shown when a local installation starts: one per role, passwords drawn at random and remembered."""

import datetime as dt
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from career.demo.people import DEPARTEMENT, best_staffed_establishment, staff_by_facts
from career.models import Agent, Establishment
from security.enums import AccessKind, Role, ScopeKind
from security.journal import record
from security.models import Habilitation, User
from security.services_audit import keep_judgement

GROUPS_OF_CHARACTERS, CHARACTERS = 5, 4
ALPHABET = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))  # read aloud without a mistake


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of the table. `password` is empty when it is not known: changed since, or not chosen yet."""

    role: str
    name: str
    login: str
    password: str
    remark: str
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class StaffAccount:
    role: Role
    label: str
    login: str
    first_name: str
    last_name: str
    scope_kind: ScopeKind
    scope_code: str
    remark: str


def staff_accounts(establishment: Establishment) -> tuple[StaffAccount, ...]:
    """One per role of staff; the people are as fictional as the agents."""
    academie = (ScopeKind.ACADEMIE, "")
    return (
        StaffAccount(
            Role.GESTIONNAIRE,
            "Gestionnaire DSDEN",
            "gestionnaire",
            "Hélène",
            "Marchand",
            ScopeKind.DEPARTEMENT,
            DEPARTEMENT,
            "agents de la " + settings.DEPARTEMENTS[DEPARTEMENT],
        ),
        StaffAccount(
            Role.HEAD,
            "Chef d'établissement",
            "chef",
            "Karim",
            "Vasseur",
            ScopeKind.ESTABLISHMENT,
            establishment.uai,
            f"personnels : {establishment.name}, {establishment.commune}",
        ),
        StaffAccount(Role.DPO, "Délégué (DPO)", "dpo", "Anne", "Delorme", *academie, "journal et rectifications"),
        StaffAccount(Role.IT, "Informatique", "informatique", "Thomas", "Girard", *academie, "flux, rejets, alertes"),
        StaffAccount(
            Role.SUPPORT,
            "Assistance",
            "assistance",
            "Yann",
            "Collet",
            ScopeKind.DEPARTEMENT,
            DEPARTEMENT,
            "portail vu à la place d'un agent, en lecture seule",
        ),
        StaffAccount(
            Role.MEDICAL,
            "Service médical",
            "medical",
            "Claire",
            "Fabre",
            ScopeKind.DEPARTEMENT,
            DEPARTEMENT,
            "pièces médicales transmises",
        ),
        StaffAccount(
            Role.SUPERADMIN, "Administrateur", "admin", "Louise", "Perrin", *academie, "toute l'administration"
        ),
    )


@transaction.atomic
def open_demo_accounts(*, known: Mapping[str, str], on: dt.date) -> list[DemoAccount]:
    """Makes the accounts usable and returns them. `known` maps logins to the passwords given earlier.

    Run again, it changes nothing: an account that has a password keeps it, and the table says when it is no longer the
    one drawn here. Returns an empty list when no établissement has staff.
    """
    establishment = best_staffed_establishment(on=on)
    if establishment is None:
        return []
    people = list(staff_by_facts(establishment, on=on))
    teacher = next((agent for agent in people if _user(agent).username in known), people[0])
    accounts = [_teacher(teacher, known)]
    accounts += [_staff(account, known, on) for account in staff_accounts(establishment)]
    newcomer = next((a for a in reversed(people) if a != teacher and not _user(a).activated_at), None)
    if newcomer is not None:
        accounts.append(
            DemoAccount(
                "Première connexion",
                newcomer.full_name,
                _user(newcomer).username,
                "",
                "le NUMEN est sur son courrier, que le gestionnaire imprime",
                is_waiting=True,
            )
        )
    return accounts


def _user(agent: Agent) -> User:
    assert agent.user is not None  # noqa: S101  (the selector asks for it)
    return agent.user


def _teacher(agent: Agent, known: Mapping[str, str]) -> DemoAccount:
    user = _user(agent)
    if not user.activated_at:
        user.activated_at, user.activation_digest = timezone.now(), ""
        record(AccessKind.ACCOUNT_ACTIVATED, actor=None, subject=user, reason="Compte de démonstration")
    password = _password(user, known)
    return DemoAccount("Enseignant", agent.full_name, user.username, password, "sa propre carrière")


def _staff(account: StaffAccount, known: Mapping[str, str], on: dt.date) -> DemoAccount:
    user, is_new = User.objects.get_or_create(
        username=account.login,
        defaults={
            "first_name": account.first_name,
            "last_name": account.last_name,
            "email": f"{account.login}@{settings.ACADEMIC_MAIL_DOMAIN}",
            "is_staff": True,
            "is_superuser": account.role == Role.SUPERADMIN,
            "activated_at": timezone.now(),
        },
    )
    if is_new:
        user.set_unusable_password()
        user.groups.add(Group.objects.get_or_create(name=account.role)[0])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Habilitation.objects.create(
            user=user,
            role=account.role,
            scope_kind=account.scope_kind,
            scope_code=account.scope_code,
            starts_on=on,
        )
    password = _password(user, known)
    return DemoAccount(account.label, user.get_full_name(), user.username, password, account.remark)


def _password(user: User, known: Mapping[str, str]) -> str:
    """The password of the account: the one known if it still opens it, a new one if the account has none, else ""."""
    remembered = known.get(user.username, "")
    if user.has_usable_password():
        return remembered if remembered and user.check_password(remembered) else ""
    password = remembered or draw_password(user)
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.save()
    keep_judgement(user=user, password=password)
    return password


def draw_password(user: User) -> str:
    """A random password of five groups of four, which the portal's own rules accept for this account."""
    while True:
        groups = ("".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS)) for _ in range(GROUPS_OF_CHARACTERS))
        password = "-".join(groups)
        try:
            validate_password(password, user)
        except ValidationError:
            continue
        return password
