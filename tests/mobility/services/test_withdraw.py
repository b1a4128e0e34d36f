"""Taking one's request back: until the closing freely, then until the date of the campaign (S56, D17)."""

import datetime as dt

import pytest
from django.utils import timezone

from documents.selectors.receipts import receipts_of
from iprof.kernel.errors import DomainError
from mobility.services.drafts import take_up
from mobility.services.withdraw import withdraw
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.mobility_life import displaying, sent

pytestmark = [pytest.mark.django_db, pytest.mark.req("S56")]


@pytest.fixture
def request_sent():
    return sent(full_career().user, displaying()).request


def test_a_withdrawal_leaves_a_receipt_without_the_reason(request_sent):
    receipt = withdraw(request=request_sent, by=request_sent.owner, reason="Affaire de famille")
    request_sent.refresh_from_db()
    assert request_sent.state == "retire"
    assert "famille" not in str(receipt.payload)
    assert request_sent.events.latest("pk").note == "Affaire de famille"


def test_asked_twice_it_is_done_once(request_sent):
    first = withdraw(request=request_sent, by=request_sent.owner)
    assert withdraw(request=request_sent, by=request_sent.owner) == first
    assert request_sent.events.filter(act="retirer").count() == 1


def test_taken_up_then_withdrawn_again_gives_another_receipt(request_sent):
    first = withdraw(request=request_sent, by=request_sent.owner)
    take_up(request=request_sent, by=request_sent.owner)
    assert withdraw(request=request_sent, by=request_sent.owner) != first


@pytest.mark.parametrize(("after", "open_then"), [(-1, True), (0, False)])
def test_after_the_closing_until_the_date_to_the_second(request_sent, after, open_then):
    at = request_sent.campaign.late_until + dt.timedelta(seconds=after)
    if open_then:
        assert withdraw(request=request_sent, by=request_sent.owner, at=at)
        return
    with pytest.raises(DomainError, match="withdraw_closed"):
        withdraw(request=request_sent, by=request_sent.owner, at=at)


def test_without_a_date_published_the_closing_ends_it():
    request = sent(full_career().user, displaying(late_until=None)).request
    with pytest.raises(DomainError, match="withdraw_closed"):
        withdraw(request=request, by=request.owner, at=request.campaign.closes_at)


def test_nobody_withdraws_for_another(request_sent):
    with pytest.raises(DomainError, match="withdraw_not_owner"):
        withdraw(request=request_sent, by=UserFactory())


@pytest.mark.django_db(transaction=True)
def test_asked_five_times_at_once_it_is_done_once(request_sent):
    given = at_once(lambda: withdraw(request=request_sent, by=request_sent.owner, at=timezone.now()), times=5)
    assert len({one.code for one in given}) == 1
    assert receipts_of(request_sent.owner).count() == 1
