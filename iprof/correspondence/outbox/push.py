"""From the outbox to the devices: that there is something to read, and nothing of it (norm D44).

Every notification says the same words: the push service learns when a device rings, never why. Under one `Topic`, a
service keeps one for a device that is off: it rings once when it wakes.
"""

import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.enums import Channel
from iprof.correspondence.models import AlertCopy, PushSubscription
from iprof.correspondence.outbox.copies import drop_moot
from iprof.correspondence.outbox.encryption import encrypt
from iprof.correspondence.outbox.leasing import SENDING, backoff, give_up, lease, mark_sent, put_off
from iprof.correspondence.outbox.push_services import Unanswered, post
from iprof.correspondence.outbox.vapid import authorization

BATCH = 40
AT_ONCE = 8  # exchanges with push services at the same time
LIFE = 24 * 3600  # seconds a service keeps a notification for a device that is off; the alert stays on the portal
TITLE, TOPIC = "Une nouvelle alerte vous attend", "alertes"
GONE = frozenset({404, 410})
PASSING = frozenset({408, 425, 429})  # with 5xx, what another try may mend
COLUMNS = (
    "attempts", "subscription_id", "alert__user_id", "subscription__user_id", "subscription__endpoint",
    "subscription__p256dh", "subscription__auth", "subscription__user__is_active",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What a push service said. `status` 0: nothing; `wait` seconds before another try, which changes nothing if `final`."""

    status: int
    wait: int = 0
    label: str = ""
    final: bool = False


def message() -> bytes:
    return json.dumps({"title": TITLE, "link": reverse("correspondence:alert_list")}).encode()


def send_due(*, seconds: float = SENDING.total_seconds()) -> int:
    """Rings every device that is due, beginning none after `seconds`. Returns how many services took theirs."""
    if not settings.VAPID_KEY:
        return 0
    rung, stop_at = 0, time.monotonic() + seconds
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while time.monotonic() < stop_at and (batch := lease_batch()):
            held = _by_device(batch)
            answers = pool.map(_ring, [copies[0] for copies in held])
            rung += sum(_settle(copies, answer) for copies, answer in zip(held, answers, strict=True))
    return rung


def lease_batch() -> list[AlertCopy]:
    """Up to BATCH copies, oldest first. Those of alerts read meanwhile are dropped."""
    drop_moot(Channel.PUSH)
    due = AlertCopy.objects.due(timezone.now()).filter(channel=Channel.PUSH).order_by("next_try_at", "pk")
    return lease(due.select_related("alert", "subscription__user").only(*COLUMNS), size=BATCH)


def _by_device(batch: list[AlertCopy]) -> list[list[AlertCopy]]:
    """Several alerts at once ring a device once."""
    devices: dict[int | None, list[AlertCopy]] = {}
    for copy in batch:
        devices.setdefault(copy.subscription_id, []).append(copy)
    return list(devices.values())


def _ring(copy: AlertCopy) -> Answer:
    """One exchange with the push service of the device. Touches no database: it runs beside others."""
    device = copy.subscription
    if device is None or device.user_id != copy.alert.user_id:  # the database refuses it too
        return Answer(0, label="Appareil d'une autre personne", final=True)
    if not device.user.is_active:
        return Answer(410)
    try:
        status, wait = post(
            device.endpoint, encrypt(message(), p256dh=device.p256dh, auth=device.auth), _headers(device)
        )
    except Unanswered as problem:
        return Answer(0, label=str(problem))
    except ValueError as problem:  # keys no browser made, a service no longer listed
        return Answer(0, label=type(problem).__name__, final=True)
    return Answer(status, wait, f"HTTP {status}", status < 500 and status not in PASSING)


def _headers(device: PushSubscription) -> dict[str, str]:
    return {
        "Authorization": authorization(device.endpoint, now=time.time()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LIFE),
        "Topic": TOPIC,
        "Urgency": "normal",
    }


def _settle(copies: list[AlertCopy], answer: Answer) -> bool:
    """Whether the service took it. A device the service no longer knows is forgotten, with what was on its way to it."""
    devices = PushSubscription.objects.filter(copies__in=[copy.pk for copy in copies])
    if answer.status in GONE:
        devices.delete()
        return False
    if 200 <= answer.status < 300:
        mark_sent(copies)
        devices.update(last_sent_at=timezone.now())
        return True
    for copy in copies:
        if answer.final:
            give_up(copy, answer.label)
        else:
            put_off(copy, answer.label, wait=max(dt.timedelta(seconds=answer.wait), backoff(copy.attempts)))
    return False
