"""Reminding of a deadline those who have not said it was done, once a step, whatever is run again."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from iprof.correspondence.circular_mail import reminder_of
from iprof.correspondence.enums import CircularState
from iprof.correspondence.models import Alert, Circular
from iprof.correspondence.reminders import due_step
from iprof.correspondence.services.alerts import new_mailing, send_mailing


def remind_circulars(*, on: dt.date) -> int:
    """The reminders due on a day, each correspondence in a transaction of its own. Returns how many alerts were written."""
    return sum(remind_circular(pk=pk, on=on) for pk in list(_with_deadline(on)))


@transaction.atomic
def remind_circular(*, pk: int, on: dt.date) -> int:
    """The row stays locked: a recall waits, then withdraws what was written here; a recalled one reminds nobody."""
    circular = Circular.objects.select_for_update(of=("self",)).get(pk=pk)
    step = _due(circular, on)
    if step is None or circular.deadline is None:
        return 0
    cause = f"{circular.cause}:J-{step}"
    told = Alert.objects.filter(user=OuterRef("user"), cause=cause)
    late = circular.recipients.filter(~Exists(told), acted_at__isnull=True, user__is_active=True)
    users = list(late.values_list("user_id", flat=True))
    if not users:
        return 0
    said = reminder_of(circular, days=(circular.deadline - on).days)
    mailing = new_mailing(subject=said.subject, text=said.text, link=circular.get_absolute_url())
    return send_mailing(mailing=mailing, users=users, kind="echeance.rappel", cause=cause)


def _with_deadline(on: dt.date) -> Iterator[int]:
    rows = Circular.objects.filter(state=CircularState.RELEASED, deadline__gte=on).order_by("pk")
    yield from rows.values_list("pk", flat=True)


def _due(circular: Circular, on: dt.date) -> int | None:
    if circular.state != CircularState.RELEASED or circular.deadline is None or circular.released_at is None:
        return None
    told_on = timezone.localtime(circular.released_at).date()
    return due_step(circular.deadline, on=on, told_on=told_on)
