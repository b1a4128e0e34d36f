"""Drafts: one a campaign, each write on the revision seen, closed to the second (tension T15, norm E24)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from iprof.kernel.errors import DomainError
from mobility.domain.states import Act
from mobility.enums import CampaignDate, RequestState
from mobility.models import Campaign, MobilityRequest, RequestEvent
from mobility.services.campaigns import expire_unconfirmed, move_date
from mobility.services.drafts import (
    Overtaken,
    lock,
    move,
    open_request,
    open_simulation,
    save_claims,
    save_pieces,
    save_voeux,
    take_up,
)
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.mobility import campaign, draft

pytestmark = [pytest.mark.django_db, pytest.mark.req("S50", "S51")]


@pytest.fixture
def owner():
    return full_career().user


def places(request: MobilityRequest) -> list[str]:
    return list(request.voeux.order_by("rank").values_list("place", flat=True))


def test_opening_twice_gives_the_same_draft(owner):
    there = campaign()
    first = open_request(owner=owner, campaign=there, claims={})
    assert open_request(owner=owner, campaign=there, claims={}) == first
    assert open_simulation(owner=owner, claims={}) == open_simulation(owner=owner, claims={})
    assert MobilityRequest.objects.count() == 2


def test_each_write_replaces_and_moves_the_revision(owner):
    made = draft(owner)
    again = save_voeux(request=made, revision=made.revision, voeux=("Nice", "Dijon"))
    assert places(again) == ["Nice", "Dijon"]
    again = save_claims(request=again, revision=again.revision, claims={"boe": True})
    again = save_pieces(request=again, revision=again.revision, chosen={"mariage": [uuid.uuid4()]})
    assert again.revision == made.revision + 3
    assert again.claims.boe
    assert again.chosen_pieces.count() == 1


@pytest.mark.req("T15")
def test_the_second_tab_is_told_and_writes_nothing(owner):
    made = draft(owner)
    save_voeux(request=made, revision=made.revision, voeux=("Nice",))
    with pytest.raises(Overtaken) as told:
        save_voeux(request=made, revision=made.revision, voeux=("Lyon",))
    assert places(told.value.request) == ["Nice"]


def test_nothing_is_written_after_the_closing_nor_before_the_opening(owner):
    there = campaign()
    made = open_request(owner=owner, campaign=there, claims={})
    with time_machine.travel(there.closes_at, tick=False):
        with pytest.raises(DomainError, match="campaign_closed"):
            save_voeux(request=made, revision=made.revision, voeux=("Lyon",))
        with pytest.raises(DomainError, match="campaign_closed"):
            open_request(owner=full_career().user, campaign=there, claims={})
    with time_machine.travel(there.closes_at - dt.timedelta(microseconds=1), tick=False):
        save_voeux(request=made, revision=made.revision, voeux=("Lyon",))
    with time_machine.travel(there.opens_at - dt.timedelta(microseconds=1), tick=False):
        assert open_request(owner=owner, campaign=there, claims={}) == made  # one's own is still read
        with pytest.raises(DomainError, match="campaign_closed"):
            save_voeux(request=made, revision=made.revision + 1, voeux=("Nice",))


def test_a_simulation_is_written_all_year_and_never_sent(owner):
    made = open_simulation(owner=owner, claims={})
    assert places(save_voeux(request=made, revision=0, voeux=("Lyon",))) == ["Lyon"]
    with pytest.raises(DomainError, match="campaign_closed"):
        take_up(request=made, by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        MobilityRequest.objects.filter(pk=made.pk).update(state=RequestState.WITHDRAWN)


def test_only_a_draft_is_written(owner):
    made = draft(owner)
    move(lock(made), Act.WITHDRAW, by=owner, at=timezone.now())
    with pytest.raises(DomainError, match="request_not_a_draft"):
        save_voeux(request=made, revision=made.revision + 1, voeux=("Lyon",))
    again = take_up(request=made, by=owner)
    assert again.state == RequestState.DRAFT
    assert [event.act for event in again.events.all()] == ["retirer", "reprendre"]


def test_a_move_outside_the_table_is_refused(owner):
    made = draft(owner)
    with pytest.raises(DomainError, match="request_transition"):
        move(lock(made), Act.PUBLISH, by=owner, at=timezone.now())
    assert RequestEvent.objects.count() == 0


def test_drafts_left_at_the_closing_are_told_apart_and_keep_everything(owner):
    there = campaign()
    made = draft(owner, there)
    assert expire_unconfirmed(at=there.closes_at - dt.timedelta(seconds=1)) == 0
    assert expire_unconfirmed(at=there.closes_at) == 1
    assert expire_unconfirmed(at=there.closes_at) == 0
    made.refresh_from_db()
    assert made.state == RequestState.UNCONFIRMED
    assert places(made) == ["Dijon", "Lyon", "Nice"]


@pytest.mark.req("K2")
def test_a_date_moves_with_its_reason_only(owner):
    there, by = campaign(), UserFactory()
    later = there.closes_at + dt.timedelta(days=2)
    with pytest.raises(DomainError, match="campaign_no_reason"):
        move_date(campaign=there, date=CampaignDate.CLOSES, to=later, reason="  ", by=by)
    row = move_date(campaign=there, date=CampaignDate.CLOSES, to=later, reason="Panne de la messagerie", by=by)
    there.refresh_from_db()
    assert (there.closes_at, there.moves, row.was_at < row.became_at) == (later, 1, True)
    with pytest.raises(DomainError, match="campaign_same_date"):
        move_date(campaign=there, date=CampaignDate.CLOSES, to=later, reason="Encore", by=by)
    with pytest.raises(DatabaseError), transaction.atomic():
        Campaign.objects.filter(pk=there.pk).update(closes_at=later + dt.timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_no_campaign_is_opened_whose_bareme_nobody_can_compute():
    with pytest.raises(DomainError, match="campaign_without_rules"):
        campaign(phase="intra", session=2033)
