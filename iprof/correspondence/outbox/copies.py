"""What the channels besides mail share: what no longer needs to leave, and how long what left is kept."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from iprof.correspondence.models import AlertCopy, PushSubscription
from iprof.correspondence.models.alerts import WAITING

KEPT = dt.timedelta(days=90)  # how long it is of use to know that a device rang


def drop_moot(channel: str) -> int:
    """Forgets the copies that wait for an alert read meanwhile or withdrawn: nobody needs to be told of it any more."""
    moot = Q(alert__read_at__isnull=False) | Q(alert__withdrawn_at__isnull=False)
    due = AlertCopy.objects.filter(WAITING, moot, channel=channel, next_try_at__lte=timezone.now())
    return due.delete()[0]


def forget_old_copies() -> int:
    """Deletes copies sent or given up for more than KEPT, and the devices of closed accounts; returns how many rows."""
    limit = timezone.now() - KEPT
    old = AlertCopy.objects.filter(Q(sent_at__lt=limit) | Q(abandoned_at__lt=limit)).delete()[0]
    return old + PushSubscription.objects.filter(user__is_active=False).delete()[0]
