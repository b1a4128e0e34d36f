"""The reminders of each morning: for each deadline, the step of the day and those not told of it yet."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from iprof.correspondence.models import Deadline
from iprof.correspondence.reminders import STEPS, due_step
from iprof.correspondence.selectors.alerts import REMINDER
from iprof.correspondence.services.deadlines import REMINDER_CODE, refresh_people, tell
from iprof.web.formats import french_moment


def remind_all() -> int:
    """Reminds of every deadline of the next 30 days; how many people were told. Running it again tells nobody twice.

    One transaction a deadline: an outage loses nothing, the next run tells those who were not.
    """
    now = timezone.now()
    last = now + dt.timedelta(days=max(STEPS) + 1)
    found = Deadline.objects.filter(cancelled_at__isnull=True, closes_at__gt=now, closes_at__lte=last)
    return sum(remind(deadline=deadline) for deadline in found)


@transaction.atomic
def remind(*, deadline: Deadline) -> int:
    """Reminds those a deadline concerns and who have not marked it done. The row is locked: it does not move meanwhile."""
    locked = Deadline.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=deadline.pk)
    if locked.cancelled_at is not None or locked.closes_at <= timezone.now():
        return 0
    last_move = locked.history.last() if locked.moves else None
    moved_on = timezone.localtime(last_move.decided_at).date() if last_move else None
    step = due_step(locked.closes_on, on=timezone.localdate(), told_on=moved_on)
    if step is None:
        return 0
    refresh_people(deadline=locked)
    moment = french_moment(timezone.localtime(locked.closes_at))
    return tell(
        deadline=locked,
        code=f"{REMINDER_CODE}{step}:{locked.moves}",
        kind=REMINDER,
        subject=f"Échéance du {moment} : {locked.title}",
        text=f"Vous avez jusqu'au {moment} pour : {locked.title} ({locked.procedure}). Si c'est fait, marquez-le sur la "
        "page « Échéances » : les rappels cessent.",
        waiting_only=True,
    )
