"""Notices without content at the recovery address (K14): that an alert waits, never which; one an hour at most.

The row of the choice is what a worker holds: two of them never write to the same person, and the hour is counted from
the moment a notice is taken up, so that a crash cannot make two.
"""

import datetime as dt
import time
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone

from iprof.correspondence.enums import Channel
from iprof.correspondence.models import AlertCopy, ForwardChoice
from iprof.correspondence.outbox.copies import drop_moot
from iprof.correspondence.outbox.leasing import FIRST_DELAY, SENDING, give_back, lease, mark_sent, put_off
from iprof.correspondence.outbox.relay import UNREACHABLE, label_of, relay
from iprof.correspondence.outbox.throttle import wait_turn
from iprof.correspondence.outbox.unsubscribe import notice_headers
from iprof.correspondence.selectors.choices import forward_addresses

APART = dt.timedelta(hours=1)
PEOPLE, COPIES = 100, 5000
SUBJECT = "Une nouvelle alerte vous attend sur le portail"


@dataclass(frozen=True, slots=True)
class Notice:
    """One person's alerts to tell of together. `before` is when the last notice was taken up."""

    choice: ForwardChoice
    copies: list[AlertCopy]
    before: dt.datetime | None


def send_due(*, seconds: float = SENDING.total_seconds()) -> int:
    """Sends the notices that are due, beginning none after `seconds`. Returns how many the relay took."""
    sent, stop_at = 0, time.monotonic() + seconds
    while time.monotonic() < stop_at and (notices := lease_notices()):
        addresses = forward_addresses([notice.choice.user_id for notice in notices])
        for index, notice in enumerate(notices):
            if time.monotonic() >= stop_at or not _relay_answers():
                for left in notices[index:]:
                    _give_back(left)
                return sent
            sent += _send(notice, addresses.get(notice.choice.user_id, ""))
    return sent


@transaction.atomic
def lease_notices() -> list[Notice]:
    """Those of up to PEOPLE persons who had none for an hour, with all that waits for each."""
    drop_moot(Channel.FORWARD)
    now = timezone.now()
    due = AlertCopy.objects.due(now).filter(channel=Channel.FORWARD)
    rested = Q(last_notice_at__isnull=True) | Q(last_notice_at__lte=now - APART)
    people = ForwardChoice.objects.filter(rested, Exists(due.filter(alert__user_id=OuterRef("user_id"))))
    choices = list(
        people.select_for_update(skip_locked=True, of=("self",)).select_related("user").order_by("pk")[:PEOPLE]
    )
    theirs = due.filter(alert__user_id__in=[choice.user_id for choice in choices]).select_related("alert")
    copies = lease(theirs.order_by("alert__user_id", "pk"), size=COPIES)
    notices = [_notice(choice, copies) for choice in choices]
    held = [notice for notice in notices if notice.copies]
    ForwardChoice.objects.filter(pk__in=[notice.choice.pk for notice in held]).update(last_notice_at=now)
    return held


def _notice(choice: ForwardChoice, copies: list[AlertCopy]) -> Notice:
    return Notice(choice, [copy for copy in copies if copy.alert.user_id == choice.user_id], choice.last_notice_at)


def _relay_answers() -> bool:
    try:
        relay.open()
    except UNREACHABLE:
        relay.close()
        return False
    return True


def _send(notice: Notice, address: str) -> bool:
    """Nobody to tell any more: what waited is forgotten, the alerts stay on the portal."""
    if not address or not notice.choice.user.is_active:
        AlertCopy.objects.filter(pk__in=[copy.pk for copy in notice.copies]).delete()
        return False
    try:
        mail = letter(notice, address)
        wait_turn()
        mail.connection = relay.open()
        mail.send()
    except (*UNREACHABLE, ValueError) as error:
        relay.close()
        _rest_as_before(notice)
        for copy in notice.copies:
            put_off(copy, label_of(error))
        return False
    mark_sent(notice.copies)
    return True


def letter(notice: Notice, address: str) -> EmailMessage:
    """No name, no subject of an alert, no link but that of the portal. The Message-ID is that of the oldest alert told."""
    oldest = notice.copies[0].alert
    words = {"address": settings.BASE_URL, "portal": settings.PORTAL_NAME, "academie": settings.ACADEMIE}
    name = uuid.uuid5(oldest.message_id, "avis")
    headers = {"Message-ID": f"<{name}@{settings.ACADEMIC_MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"}
    text = render_to_string("mail/notice.txt", words)
    return EmailMessage(subject=SUBJECT, body=text, to=[address], headers=headers | notice_headers(oldest))


def _give_back(notice: Notice) -> None:
    _rest_as_before(notice)
    give_back(notice.copies, delay=FIRST_DELAY)


def _rest_as_before(notice: Notice) -> None:
    """This one did not leave: it does not count in the hour."""
    ForwardChoice.objects.filter(pk=notice.choice.pk).update(last_notice_at=notice.before)
