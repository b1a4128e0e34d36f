"""A correspondence from its draft to its readers: simulated, approved by another person, released, recalled.

Each step locks the row: two people who act at once act one after the other, and the second is told what the first did.
"""

from django.db import connection, transaction
from django.utils import timezone

from iprof.correspondence.audience import provider
from iprof.correspondence.circular_mail import ALERT_KIND, recall_notice, said_of
from iprof.correspondence.enums import CircularState
from iprof.correspondence.models import Circular, Mailing
from iprof.correspondence.models.circulars import SENT
from iprof.correspondence.services.alerts import new_mailing, recall_mailing, send_mailing
from iprof.correspondence.services.circular_drafts import back_to_draft, lock_circular
from iprof.kernel.errors import DomainError
from security.enums import AccessKind
from security.journal import record
from security.models import User
from security.policies import scope_of

RECALL_MAX = 300
FREEZE = """
INSERT INTO correspondence_circularrecipient (circular_id, user_id)
SELECT %(circular)s, u.id FROM security_user u WHERE u.id = ANY(%(users)s)
"""


@transaction.atomic
def simulate_circular(*, circular: Circular, by: User) -> Circular:
    """The dry run: its recipients, among the agents `by` may write to, are frozen. Nothing is sent.

    Raises DomainError("circular_sent" | "circular_deadline_past" | "circular_unknown" with `codes` | "circular_nobody").
    """
    locked = _unsent(circular)
    _check_deadline(locked)
    unknown = provider().unknown(locked.criteria, by=by, on=timezone.localdate())
    if unknown:
        raise DomainError("circular_unknown", codes=", ".join(unknown[:5]), more=max(0, len(unknown) - 5))
    found = _audience_of(locked, by)
    if not found:
        raise DomainError("circular_nobody")
    back_to_draft(locked)
    with connection.cursor() as cursor:
        cursor.execute(FREEZE, {"circular": locked.pk, "users": found})
    locked.state, locked.recipient_count = CircularState.SIMULATED, len(found)
    locked.simulated_by, locked.simulated_at = by, timezone.now()
    locked.save(update_fields=["state", "recipient_count", "simulated_by", "simulated_at"])
    _journal(locked, by, "simulation")
    return locked


@transaction.atomic
def approve_circular(*, circular: Circular, by: User, seen: str) -> Circular:
    """The second person has read the text and the simulation `seen` (`Circular.simulation`). Raises DomainError(
    "circular_sent" | "circular_not_simulated" | "circular_moved" | "circular_own" | "circular_out_of_reach" |
    "circular_deadline_past")."""
    locked = _simulated(circular, seen)
    if by.pk in {locked.created_by_id, locked.edited_by_id, locked.simulated_by_id}:
        raise DomainError("circular_own")
    _check_deadline(locked)
    _check_reach(locked, by)
    locked.state, locked.approved_by, locked.approved_at = CircularState.APPROVED, by, timezone.now()
    locked.save(update_fields=["state", "approved_by", "approved_at"])
    _journal(locked, by, "validation")
    return locked


@transaction.atomic
def release_circular(*, circular: Circular, by: User, seen: str) -> Circular:
    """Sends it to exactly the people the simulation `seen` found, in one transaction with their alerts.

    Raises DomainError("circular_sent" | "circular_not_simulated" | "circular_moved" | "circular_needs_two" |
    "circular_deadline_past" | "circular_out_of_reach"), and "circular_audience_changed" with `before`, `now`, `gained` and
    `lost`.
    """
    locked = _simulated(circular, seen)
    if locked.needs_two and locked.state != CircularState.APPROVED:
        raise DomainError("circular_needs_two")
    _check_deadline(locked)
    _check_reach(locked, by)
    recipients = _check_audience(locked)
    said = said_of(locked, files=locked.files.count())
    mailing = new_mailing(subject=said.subject, text=said.text, html=said.html, link=locked.get_absolute_url())
    locked.state, locked.mailing = CircularState.RELEASED, mailing
    locked.released_by, locked.released_at = by, timezone.now()
    locked.save(update_fields=["state", "mailing", "released_by", "released_at"])
    told = send_mailing(mailing=mailing, users=recipients, kind=ALERT_KIND, cause=locked.cause)
    if told != len(recipients):  # an account closed since the lines above: the whole release is undone
        raise _changed(recipients, recipients[:told])
    _journal(locked, by, "diffusion")
    return locked


@transaction.atomic
def recall_circular(*, circular: Circular, by: User, reason: str) -> tuple[int, int]:
    """Calls it back: (mails that will never leave, people told of the recall). The page stays, under a banner.

    Raises DomainError("circular_not_sent" | "circular_recalled" | "circular_out_of_reach" | "recall_without_reason" |
    "recall_too_long").
    """
    locked, reason = lock_circular(circular), " ".join(reason.split())
    if locked.state not in SENT or locked.mailing is None:
        raise DomainError("circular_not_sent")
    if locked.recalled:
        raise DomainError("circular_recalled")
    _check_recaller(locked, by)
    if not reason:
        raise DomainError("recall_without_reason")
    if len(reason) > RECALL_MAX:
        raise DomainError("recall_too_long")
    locked.state, locked.recall_reason = CircularState.RECALLED, reason
    locked.recalled_by, locked.recalled_at = by, timezone.now()
    locked.save(update_fields=["state", "recall_reason", "recalled_by", "recalled_at"])
    withdrawn, told = recall_mailing(mailing=locked.mailing, reason=reason, notice=recall_notice(locked, reason=reason))
    for reminder in Mailing.objects.filter(link=locked.get_absolute_url(), recalled_at__isnull=True):
        recall_mailing(mailing=reminder, reason=reason)  # its people are told of the recall already
    _journal(locked, by, "rappel")
    return withdrawn, told


def _unsent(circular: Circular) -> Circular:
    locked = lock_circular(circular)
    if locked.state in SENT:
        raise DomainError("circular_sent")
    return locked


def _simulated(circular: Circular, seen: str) -> Circular:
    locked = _unsent(circular)
    if locked.state == CircularState.DRAFT:
        raise DomainError("circular_not_simulated")
    if locked.simulation != seen:
        raise DomainError("circular_moved")
    return locked


def _audience_of(circular: Circular, by: User) -> list[int]:
    return provider().accounts(circular.criteria, by=by, on=timezone.localdate())


def _check_deadline(circular: Circular) -> None:
    if circular.deadline is not None and circular.deadline < timezone.localdate():
        raise DomainError("circular_deadline_past")


def _recipients(circular: Circular) -> list[int]:
    return list(circular.recipients.order_by("user_id").values_list("user_id", flat=True))


def _check_reach(circular: Circular, by: User) -> None:
    """Nobody decides of a message to agents outside their habilitation."""
    if by.pk == circular.simulated_by_id:
        return  # the audience is recomputed for them
    reached = provider().within_reach(by=by, on=timezone.localdate())
    if circular.recipients.exclude(user__in=reached).exists():
        raise DomainError("circular_out_of_reach")


def _check_recaller(circular: Circular, by: User) -> None:
    """Whoever brought it out, whoever answers for the whole académie (some recipients may have left), or for all of them."""
    if by.pk in {circular.created_by_id, circular.edited_by_id, circular.released_by_id, circular.approved_by_id}:
        return
    if not scope_of(by, on=timezone.localdate()).whole:
        _check_reach(circular, by)


def _check_audience(circular: Circular) -> list[int]:
    """The frozen recipients, once sure that the audience would be the same today."""
    frozen = _recipients(circular)
    author = circular.simulated_by
    now = _audience_of(circular, author) if author is not None else []
    if frozen != now:
        raise _changed(frozen, now)
    return frozen


def _changed(frozen: list[int], now: list[int]) -> DomainError:
    gained, lost = len(set(now) - set(frozen)), len(set(frozen) - set(now))
    return DomainError("circular_audience_changed", before=len(frozen), now=len(now), gained=gained, lost=lost)


def _journal(circular: Circular, by: User, act: str) -> None:
    record(AccessKind.CIRCULAR_MANAGED, actor=by, circular=circular.pk, act=act, recipients=circular.recipient_count)
