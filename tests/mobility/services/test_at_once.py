"""Confirming at the same moment: one request, one receipt, whoever asks (a small sample; the whole: `run.py faults -k mobility`)."""

import datetime as dt

import pytest
import time_machine

from documents.models import Receipt
from iprof.kernel.errors import DomainError
from mobility.models import BaremeVersion, RequestEvent
from mobility.services.confirm import confirm
from mobility.services.drafts import save_voeux
from tests.at_once import at_once
from tests.factories.career import full_career
from tests.factories.mobility import campaign, draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("S50", "D17"),
    pytest.mark.usefixtures("plain_rules"),
]


def send(one):
    return confirm(request=one, revision=one.revision, by=one.owner, accepted_missing=True)


def test_the_same_request_six_times_at_once_is_one():
    one = draft(full_career().user)
    given = at_once(lambda: send(one), times=6)
    assert len({done.receipt.code for done in given}) == 1
    assert (Receipt.objects.count(), BaremeVersion.objects.count()) == (1, 1)
    assert RequestEvent.objects.filter(act="confirmer").count() == 1


def test_six_agents_at_once_have_each_their_own():
    there = campaign()
    drafts = [draft(full_career().user, there) for _ in range(6)]
    waiting = iter(drafts)
    given = at_once(lambda: send(next(waiting)), times=6)
    assert {done.request.pk: done.receipt.owner_id for done in given} == {one.pk: one.owner_id for one in drafts}


def test_confirmed_and_changed_at_once_one_of_the_two_is_told():
    one = draft(full_career().user)
    acts = iter([send, lambda one: save_voeux(request=one, revision=one.revision, voeux=("Nice",))])
    given = at_once(lambda: next(acts)(one))
    failed = [answer for answer in given if isinstance(answer, Exception)]
    one.refresh_from_db()
    assert len(failed) == 1
    assert one.voeux.count() == (3 if one.state == "saisi" else 1)


def test_the_second_of_the_closing_is_out():
    one = draft(full_career().user)
    closes = one.campaign.closes_at
    with time_machine.travel(closes, tick=False), pytest.raises(DomainError, match="campaign_closed"):
        send(one)
    with time_machine.travel(closes - dt.timedelta(microseconds=1), tick=False):
        assert send(one).request.state == "saisi"
