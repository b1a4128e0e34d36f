"""Accounts opened by the feed: one per agent, without password, waiting for the first access."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from security.domain.logins import base_login, next_login
from security.enums import Role
from security.models import User

UNUSABLE_BYTES = 30  # no password matches it, and no two accounts make the same reset link
LOCK = 7_318_001  # advisory lock: two loads at once must not give one login twice


@dataclass(frozen=True, slots=True)
class NewAccount:
    """`key` names the account for the caller (the matricule); `activation_digest` is the keyed hash of the NUMEN."""

    key: str
    first_name: str
    last_name: str
    activation_digest: str


@transaction.atomic
def provision_accounts(rows: Sequence[NewAccount]) -> dict[str, int]:
    """Opens the accounts in the order given (the order of arrival decides homonyms). Returns key → primary key."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    bases = [base_login(row.first_name, row.last_name) for row in rows]
    taken = _taken(set(bases))
    users = []
    now = timezone.now()
    for row, base in zip(rows, bases, strict=True):
        login = next_login(base, taken[base])
        taken[base].add(login)
        users.append(
            User(
                username=login,
                first_name=row.first_name,
                last_name=row.last_name,
                email=f"{login}@{settings.ACADEMIC_MAIL_DOMAIN}",
                password=UNUSABLE_PASSWORD_PREFIX + token_urlsafe(UNUSABLE_BYTES),
                activation_digest="" if settings.ACTIVATION_BY == "code" else row.activation_digest,
                date_joined=now,
            )
        )
    User.objects.bulk_create(users, batch_size=2000)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users], batch_size=2000
    )
    teachers, _ = Group.objects.get_or_create(name=Role.TEACHER)
    membership = User.groups.through
    membership.objects.bulk_create([membership(user=user, group=teachers) for user in users], batch_size=5000)
    return {row.key: user.pk for row, user in zip(rows, users, strict=True)}


def _taken(bases: set[str]) -> dict[str, set[str]]:
    """Base → the logins already built on it."""
    taken: dict[str, set[str]] = {base: set() for base in bases}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT username FROM security_user WHERE regexp_replace(username, '[0-9]+$', '') = ANY(%s)", [list(bases)]
        )
        for (username,) in cursor.fetchall():
            taken[username.rstrip("0123456789")].add(username)
    return taken


def refresh_accounts(changes: Iterable[tuple[int, str, str, str]]) -> None:
    """New names, or a new NUMEN while the account is not activated: (user pk, first name, last name, digest or "").

    The login never changes.
    """
    rows = list(changes)
    if not rows:
        return
    if settings.ACTIVATION_BY == "code":  # the code of a letter already sent stays the one that opens
        rows = [(pk, first, last, "") for pk, first, last, _ in rows]
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            UPDATE security_user
               SET first_name = %s, last_name = %s,
                   activation_digest = CASE WHEN activated_at IS NULL AND %s <> '' THEN %s ELSE activation_digest END
             WHERE id = %s
            """,
            [(first, last, digest, digest, pk) for pk, first, last, digest in rows],
        )
