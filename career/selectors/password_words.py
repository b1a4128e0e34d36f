"""What colleagues and relatives know of an agent, refused inside a password (norm D07)."""

import datetime as dt
from collections.abc import Iterable

from career.models import Agent
from security.models import User


def words_of(user: User) -> Iterable[str]:
    """Names, matricule, postal code, commune and the usual writings of the birth date. One query."""
    found = (
        Agent.objects.filter(user_id=user.pk)
        .values_list("birth_name", "matricule", "postal_code", "commune", "birth_date")
        .first()
    )
    if found is None:
        return []
    *texts, birth = found
    return [text for text in texts if text] + list(_writings(birth))


def _writings(day: dt.date) -> Iterable[str]:
    return (day.strftime(pattern) for pattern in ("%d%m%Y", "%Y%m%d", "%d%m%y", "%y%m%d"))
