"""Who a circular or a deadline is for, in the words of the staff who choose it; the app that knows the files answers.

The correspondences do not know careers (design §1): settings.AUDIENCE_PROVIDER names the module that turns criteria
into accounts. What it must give is the protocol below.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from security.models import User


@dataclass(frozen=True, slots=True)
class Audience:
    """Codes by criterion. An agent is in it who answers every criterion that is not empty; none given: nobody.

    `everyone` stands for all the agents the author may write to. `logins` is a list of people, alone.
    """

    everyone: bool = False
    corps: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    uais: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))

    def as_json(self) -> dict[str, Any]:
        """What is stored: the criteria that say something."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Audience":
        codes: dict[str, Any] = {name: tuple(value) for name, value in stored.items() if name != "everyone"}
        return cls(everyone=bool(stored.get("everyone")), **codes)


@dataclass(frozen=True, slots=True)
class Reached:
    """One account of an audience as the author is shown it before sending: who, and what brought them in."""

    account: int
    name: str
    corps: str
    post: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many accounts of an audience answer one value of a criterion (« Département », « Marne », 212)."""

    criterion: str
    label: str
    count: int


class AudienceProvider(Protocol):
    def accounts(self, audience: Audience, *, by: User, on: dt.date) -> list[int]:
        """Ids of the open accounts of an audience on a day, sorted, among the agents `by` may write to."""

    def sample(self, accounts: Sequence[int], *, on: dt.date) -> tuple[Reached, ...]:
        """The people behind a few accounts, in the order given."""

    def breakdown(self, accounts: QuerySet[Any], *, on: dt.date) -> tuple[Share, ...]:
        """Of the ids of a subquery, each account once by criterion (département, corps), the largest share first."""

    def departements(self, accounts: QuerySet[Any], *, on: dt.date) -> dict[int, str]:
        """Of the ids of a subquery, the name of the département of their main post; absent without one."""

    def within_reach(self, *, by: User, on: dt.date, roles: Collection[str] | None = None) -> QuerySet[Any]:
        """The ids of the accounts `by` may read about on a day, for a subquery; by the habilitations of `roles` only,
        when what is read is not for all."""

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """(code, label) by criterion, for those chosen from a list: corps, grades, departements, disciplines."""

    def unknown(self, audience: Audience, *, by: User, on: dt.date) -> list[str]:
        """The codes that name nothing the author may write to: UAI and logins as typed."""


@cache
def _load(path: str) -> AudienceProvider:
    return cast(AudienceProvider, import_string(path)())


def provider() -> AudienceProvider:
    return _load(settings.AUDIENCE_PROVIDER)
