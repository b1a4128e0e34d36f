"""Reports of suspicious messages: deposited by users, examined by staff, kept for the next bulletin."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from iprof.correspondence.enums import BulletinState, ReportState
from iprof.correspondence.models import Bulletin, Lure, SuspiciousReport
from iprof.correspondence.quarters import Quarter
from iprof.correspondence.services.bulletins import TO_WRITE, save_draft
from iprof.kernel.errors import DomainError
from iprof.kernel.text import sort_key
from security.domain.addresses import owner_of, take_apart
from security.enums import AccessKind
from security.journal import record
from security.models import User

PER_DAY = 10  # messages one user may report in 24 hours
KEPT_DAYS = 365  # a report is of use to the bulletins of a year; the bulletins themselves stay


@dataclass(frozen=True, slots=True)
class Reported:
    """What a user says of a message; each part may be empty, not all of them."""

    subject: str = ""
    sender: str = ""
    link: str = ""
    attachment: str = ""
    text: str = ""


def group_key(reported: Reported) -> str:
    """What the reports of one campaign share: who answers behind the link, else the sender's domain, else the words.

    >>> group_key(Reported(link="https://extranet.ac-reims.fr.evil.example/a", subject="Barème"))
    'lien evil.example'
    >>> group_key(Reported(sender="Rectorat <dsi@evil.example>")), group_key(Reported(subject="Changement URGENT !"))
    ('expediteur evil.example', 'objet changement urgent')
    """
    if host := take_apart(reported.link).host:
        return f"lien {owner_of(host)}"[:200]
    address = reported.sender.rpartition("<")[2].rstrip("> ") if "@" in reported.sender else ""
    if address and (host := take_apart(address).host):
        return f"expediteur {owner_of(host)}"[:200]
    words = reported.subject or reported.sender or reported.attachment or reported.text
    return f"objet {sort_key(words)[:150]}"


@transaction.atomic
def report_message(*, by: User, reported: Reported) -> SuspiciousReport:
    """Deposits a report; the journal says that it was made, not what it holds. Raises DomainError("report_too_many")."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # two posts at once are counted one after the other
    since = timezone.now() - dt.timedelta(days=1)
    if SuspiciousReport.objects.filter(user_id=by.pk, created_at__gt=since).count() >= PER_DAY:
        raise DomainError("report_too_many", limit=PER_DAY)
    report = SuspiciousReport.objects.create(
        user=by,
        subject=reported.subject,
        sender=reported.sender,
        link=reported.link,
        attachment=reported.attachment,
        text=reported.text,
        group_key=group_key(reported),
    )
    record(AccessKind.MESSAGE_REPORTED, actor=by, subject=by, report=str(report.public_id))
    return report


@transaction.atomic
def dismiss_group(*, key: str, by: User) -> int:
    """Sets aside the waiting reports of a campaign; returns how many."""
    return _settle(key, by, ReportState.DISMISSED)


@transaction.atomic
def keep_group(*, key: str, by: User, on: dt.date) -> Bulletin:
    """The campaign becomes a lure of the quarter's draft, opened if there is none. Raises DomainError("report_settled" |
    "bulletin_published")."""
    newest = _waiting(key).order_by("-created_at", "-pk").first()
    if newest is None:
        raise DomainError("report_settled")
    bulletin = _draft_of(Quarter.of(on), by)
    _add_lure(bulletin, newest)
    _settle(key, by, ReportState.KEPT)
    return bulletin


def _add_lure(bulletin: Bulletin, report: SuspiciousReport) -> None:
    """A campaign that goes on is described once."""
    told = {"subject": str(report), "sender": report.sender, "attachment": report.attachment}
    if not bulletin.lures.filter(**told).exists():
        last = bulletin.lures.aggregate(last=Max("position"))["last"] or 0
        Lure.objects.create(bulletin=bulletin, position=last + 1, clue=TO_WRITE, **told)


def _draft_of(quarter: Quarter, by: User) -> Bulletin:
    found = Bulletin.objects.select_for_update(of=("self",)).filter(year=quarter.year, quarter=quarter.number).first()
    if found and found.state == BulletinState.PUBLISHED:
        raise DomainError("bulletin_published")
    draft = found or Bulletin(
        year=quarter.year, quarter=quarter.number, title=f"Messages frauduleux du {quarter}", body=TO_WRITE
    )
    return save_draft(bulletin=draft, by=by)


def _waiting(key: str) -> QuerySet[SuspiciousReport]:
    return SuspiciousReport.objects.filter(group_key=key, state=ReportState.NEW)


def _settle(key: str, by: User, state: ReportState) -> int:
    count = _waiting(key).update(state=state, handled_by=by, handled_at=timezone.now())
    record(AccessKind.REPORTS_HANDLED, actor=by, decision=state.value, count=count)
    return count


def forget_old_reports() -> int:
    """Deletes reports older than KEPT_DAYS; returns how many."""
    limit = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    return SuspiciousReport.objects.filter(created_at__lt=limit).delete()[0]
