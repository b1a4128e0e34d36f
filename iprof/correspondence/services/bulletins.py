"""A bulletin from its draft to everyone's mailbox: written, re-read by another person, published, corrected by errata."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from iprof.correspondence.enums import BulletinState
from iprof.correspondence.models import Alert, Bulletin, BulletinRead
from iprof.correspondence.outbox.writing import insert_alerts
from iprof.correspondence.tasks import announce_bulletins, deliver_alerts
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_date
from security.enums import AccessKind
from security.journal import record
from security.models import User

BATCH = 1_000
ERRATUM_MAX = 2_000
TO_WRITE = "À compléter avant relecture."  # stands in a draft for what a person has to write


def save_draft(*, bulletin: Bulletin, by: User) -> Bulletin:
    """Writes a bulletin, which is then to be re-read again. Raises DomainError("bulletin_published").

    To be called in a transaction: the row stays locked, so that nobody publishes between it and its lures.
    """
    if bulletin.pk and _lock(bulletin).state == BulletinState.PUBLISHED:
        raise DomainError("bulletin_published")
    bulletin.state = BulletinState.DRAFT
    bulletin.reviewed_by = bulletin.reviewed_at = None
    bulletin.edited_by, bulletin.edited_at = by, timezone.now()
    bulletin.save()
    return bulletin


@transaction.atomic
def review_bulletin(*, bulletin: Bulletin, by: User) -> Bulletin:
    """Another person has re-read it. Raises DomainError("bulletin_published" | "bulletin_own" | "bulletin_no_lure" |
    "bulletin_incomplete")."""
    locked = _lock(bulletin)
    if locked.state == BulletinState.PUBLISHED:
        raise DomainError("bulletin_published")
    if locked.edited_by_id == by.pk:
        raise DomainError("bulletin_own")
    if not locked.lures.exists():
        raise DomainError("bulletin_no_lure")
    if TO_WRITE in locked.body or locked.lures.filter(clue__contains=TO_WRITE).exists():
        raise DomainError("bulletin_incomplete")
    locked.state, locked.reviewed_by, locked.reviewed_at = BulletinState.REVIEWED, by, timezone.now()
    locked.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    _journal(locked, by, "relecture")
    return locked


@transaction.atomic
def publish_bulletin(*, bulletin: Bulletin, by: User) -> Bulletin:
    """Published for good; everyone is alerted by the worker. Raises DomainError("bulletin_published" |
    "bulletin_not_reviewed")."""
    locked = _lock(bulletin)
    if locked.state == BulletinState.PUBLISHED:
        raise DomainError("bulletin_published")
    if locked.state != BulletinState.REVIEWED:
        raise DomainError("bulletin_not_reviewed")
    locked.state, locked.published_by, locked.published_at = BulletinState.PUBLISHED, by, timezone.now()
    locked.save(update_fields=["state", "published_by", "published_at"])
    _journal(locked, by, "publication")
    transaction.on_commit(announce_bulletins.delay, robust=True)
    return locked


@transaction.atomic
def add_erratum(*, bulletin: Bulletin, by: User, text: str) -> Bulletin:
    """Adds a dated correction under a published bulletin; what was said before stays. Raises DomainError(
    "bulletin_not_published" | "erratum_empty" | "erratum_too_long")."""
    locked, now = _lock(bulletin), timezone.now()
    if locked.state != BulletinState.PUBLISHED:
        raise DomainError("bulletin_not_published")
    if not text.strip():
        raise DomainError("erratum_empty")
    dated = f"{french_date(timezone.localtime(now).date())} : {text.strip()}"
    whole = f"{locked.erratum}\n\n{dated}" if locked.erratum else dated
    if len(whole) > ERRATUM_MAX:
        raise DomainError("erratum_too_long")
    locked.erratum, locked.erratum_at = whole, now
    locked.save(update_fields=["erratum", "erratum_at"])
    _journal(locked, by, "erratum")
    return locked


@transaction.atomic
def mark_bulletin_read(*, by: User, year: int, quarter: int) -> bool:
    """One's own mark, once: the first reading keeps its date, and the alert of the bulletin is read with it.

    False when no such bulletin is published.
    """
    bulletin = Bulletin.objects.published().filter(year=year, quarter=quarter).first()
    if bulletin is None:
        return False
    now = timezone.now()
    BulletinRead.objects.bulk_create(
        [BulletinRead(bulletin=bulletin, user=by, read_at=now)], ignore_conflicts=True
    )  # two clicks at once: one mark
    Alert.objects.filter(user_id=by.pk, kind=bulletin.alert_kind, read_at__isnull=True).update(read_at=now)
    return True


@transaction.atomic
def announce_next_batch(*, bulletin: Bulletin) -> int:
    """Writes the alerts of up to BATCH accounts that have none yet; 0 once everyone has theirs, which is then noted.

    The row of the bulletin is locked: two workers never write the same alert, and a crash resumes where it stopped.
    """
    locked = Bulletin.objects.select_for_update(of=("self",)).filter(pk=bulletin.pk, announced_at=None).first()
    if locked is None or locked.state != BulletinState.PUBLISHED:
        return 0
    told = Alert.objects.filter(user=OuterRef("pk"), kind=locked.alert_kind)
    users = User.objects.filter(~Exists(told), is_active=True, activated_at__isnull=False)
    chosen = list(users.order_by("pk").values_list("pk", flat=True)[:BATCH])
    now = timezone.now()
    if not chosen:
        Bulletin.objects.filter(pk=locked.pk).update(announced_at=now)
        return 0
    insert_alerts(
        chosen,
        kind=locked.alert_kind,
        cause=locked.alert_kind,
        subject=f"Bulletin d'alerte du {locked.period}",
        body="Des messages frauduleux circulent. Le bulletin du trimestre dit lesquels, et à quoi on les reconnaît.",
        link=locked.get_absolute_url(),
        now=now,
    )
    transaction.on_commit(deliver_alerts.delay, robust=True)
    return len(chosen)


def _lock(bulletin: Bulletin) -> Bulletin:
    return Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)


def _journal(bulletin: Bulletin, by: User, act: str) -> None:
    record(AccessKind.BULLETIN_MANAGED, actor=by, bulletin=bulletin.period.code, act=act)
