"""From the outbox to the academic mailboxes: at least once, one Message-ID per alert, no alert lost by a crash.

A worker leases a batch in a short transaction, then sends and marks each alert on its own. A crash can thus repeat at
most the mail being sent, under the same Message-ID; the rest of its batch is due again when the lease ends. Leased
rows are not due, so two workers never hold the same alert.
"""

import datetime
import random
import smtplib
from collections.abc import Sequence

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from iprof.correspondence.models import Alert, AlertQuerySet

BATCH = 200
LEASE = datetime.timedelta(minutes=10)
SENDING = datetime.timedelta(minutes=5)  # no new mail after that: the lease must outlive the slowest exchange
SMTP_TIMEOUT = 20  # seconds, for each exchange with the relay
MAX_ATTEMPTS = 12  # about a day with the delays below
FIRST_DELAY, LONGEST_DELAY = datetime.timedelta(minutes=1), datetime.timedelta(hours=6)
RELAY_DELAY = datetime.timedelta(minutes=1)
FAILURES = (smtplib.SMTPException, OSError, ValueError)  # ValueError: an address or a header that cannot be written

FOOTER = (
    "-- \n"
    "Ce message est envoyé automatiquement par {portal}. N'y répondez pas.\n"
    "Nous ne demandons jamais votre mot de passe ni votre NUMEN par courriel."
)
_jitter = random.SystemRandom()
log = structlog.get_logger(__name__)


def deliver_due() -> int:
    """Sends every alert that is due, batch after batch. Returns how many were sent."""
    sent = 0
    while batch := lease_batch():
        done, relay_up = _send_batch(batch)
        sent += done
        if not relay_up:
            break
    return sent


@transaction.atomic
def lease_batch() -> list[Alert]:
    """Takes up to BATCH due alerts for LEASE. The try is counted now: a mail that kills its worker is given up too."""
    now = timezone.now()
    rows = list(
        Alert.objects.due(now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .order_by("next_try_at", "pk")[:BATCH]
    )
    worn_out = [alert.pk for alert in rows if alert.attempts >= MAX_ATTEMPTS]
    if worn_out:
        Alert.objects.filter(pk__in=worn_out).update(abandoned_at=now)
    leased = [alert for alert in rows if alert.attempts < MAX_ATTEMPTS]
    Alert.objects.filter(pk__in=[alert.pk for alert in leased]).update(
        next_try_at=now + LEASE, attempts=F("attempts") + 1
    )
    for alert in leased:
        alert.attempts += 1
    return leased


def _send_batch(batch: Sequence[Alert]) -> tuple[int, bool]:
    """(mails sent, whether the relay answers). One connection for the batch, reopened after a failure."""
    stop_at = timezone.now() + SENDING
    connection = get_connection(timeout=SMTP_TIMEOUT)
    sent = 0
    try:
        for index, alert in enumerate(batch):
            if timezone.now() >= stop_at:
                _give_back(batch[index:])
                return sent, True
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as error:
                log.warning("alerts.relay_unreachable", error=type(error).__name__, waiting=len(batch) - index)
                _give_back(batch[index:], delay=RELAY_DELAY)
                return sent, False
            sent += _send(alert, connection)
    finally:
        _close(connection)
    return sent, True


def _send(alert: Alert, connection: BaseEmailBackend) -> bool:
    if not alert.user.is_active or not alert.user.email:
        _waiting(alert).update(abandoned_at=timezone.now(), last_error="Compte fermé ou sans adresse académique")
        return False
    try:
        mail(alert, connection).send()
    except FAILURES as error:
        _close(connection)
        _put_off(alert, error)
        return False
    _waiting(alert).update(sent_at=timezone.now(), last_error="")
    return True


def mail(alert: Alert, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail of an alert. The recipient is the account of the row, never a parameter (design §2)."""
    parts = ["Bonjour,", alert.body.strip()]
    if alert.link:
        parts.append(f"À consulter sur le portail :\n{settings.BASE_URL}{alert.link}")
    parts.append(FOOTER.format(portal=settings.PORTAL_NAME))
    return EmailMessage(
        subject=alert.subject,
        body="\n\n".join(parts),
        to=[alert.user.email],
        headers={
            "Message-ID": f"<{alert.message_id}@{settings.ACADEMIC_MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no automatic answer to this
        },
        connection=connection,
    )


def backoff(attempts: int) -> datetime.timedelta:
    """Wait after the nth failed try: doubled each time, capped, then cut by up to a half so that tries spread out."""
    longest: datetime.timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return longest * _jitter.uniform(0.5, 1)


def _put_off(alert: Alert, error: Exception) -> None:
    now = timezone.now()
    # The type and the SMTP code only: the relay's answer may quote the address.
    label = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
    log.warning("alerts.not_sent", alert=alert.pk, error=label, attempts=alert.attempts)
    if alert.attempts >= MAX_ATTEMPTS:
        _waiting(alert).update(abandoned_at=now, last_error=label)
    else:
        _waiting(alert).update(next_try_at=now + backoff(alert.attempts), last_error=label)


def _give_back(alerts: Sequence[Alert], *, delay: datetime.timedelta = datetime.timedelta()) -> None:
    """Returns leased alerts that were not tried; the try is not counted, so a long outage abandons nothing."""
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts], sent_at__isnull=True).update(
        next_try_at=timezone.now() + delay, attempts=F("attempts") - 1
    )


def _waiting(alert: Alert) -> AlertQuerySet:
    return Alert.objects.filter(pk=alert.pk, sent_at__isnull=True)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        log.info("alerts.relay_closed_badly")
