"""From the outbox to the academic mailboxes: at least once, one Message-ID per alert, no alert lost by a crash.

Each alert is marked as soon as the relay took it; those of a mailing by small groups, at most half a second late. A
worker killed in between repeats that mail, or that group, under the Message-ID it had. What is written to one person
never waits behind a circular.
"""

import time
from collections.abc import Sequence

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from iprof.correspondence.models import Alert
from iprof.correspondence.outbox import leasing
from iprof.correspondence.outbox.leasing import BATCH, SENDING, give_back, give_up, mark_sent, put_off
from iprof.correspondence.outbox.letters import letter
from iprof.correspondence.outbox.relay import UNREACHABLE, code_of, label_of, relay
from iprof.correspondence.outbox.throttle import wait_turn

FAILURES = (*UNREACHABLE, ValueError)  # ValueError: an address or a header that cannot be written
RELAY_DELAY = leasing.FIRST_DELAY
REFUSALS = 3  # tries of a mail the relay refuses for good: a filter of the day may change its mind, an address will not
GROUP, GROUP_SECONDS = 50, 0.5
COLUMNS = (
    "kind", "subject", "body", "link", "message_id", "attempts", "mailing__subject", "mailing__text", "mailing__html",
    "mailing__link", "user__email", "user__is_active",
)  # fmt: skip
log = structlog.get_logger(__name__)


class Marks:
    """Alerts the relay took and that are not marked yet."""

    def __init__(self) -> None:
        self.taken: list[Alert] = []
        self.since = time.monotonic()

    def add(self, alert: Alert) -> None:
        self.taken.append(alert)
        if alert.mailing is None or len(self.taken) >= GROUP or time.monotonic() - self.since >= GROUP_SECONDS:
            self.write()

    def write(self) -> None:
        mark_sent(self.taken)
        self.taken, self.since = [], time.monotonic()


def deliver_due(*, seconds: float = SENDING.total_seconds()) -> int:
    """Sends every alert that is due, batch after batch, beginning none after `seconds`. Returns how many were sent."""
    sent, stop_at = 0, time.monotonic() + seconds
    while time.monotonic() < stop_at and (batch := lease_batch()):
        done, relay_up = _send_batch(batch, stop_at)
        sent += done
        if not relay_up:
            break
    return sent


def lease_batch() -> list[Alert]:
    """Up to BATCH due alerts: those of one person first, then those of mailings, oldest first."""
    due = Alert.objects.due(timezone.now()).order_by("next_try_at", "pk")
    one_person = _lease(due.filter(mailing__isnull=True), BATCH)
    room = BATCH - len(one_person)
    return one_person + (_lease(due.filter(mailing__isnull=False), room) if room else [])


def _lease(due: QuerySet[Alert], size: int) -> list[Alert]:
    return leasing.lease(due.select_related("user", "mailing").only(*COLUMNS), size=size)


def _send_batch(batch: Sequence[Alert], stop_at: float) -> tuple[int, bool]:
    """(mails sent, whether the relay answers)."""
    sent, marks = 0, Marks()
    try:
        for index, alert in enumerate(batch):
            if time.monotonic() >= stop_at:
                give_back(batch[index:])
                break
            try:
                relay.open()
            except UNREACHABLE as error:
                log.warning("outbox.relay_unreachable", error=type(error).__name__, waiting=len(batch) - index)
                relay.close()
                marks.write()
                give_back(batch[index:], delay=RELAY_DELAY)
                return sent, False
            sent += _send(alert, marks)
    except Exception as error:  # not of the relay: the mail that raised it pays, the others were not tried
        marks.write()
        put_off(alert, type(error).__name__)
        give_back(batch[index + 1 :])
        raise
    marks.write()
    return sent, True


def _send(alert: Alert, marks: Marks) -> bool:
    if not alert.user.is_active or not alert.user.email:
        give_up(alert, "Compte fermé ou sans adresse académique")
        return False
    try:
        mail = letter(alert)
        wait_turn()
        mail.connection = relay.open()
        mail.send()
    except FAILURES as error:
        relay.close()
        last_try = REFUSALS if code_of(error) >= 500 else leasing.MAX_ATTEMPTS
        put_off(alert, label_of(error), last_try=last_try)
        return False
    marks.add(alert)
    return True
