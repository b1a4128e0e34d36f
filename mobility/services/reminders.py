"""Reminding, before the closing, those whose draft is not confirmed: seven days, two days, the last day (K2, S57)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from iprof.correspondence.services.alerts import send_alert
from iprof.web.formats import french_moment
from mobility.domain.states import State
from mobility.models import Campaign, MobilityRequest

KIND = "echeance.mobilite"
STEPS = (0, 2, 7)  # days before that of the closing, the nearest first


def due_step(closes_on: dt.date, *, on: dt.date) -> int | None:
    """The reminder of a day, None when it is too early or too late.

    >>> due_step(dt.date(2026, 12, 9), on=dt.date(2026, 12, 4))
    7
    """
    left = (closes_on - on).days
    return next((step for step in STEPS if 0 <= left <= step), None)


def remind_drafts(*, at: dt.datetime | None = None) -> int:
    """Reminds each owner of a draft once a step and a date of closing; how many drafts were looked at. Run again, it
    tells nobody twice."""
    now = at or timezone.now()
    open_now = Campaign.objects.filter(opens_at__lte=now, closes_at__gt=now)
    return sum(_remind(campaign, now) for campaign in open_now)


def _remind(campaign: Campaign, now: dt.datetime) -> int:
    closes = timezone.localtime(campaign.closes_at)
    step = due_step(closes.date(), on=timezone.localtime(now).date())
    if step is None:
        return 0
    waiting = campaign.requests.filter(state=State.DRAFT).order_by("pk")
    return sum(_tell(pk, step, closes) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int, step: int, closes: dt.datetime) -> int:
    """The row is locked: one confirmed meanwhile is not reminded."""
    row = MobilityRequest.objects.select_for_update(of=("self",)).select_related("owner").get(pk=pk)
    if row.state != State.DRAFT.value:
        return 0
    send_alert(
        user=row.owner,
        kind=KIND,
        subject=f"Votre demande de mutation n'est pas confirmée : saisie close le {french_moment(closes)}",
        body="Relisez-la et confirmez-la sur le portail. Sans confirmation, elle ne sera pas examinée.",
        link=row.get_absolute_url(),
        cause=f"mobilite:rappel:{row.public_id}:{closes:%Y-%m-%dT%H:%M}:{step}",
    )
    return 1
