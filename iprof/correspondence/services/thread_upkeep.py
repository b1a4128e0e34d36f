"""What becomes of threads nobody writes in any more: closed after a month, forgotten after their time."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from iprof.correspondence.domain.thread_states import State
from iprof.correspondence.enums import ThreadKind
from iprof.correspondence.models import Attachment, Thread

QUIET_DAYS = 30  # after the last answer
KEPT_DAYS = {ThreadKind.DIALOGUE: 3 * 365, ThreadKind.SUPPORT: 365}  # after the closing


def close_quiet() -> int:
    """Closes the threads answered and left so; returns how many. Their owner may still open them again."""
    now = timezone.now()
    quiet = Thread.objects.filter(state=State.ANSWERED, last_at__lt=now - dt.timedelta(QUIET_DAYS))
    return quiet.update(state=State.CLOSED, closed_at=now)


@transaction.atomic
def forget_old() -> int:
    """Deletes the threads closed for long, with their files; returns how many."""
    count, now = 0, timezone.now()
    for kind, days in KEPT_DAYS.items():
        old = Thread.objects.filter(kind=kind, closed_at__lt=now - dt.timedelta(days))
        Attachment.objects.filter(message_file__message__thread__in=old).delete()
        count += old.count()
        old.delete()
    return count
