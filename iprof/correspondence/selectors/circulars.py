"""Correspondences as their recipients read them: only those sent to the account, never anyone else's."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.search import SearchRank
from django.db.models import Count, F, Q, QuerySet

from iprof.correspondence.enums import CircularState
from iprof.correspondence.models import Circular, CircularFile, CircularRecipient
from iprof.correspondence.models.circulars import SENT
from iprof.correspondence.search import query_of
from iprof.web.formats import french_date
from security.models import User

UNREAD, DUE, ARCHIVED = "non-lues", "echeance", "archivees"


@dataclass(frozen=True, slots=True)
class Received:
    """A correspondence as one recipient is shown it. `due`: its deadline in clear, empty without one."""

    circular: Circular
    read_at: dt.datetime | None
    acted_at: dt.datetime | None
    archived_at: dt.datetime | None
    due: str

    @property
    def to_do(self) -> bool:
        return self.circular.asks_something and not self.circular.recalled and self.acted_at is None


def shown(row: CircularRecipient, *, on: dt.date) -> Received:
    return Received(row.circular, row.read_at, row.acted_at, row.archived_at, due_in_clear(row.circular, on=on))


def due_in_clear(circular: Circular, *, on: dt.date) -> str:
    """« À faire au plus tard le 12 décembre 2026 : il reste 18 jours. »"""
    left = circular.days_left(on)
    if left is None:
        return ""
    near = {0: "c'est aujourd'hui", 1: "c'est demain"}
    said = "la date est passée" if left < 0 else near.get(left, f"il reste {left} jours")
    return f"À faire au plus tard le {french_date(circular.deadline)} : {said}."


def received(user: User) -> QuerySet[CircularRecipient]:
    """What an account was sent, newest first."""
    rows = CircularRecipient.objects.filter(user_id=user.pk, circular__state__in=SENT).select_related("circular")
    return rows.defer("circular__body", "circular__search", "circular__audience").order_by(
        "-circular__released_at", "-circular_id"
    )


def received_list(user: User, *, view: str, words: str) -> QuerySet[CircularRecipient]:
    """A view of the list (« non-lues », « echeance », « archivees », all the others by default) and words looked for.

    Words look into the archives too when they are asked of all; the nearest answers come first.
    """
    rows = received(user).defer("circular__body", "circular__html", "circular__search", "circular__audience")
    if view == UNREAD:
        rows = rows.filter(read_at__isnull=True)
    elif view == DUE:
        rows = rows.filter(circular__deadline__isnull=False, circular__state=CircularState.RELEASED)
        rows = rows.order_by("circular__deadline", "-circular_id")
    if view == ARCHIVED or not words:
        rows = rows.filter(archived_at__isnull=view != ARCHIVED)
    if words:
        asked = query_of(words)
        rows = rows.filter(circular__search=asked).order_by(
            SearchRank(F("circular__search"), asked).desc(), "-circular__released_at", "-circular_id"
        )
    return rows


def received_counts(user: User) -> dict[str, int]:
    """`total` and `unread`, the archives included. One query."""
    return received(user).aggregate(total=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True)))


def received_one(user: User, public_id: UUID) -> CircularRecipient | None:
    return received(user).filter(circular__public_id=public_id).first()


def files_of(circular_id: int) -> list[CircularFile]:
    """The files of a correspondence in their order, without their content. One query."""
    return list(
        CircularFile.objects.filter(circular=circular_id).select_related("attachment").defer("attachment__sealed")
    )


def received_file(user: User, public_id: UUID, file_id: UUID) -> CircularFile | None:
    """A file of a correspondence sent to `user`, with its content."""
    mine = CircularRecipient.objects.filter(user_id=user.pk, circular__public_id=public_id, circular__state__in=SENT)
    rows = CircularFile.objects.filter(circular__in=mine.values("circular"), attachment__public_id=file_id)
    return rows.select_related("attachment", "circular").first()
