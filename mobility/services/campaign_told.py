"""The closing of a campaign as a deadline of those it concerns, and each change of a date told to them once (K2)."""

from django.urls import reverse
from django.utils import timezone

from iprof.correspondence.models import Deadline
from iprof.correspondence.services.alerts import new_mailing, send_mailing
from iprof.correspondence.services.deadlines import create_deadline, mark_done, move_deadline, refresh_people, tell
from iprof.kernel.errors import DomainError
from iprof.web.formats import french_moment
from mobility.domain.states import State
from mobility.enums import CampaignDate
from mobility.models import Campaign, CampaignMove
from mobility.selectors.campaigns import audience_of
from mobility.selectors.requests import move_words
from security.models import User

TITLE = "Mutation : clôture de la saisie"
KIND = "report.echeance"
OUT = (State.WITHDRAWN.value, State.UNCONFIRMED.value)
READ_HERE = "Les dates de votre campagne et le motif du changement sont sur le portail."


def announce_closing(campaign: Campaign, *, by: User) -> Deadline | None:
    """The deadline of those of the degree `by` may write to; None when it is past or reaches nobody yet."""
    if campaign.closes_at <= timezone.now():
        return None
    deadline = Deadline(
        title=TITLE,
        procedure=campaign.title[:100],
        opens_on=timezone.localdate(campaign.opens_at),
        closes_at=campaign.closes_at,
        link=reverse("mobility:home"),
        source=campaign.source,
    )
    try:
        return create_deadline(deadline=deadline, audience=audience_of(campaign.degree), by=by)
    except DomainError as error:
        if error.code != "deadline_nobody":
            raise
        return None


def tell_move(campaign: Campaign, row: CampaignMove, *, by: User) -> None:
    """In the transaction of the move. The opening and the closing concern all those of the degree, the dates after them
    those who have a request. Raises the DomainErrors of `move_deadline`."""
    if row.date == CampaignDate.CLOSES:
        _tell_closing(campaign, row, by)
    elif row.date == CampaignDate.OPENS:
        _tell_opening(campaign, row)
    else:
        _tell_requests(campaign, row)


def mark_closing(campaign: Campaign, *, by: User, done: bool) -> None:
    """The closing in the deadlines of `by`, done or to do again: a request confirmed is not reminded."""
    if campaign.deadline is not None:
        mark_done(by=by, deadline=campaign.deadline, done=done)


def _tell_closing(campaign: Campaign, row: CampaignMove, by: User) -> None:
    deadline = campaign.deadline
    if deadline is None or deadline.cancelled_at is not None:
        campaign.deadline = announce_closing(campaign, by=by)
        campaign.save(update_fields=["deadline"])
    elif deadline.closes_at != row.became_at:  # told already when the deadline itself was moved
        move_deadline(deadline=deadline, to=row.became_at, reason=row.reason, by=by)


def _tell_opening(campaign: Campaign, row: CampaignMove) -> None:
    if campaign.deadline_id is None:
        return
    deadline = Deadline.objects.select_for_update().get(pk=campaign.deadline_id)
    refresh_people(deadline=deadline)
    tell(deadline=deadline, code=f"campagne:{row.number}", kind=KIND, subject=_subject(campaign, row), text=_text(row))


def _tell_requests(campaign: Campaign, row: CampaignMove) -> None:
    owners = list(campaign.requests.exclude(state__in=OUT).order_by("owner_id").values_list("owner_id", flat=True))
    if owners:
        mailing = new_mailing(subject=_subject(campaign, row), text=_text(row), link=reverse("mobility:home"))
        send_mailing(mailing=mailing, users=owners, kind=KIND, cause=f"campagne:{campaign.pk}:{row.number}")


def _subject(campaign: Campaign, row: CampaignMove) -> str:
    at = french_moment(timezone.localtime(row.became_at))
    return f"{campaign.title} : nouvelle date, {CampaignDate(row.date).label.lower()} le {at}"


def _text(row: CampaignMove) -> str:
    return f"{CampaignDate(row.date).label} : {move_words(row)}. {READ_HERE}"
