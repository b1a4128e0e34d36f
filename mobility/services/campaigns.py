"""Campaigns: opened with their dates, each move logged and told to all concerned (K2, S50)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from iprof.kernel.errors import DomainError
from mobility.domain.states import Act, State
from mobility.enums import CampaignDate, Phase, RequestState
from mobility.models import Campaign, CampaignMove, MobilityRequest
from mobility.services.campaign_told import announce_closing, tell_move
from mobility.services.drafts import lock, move
from security.enums import AccessKind
from security.journal import record
from security.models import User


@transaction.atomic
def create_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """Writes a campaign and announces its closing to those of its degree `by` may write to (`Campaign.deadline`, None when
    it reaches nobody). Raises ValidationError, DomainError("campaign_without_rules") for the intra-académique phase: its
    figures are not published to the portal, and those of the inter would be wrong."""
    if campaign.phase != Phase.INTER:
        raise DomainError("campaign_without_rules", phase=campaign.phase)
    campaign.created_by = by
    campaign.full_clean()
    campaign.deadline = announce_closing(campaign, by=by)
    campaign.save()
    record(AccessKind.MOBILITY_MANAGED, actor=by, act="creation", campagne=str(campaign.public_id))
    return campaign


@transaction.atomic
def move_date(*, campaign: Campaign, date: CampaignDate, to: dt.datetime, reason: str, by: User) -> CampaignMove:
    """Changes one date, for a reason, and tells those it concerns, in one transaction: no move without its notice.

    Raises DomainError("campaign_no_reason" | "campaign_same_date") and those of `move_deadline`, ValidationError when the
    dates would no longer follow one another.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    told = " ".join(reason.split())
    was = getattr(locked, date.value)
    if not told:
        raise DomainError("campaign_no_reason")
    if was == to:
        raise DomainError("campaign_same_date")
    locked.moves += 1
    row = CampaignMove.objects.create(
        campaign=locked, number=locked.moves, date=date, was_at=was, became_at=to, reason=told, decided_by=by
    )
    setattr(locked, date.value, to)
    locked.full_clean()
    locked.save(update_fields=[date.value, "moves"])
    tell_move(locked, row, by=by)
    record(AccessKind.MOBILITY_MANAGED, actor=by, act="date", campagne=str(locked.public_id), number=row.number)
    return row


def expire_unconfirmed(*, at: dt.datetime | None = None) -> int:
    """Drafts of campaigns that closed become « non confirmé »: nothing typed is lost. How many; run by the clock."""
    now = at or timezone.now()
    closed = MobilityRequest.objects.filter(state=RequestState.DRAFT, campaign__closes_at__lte=now)
    done = 0
    for row in closed.order_by("pk").iterator(chunk_size=500):
        with transaction.atomic():
            locked = lock(row)
            if locked.state == State.DRAFT.value and locked.campaign and locked.campaign.closes_at <= now:
                move(locked, Act.EXPIRE, by=None, at=now)
                done += 1
    return done
