"""Writing a request while it is a draft: vœux, claims, pieces. Each write says the revision it saw (T15, E24).

Two open tabs never overwrite each other silently: the second one is told (`Overtaken`), with what the first wrote.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from iprof.kernel.errors import DomainError
from mobility.domain.states import Act, State, after, may
from mobility.models import Campaign, ChosenPiece, Claims, MobilityRequest, RequestEvent, Voeu
from mobility.services.campaign_told import mark_closing
from mobility.services.told import tell
from security.models import User


class Overtaken(Exception):
    """Another page wrote in between. `request` is the request as it is now."""

    def __init__(self, request: MobilityRequest) -> None:
        super().__init__(request.public_id)
        self.request = request


@transaction.atomic
def open_request(*, owner: User, campaign: Campaign, claims: Mapping[str, Any]) -> MobilityRequest:
    """The request of `owner` in this campaign, begun from `claims` (what the file tells) when there is none yet.

    Raises DomainError("campaign_closed") for a new one outside the opening.
    """
    _one_at_a_time(owner)
    found = MobilityRequest.objects.filter(owner=owner, campaign=campaign).first()
    if found:
        return found
    if not campaign.is_open(timezone.now()):
        raise DomainError("campaign_closed")
    return _begin(owner, campaign, claims)


@transaction.atomic
def open_simulation(*, owner: User, claims: Mapping[str, Any]) -> MobilityRequest:
    """The one simulation of `owner`: never sent, open all year."""
    _one_at_a_time(owner)
    found = MobilityRequest.objects.filter(owner=owner, campaign__isnull=True).first()
    return found or _begin(owner, None, claims)


def save_voeux(*, request: MobilityRequest, revision: int, voeux: Sequence[str], kind: str = "") -> MobilityRequest:
    """Replaces the vœux by these, in this order. What they are worth is the rules' business, not that of the table."""

    def write(locked: MobilityRequest) -> None:
        locked.voeux.all().delete()
        Voeu.objects.bulk_create(
            Voeu(request=locked, rank=rank, kind=kind, place=place) for rank, place in enumerate(voeux, start=1)
        )

    return _write(request, revision, write)


def save_claims(*, request: MobilityRequest, revision: int, claims: Mapping[str, Any]) -> MobilityRequest:
    """Replaces what is claimed: `claims` maps fields of `Claims` to values already checked by a form."""

    def write(locked: MobilityRequest) -> None:
        row = Claims.objects.get(request=locked)
        for name, value in claims.items():
            setattr(row, name, value)
        row.save()

    return _write(request, revision, write)


def save_pieces(*, request: MobilityRequest, revision: int, chosen: Mapping[str, Collection[UUID]]) -> MobilityRequest:
    """Replaces the documents chosen, by piece."""

    def write(locked: MobilityRequest) -> None:
        locked.chosen_pieces.all().delete()
        ChosenPiece.objects.bulk_create(
            ChosenPiece(request=locked, piece=piece, document=document)
            for piece, documents in chosen.items()
            for document in dict.fromkeys(documents)
        )

    return _write(request, revision, write)


@transaction.atomic
def take_up(*, request: MobilityRequest, by: User) -> MobilityRequest:
    """A request sent, withdrawn or not confirmed becomes a draft again while the campaign is open.

    The receipt and the version already given stay. Raises DomainError("campaign_closed" | "request_transition").
    """
    locked = lock(request)
    now = timezone.now()
    if locked.campaign is None or not locked.campaign.is_open(now):
        raise DomainError("campaign_closed")
    act = Act.AMEND if may(State(locked.state), Act.AMEND) else Act.REOPEN
    move(locked, act, by=by, at=now)
    mark_closing(locked.campaign, by=by, done=False)
    return locked


def lock(request: MobilityRequest) -> MobilityRequest:
    """The row as it is now, held until the end of the transaction, with its campaign."""
    return (
        MobilityRequest.objects.select_for_update(of=("self",)).select_related("campaign", "owner").get(pk=request.pk)
    )


def move(
    locked: MobilityRequest,
    act: Act,
    *,
    by: User | None,
    at: dt.datetime,
    note: str = "",
    http: HttpRequest | None = None,
    **changed: Any,
) -> RequestEvent:
    """Applies a transition of the table to a row held by `lock`, writes it down and tells it: one event, one line of
    the journal, one alert to the owner. Raises DomainError("request_transition"). Every change goes through here."""
    was = State(locked.state)
    locked.state = after(was, act).value
    locked.revision += 1
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", "revision", "changed_at", *changed])
    event = RequestEvent.objects.create(
        request=locked, act=act.value, was=was.value, became=locked.state, by=by, note=note, at=at
    )
    tell(event, http=http)
    return event


@transaction.atomic
def _write(request: MobilityRequest, revision: int, write: Callable[[MobilityRequest], None]) -> MobilityRequest:
    """Raises Overtaken, DomainError("request_not_a_draft" | "campaign_closed")."""
    locked = lock(request)
    if locked.state != State.DRAFT.value:
        raise DomainError("request_not_a_draft", state=locked.state)
    if locked.campaign is not None and not locked.campaign.is_open(timezone.now()):
        raise DomainError("campaign_closed")
    if locked.revision != revision:
        raise Overtaken(locked)
    write(locked)
    locked.revision += 1
    locked.save(update_fields=["revision", "changed_at"])
    return locked


def _begin(owner: User, campaign: Campaign | None, claims: Mapping[str, Any]) -> MobilityRequest:
    request = MobilityRequest.objects.create(owner=owner, campaign=campaign)
    Claims.objects.create(request=request, **claims)
    return request


def _one_at_a_time(owner: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
