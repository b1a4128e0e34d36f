"""Contesting a line of the barème displayed, and the answer of a named person (K4, K5, D28)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from documents.selectors.receipts import receipts_about
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from mobility.domain.versions import changes, voeux_of
from mobility.enums import AskState, Ground, VersionCause
from mobility.models import Contest, RequestEvent
from mobility.services.contests import answer_contest, contest_line
from mobility.services.versions import latest_version
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.documents import proof_of_address
from tests.factories.mobility_life import about, contest, controlled, displaying

pytestmark = [pytest.mark.django_db, pytest.mark.req("S56", "S57")]
SHOWN = dt.timedelta(days=2)


@pytest.fixture
def version(plain_rules):
    return controlled(full_career().user)


def refused(code: str, act, **told):
    with pytest.raises(DomainError) as error:
        act(**told)
    assert error.value.code == code


def test_a_contest_leaves_a_receipt_an_event_and_an_alert(version):
    before = Alert.objects.count()
    sent = contest_line(version=version, about=about(version), by=version.request.owner, at=timezone.now() + SHOWN)
    assert sent.contest.state == AskState.OPEN
    assert [one.code for one in receipts_about(version.request.owner, "contestation")] == [sent.receipt.code]
    assert "Mon échelon" not in str(sent.receipt.payload)
    assert RequestEvent.objects.filter(act="contester").get().note == f"Ancienneté de service, vœu {sent.contest.place}"
    assert Alert.objects.count() == before + 1
    assert Alert.objects.latest("pk").user == version.request.owner


def test_an_accepted_contest_makes_a_version_with_its_author(version):
    by, row = UserFactory(), contest(version)
    done = answer_contest(
        contest=row, by=by, accepted=True, points=Decimal(56), reason="Arrêté du 3 mars : 8e échelon."
    )
    made = latest_version(version.request)
    assert (done.state, done.outcome, done.granted) == (AskState.ACCEPTED, made, Decimal(56))
    assert (made.cause, made.decided_by, made.retained) == (VersionCause.CONTESTED, by, {f"{row.place}|echelon": "56"})
    found = changes(voeux_of(version.result, version.retained), voeux_of(made.result, made.retained))
    assert [(one.voeu, one.was, one.became) for one in found] == [(row.place, Decimal(49), Decimal(56))]


def test_an_answer_may_hold_on_every_vœu(version):
    row = contest(version)
    answer_contest(
        contest=row, by=UserFactory(), accepted=True, points=Decimal(56), everywhere=True, reason="8e échelon."
    )
    assert [voeu.total for voeu in _latest(version)] == [Decimal(156), Decimal(56), Decimal(56)]


def test_a_line_that_was_missing_is_added(version):
    row = contest(
        version, item="rc", label="Rapprochement de conjoints", ground=Ground.MISSING, shown=None, expected=None
    )
    answer_contest(contest=row, by=UserFactory(), accepted=True, points=Decimal("150.2"), reason="Pièce reçue à temps.")
    added = _latest(version)[0].lines[-1]
    assert (added.label, added.computed, added.points) == ("Rapprochement de conjoints", None, Decimal("150.2"))


def test_a_refused_contest_makes_no_version(version):
    done = answer_contest(
        contest=contest(version), by=UserFactory(), accepted=False, reason="Le 8e échelon date d'octobre."
    )
    assert (done.state, done.outcome) == (AskState.REFUSED, None)
    assert latest_version(version.request) == version


def test_what_is_joined_is_sent_under_its_name(version):
    owner = version.request.owner
    sent = contest_line(
        version=version, about=about(version), by=owner, documents=[proof_of_address(owner)], at=timezone.now() + SHOWN
    )
    assert owner.submissions.get().subject == f"contestation:{sent.contest.public_id}"


def test_one_contest_of_a_line_at_a_time(version):
    row = contest(version)
    refused("contest_already_open", contest, version=version)
    answer_contest(contest=row, by=UserFactory(), accepted=False, reason="Non.")
    assert contest(version).pk != row.pk


def test_only_while_barèmes_are_displayed(version):
    limit = version.request.campaign.contest_until
    refused("contest_closed", contest, version=version, at=timezone.now())
    refused("contest_closed", contest, version=version, at=limit)
    assert contest(version, at=limit - dt.timedelta(seconds=1))


def test_neither_another_s_nor_an_older_version(version):
    now = timezone.now() + SHOWN
    refused("contest_not_owner", contest_line, version=version, about=about(version), by=UserFactory(), at=now)
    answer_contest(contest=contest(version), by=UserFactory(), accepted=True, points=Decimal(56), reason="Oui.")
    refused("contest_overtaken", contest, version=version)


def test_nothing_to_contest_before_the_control(plain_rules):
    version = controlled(full_career().user, displaying())
    other = version.request.versions.get(number=1)
    refused("contest_overtaken", contest, version=other)


@pytest.mark.parametrize(
    ("code", "told"),
    [("contest_no_reason", {"reason": "  "}), ("contest_no_points", {"points": None})],
)
def test_an_answer_says_why_and_how_much(version, code, told):
    told = {"accepted": True, "points": Decimal(56), "reason": "Oui."} | told
    refused(code, answer_contest, contest=contest(version), by=UserFactory(), **told)


def test_nobody_answers_their_own(version):
    row = contest(version)
    refused("contest_own", answer_contest, contest=row, by=row.request.owner, accepted=False, reason="Oui.")
    with pytest.raises(DatabaseError, match="nobody decides"), transaction.atomic():
        Contest.objects.filter(pk=row.pk).update(
            state=AskState.REFUSED, answer="Oui.", decided_by=row.request.owner, decided_at=timezone.now()
        )


def test_an_answer_stays(version):
    row = contest(version)
    answer_contest(contest=row, by=UserFactory(), accepted=False, reason="Non.")
    refused("contest_answered", answer_contest, contest=row, by=UserFactory(), accepted=False, reason="Non.")
    for change in (Contest.objects.filter(pk=row.pk).delete, lambda: Contest.objects.update(answer="Oui.")):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_give_one(version):
    row, people = contest(version), iter([UserFactory(), UserFactory()])
    given = at_once(
        lambda: answer_contest(contest=row, by=next(people), accepted=True, points=Decimal(56), reason="Oui.")
    )
    assert sorted(type(one).__name__ for one in given) == ["Contest", "DomainError"]
    assert version.request.versions.count() == version.number + 1


def _latest(version):
    made = latest_version(version.request)
    return voeux_of(made.result, made.retained)
