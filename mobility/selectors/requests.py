"""Campaigns open to a person and their requests, as « Mutation » shows them (S50, S56)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from iprof.web.formats import french_moment
from mobility.domain.facts import Degree
from mobility.domain.states import Act, State, may
from mobility.enums import CampaignDate, Phase, RequestState
from mobility.models import Campaign, CampaignMove, MobilityRequest
from security.models import User

TONES = {
    RequestState.DRAFT: ("new", "flag"),
    RequestState.SUBMITTED: ("info", "flag"),
    RequestState.CONTROLLED: ("success", "check"),
    RequestState.STUDIED: ("warning", "clock"),
    RequestState.PUBLISHED: ("violet", "bell"),
    RequestState.WITHDRAWN: ("new", "minus"),
    RequestState.UNCONFIRMED: ("error", "alert"),
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date of a campaign; `at` None: not published yet. `moves`: each change of it in words, the oldest first."""

    label: str
    at: dt.datetime | None
    passed: bool
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RequestShown:
    row: MobilityRequest
    tone: str
    icon: str
    editable: bool
    may_take_up: bool


@dataclass(frozen=True, slots=True)
class CampaignShown:
    """`mine` None: not begun. `closed`: it was open once and is no more."""

    row: Campaign
    milestones: tuple[Milestone, ...]
    mine: RequestShown | None
    is_open: bool
    closed: bool


def request_shown(row: MobilityRequest, at: dt.datetime) -> RequestShown:
    """`row` with its campaign; no query."""
    tone, icon = TONES[RequestState(row.state)]
    opened = row.campaign is None or row.campaign.is_open(at)
    state = State(row.state)
    again = may(state, Act.AMEND) or may(state, Act.REOPEN)
    return RequestShown(row, tone, icon, state is State.DRAFT and opened, opened and again and row.campaign is not None)


def campaigns_for(user: User, degree: Degree, at: dt.datetime) -> tuple[CampaignShown, ...]:
    """Those of the degree of the file, and those one has a request in; the last session first. Three queries."""
    mine = {row.campaign_id: row for row in requests_of(user)}
    found = Campaign.objects.filter(phase=Phase.INTER, degree=degree.value) | Campaign.objects.filter(
        pk__in=[pk for pk in mine if pk]
    )
    rows = found.distinct().prefetch_related("history").order_by("-session", "phase")
    shown = [_campaign(row, mine.get(row.pk), at) for row in rows]
    return tuple(one for one in shown if one.mine or not one.closed)


def requests_of(user: User) -> Sequence[MobilityRequest]:
    """With their campaign, the last begun first; the simulation aside."""
    return list(MobilityRequest.objects.filter(owner=user, campaign__isnull=False).select_related("campaign"))


def simulation_of(user: User) -> MobilityRequest | None:
    return MobilityRequest.objects.filter(owner=user, campaign__isnull=True).first()


def milestones(row: Campaign, at: dt.datetime) -> tuple[Milestone, ...]:
    """`row` with its history; one not saved yet has none."""
    history = list(row.history.all()) if row.pk else []
    return tuple(_milestone(row, date, history, at) for date in CampaignDate)


def move_words(move: CampaignMove) -> str:
    """« reportée du 9 décembre 2026 à 12 h au 16 décembre 2026 à 12 h, motif : panne de la messagerie »."""
    became = french_moment(timezone.localtime(move.became_at))
    if move.was_at is None:
        return f"publiée, {became}, motif : {move.reason}"
    verb = "reportée" if move.became_at > move.was_at else "avancée"
    return f"{verb} du {french_moment(timezone.localtime(move.was_at))} au {became}, motif : {move.reason}"


def _milestone(row: Campaign, date: CampaignDate, history: Sequence[CampaignMove], at: dt.datetime) -> Milestone:
    when = getattr(row, date.value)
    told = tuple(move_words(one) for one in history if one.date == date.value)
    return Milestone(date.label, timezone.localtime(when) if when else None, bool(when and when <= at), told)


def _campaign(row: Campaign, mine: MobilityRequest | None, at: dt.datetime) -> CampaignShown:
    if mine:
        mine.campaign = row
    return CampaignShown(
        row, milestones(row, at), request_shown(mine, at) if mine else None, row.is_open(at), at >= row.closes_at
    )
