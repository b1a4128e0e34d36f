"""Whether the storage still holds what was written. Its owner is told of a content that is lost, the staff of IT of all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from documents import custody
from documents.models import StoredFile
from iprof.correspondence.services.alerts import send_alert
from security.enums import Role
from security.models import Habilitation, User

log = structlog.get_logger(__name__)
RHYTHM = dt.timedelta(days=7)
LIMIT = 1000  # contents read again in one run: some 300 MB
FEW, SHARE = 10, 10  # beyond FEW, and more than one in SHARE: the storage is not there, the contents may well be


@dataclass(frozen=True, slots=True)
class Integrity:
    """Contents read again: `lost` for the first time, `found_again` after having been lost, `unreachable` when the
    storage did not answer. `withheld`: so many that somebody must look first, nobody was told."""

    checked: int
    lost: int
    found_again: int
    unreachable: int
    withheld: bool


def verify_contents(
    *, apply: bool, limit: int = LIMIT, every: dt.timedelta = RHYTHM, all_of_them: bool = False
) -> Integrity:
    """Those verified longest ago, none twice within `every` save the damaged ones. With `apply` the rows say it, and
    people are told; `all_of_them` whatever their number."""
    due = Q(verified_at__isnull=True) | Q(verified_at__lte=timezone.now() - every) | Q(damaged_at__isnull=False)
    rows = list(StoredFile.objects.filter(due).order_by(F("verified_at").asc(nulls_first=True), "pk")[:limit])
    answers = [(row, _answer(row)) for row in rows]
    damaged = [row for row, whole in answers if whole is False]
    lost = [row for row in damaged if row.damaged_at is None]
    again = [row for row, whole in answers if whole and row.damaged_at]
    whole = [row for row, answer in answers if answer]
    withheld = not all_of_them and _doubtful(len(lost), len(whole))
    if apply:
        _write(whole, [] if withheld else lost, [] if withheld else damaged)
        if lost:
            _tell_staff(len(lost), len(rows), withheld=withheld)
    return Integrity(len(rows), len(lost), len(again), sum(whole is None for _, whole in answers), withheld)


def report_lost(row: StoredFile) -> bool:
    """A content that whoever needed it found lost, told as the sweep tells it. False, and nobody is told, when the oldest
    of the others is not there either: the storage is absent. Raises OSError (storage down)."""
    other = StoredFile.objects.exclude(pk=row.pk).filter(damaged_at__isnull=True).order_by("written_at").first()
    if other is not None and not custody.intact(other):
        return False
    if row.damaged_at is None:
        _write([], [row], [row])
        if StoredFile.objects.filter(pk=row.pk).exists():  # not withdrawn while it was read
            _tell_staff(1, 1, withheld=False)
    return True


def _doubtful(lost: int, whole: int) -> bool:
    """A folder that is not mounted looks like the loss of everything."""
    return lost > 1 and (not whole or (lost > FEW and lost * SHARE > lost + whole))


def _answer(row: StoredFile) -> bool | None:
    """None when the storage does not answer: that says nothing of the content."""
    try:
        return custody.intact(row)
    except OSError:
        return None


@transaction.atomic
def _write(whole: Sequence[StoredFile], lost: Sequence[StoredFile], damaged: Sequence[StoredFile]) -> None:
    """A row that went meanwhile, with its document, is not damaged."""
    now = timezone.now()
    StoredFile.objects.filter(pk__in=[row.pk for row in whole]).update(verified_at=now, damaged_at=None)
    StoredFile.objects.filter(pk__in=[row.pk for row in damaged]).update(verified_at=now)
    rows = StoredFile.objects.select_for_update(of=("self",)).filter(pk__in=[row.pk for row in lost])
    for row in rows.select_related("document__owner"):
        StoredFile.objects.filter(pk=row.pk).update(damaged_at=now)
        _tell_owner(row)


def _tell_owner(row: StoredFile) -> None:
    send_alert(
        user=row.document.owner,
        kind="demande.document",
        subject="Un de vos documents est à déposer de nouveau",
        body="Le contenu d'un document que vous aviez déposé n'est plus lisible. Sa page dit lequel et quoi faire.",
        link=row.document.get_absolute_url(),
        cause=f"document:{row.document_id}:abime:{row.pk}",
    )


def _tell_staff(lost: int, checked: int, *, withheld: bool) -> None:
    """A line of the log and a message to each person of IT, once a day."""
    log.error("document_contents_lost", lost=lost, checked=checked, withheld=withheld)
    today = timezone.localdate()
    what = f"Contenus de documents absents ou abîmés : {lost}, sur {checked} relus."
    then = (
        "Le stockage est sans doute absent : personne d'autre n'en est averti. Vérifiez-le, puis relancez verify_documents."
        if withheld
        else "Leurs propriétaires sont avertis. Rendez ces contenus depuis une sauvegarde, puis relancez verify_documents."
    )
    for user in _staff(today):
        send_alert(
            user=user,
            kind="support.documents",
            subject="Documents : des contenus manquent au stockage",
            body=f"{what} {then}",
            cause=f"documents:integrite:{today:%Y-%m-%d}:{user.pk}",
        )


def _staff(today: dt.date) -> list[User]:
    held = Habilitation.objects.current(today).filter(role=Role.IT)
    people = User.objects.filter(is_active=True, groups__name=Role.IT, habilitations__in=held)
    return list(people.distinct().order_by("pk"))
