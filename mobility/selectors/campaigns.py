"""Whom a campaign concerns: the agents of the corps of its degree (K2, S50)."""

import datetime as dt
from dataclasses import dataclass

from iprof.correspondence.audience import Audience, provider
from mobility.domain.facts import Degree
from mobility.selectors.file import CORPS, FIRST_DEGREE
from security.models import User


@dataclass(frozen=True, slots=True)
class CorpsReached:
    """How many open accounts hold a corps today."""

    label: str
    count: int


def audience_of(degree: str) -> Audience:
    first = Degree(degree) is Degree.FIRST
    return Audience(corps=tuple(code for code, name in CORPS.items() if (name in FIRST_DEGREE) is first))


def accounts_reached(degree: str, *, by: User, on: dt.date) -> list[int]:
    """The open accounts of a degree `by` may write to."""
    return provider().accounts(audience_of(degree), by=by, on=on)


def corps_reached(degree: str, *, by: User, on: dt.date) -> tuple[CorpsReached, ...]:
    """The same, counted by corps, those without anybody aside. Two queries a corps."""
    labels = dict(provider().choices()["corps"])
    counted = [
        CorpsReached(labels.get(code, code), len(provider().accounts(Audience(corps=(code,)), by=by, on=on)))
        for code in audience_of(degree).corps
    ]
    return tuple(one for one in counted if one.count)
