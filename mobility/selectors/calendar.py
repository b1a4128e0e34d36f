"""The dates of an agent's requests in their calendar of deadlines (S11, K2)."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from iprof.correspondence.calendar import Entry
from iprof.web.ics import stable_uid
from mobility.domain.states import State
from mobility.enums import CampaignDate
from mobility.models import Campaign, MobilityRequest
from security.models import User

PROCEDURE = "Mouvement"
KEPT_DAYS = 30  # how long a date past is still told
_SENT = (State.SUBMITTED, State.CONTROLLED, State.STUDIED, State.PUBLISHED)


def mobility_entries(user: User, on: dt.date) -> Iterator[Entry]:
    """What each request has still to do, and when. One query."""
    mine = MobilityRequest.objects.filter(owner_id=user.pk, campaign__isnull=False).select_related("campaign")
    since = timezone.now() - dt.timedelta(KEPT_DAYS)
    for row in mine:
        if row.campaign and State(row.state) is not State.WITHDRAWN:
            yield from (one for one in _of_request(row, row.campaign) if one.closes_at > since)


def _of_request(row: MobilityRequest, campaign: Campaign) -> Iterator[Entry]:
    state = State(row.state)
    if campaign.deadline_id is None:  # announced by the correspondences otherwise
        yield _entry(row, campaign, CampaignDate.CLOSES, "Confirmer ma demande de mutation", done=state in _SENT)
    if state in _SENT:
        yield _entry(row, campaign, CampaignDate.PIECES, "Transmettre les pièces de ma demande de mutation")
    if state is State.CONTROLLED and campaign.contest_until is not None:
        yield _entry(row, campaign, CampaignDate.CONTEST, "Relire mon barème et le contester s'il est faux")


def _entry(row: MobilityRequest, campaign: Campaign, date: CampaignDate, title: str, *, done: bool = False) -> Entry:
    return Entry(
        uid=stable_uid("mobility/request", str(row.public_id), date.value),
        title=title,
        closes_at=getattr(campaign, date.value),
        source=campaign.source,
        procedure=campaign.title or PROCEDURE,
        link=row.get_absolute_url(),
        done=done,
        sequence=campaign.moves,
        modified_at=row.changed_at,
    )
