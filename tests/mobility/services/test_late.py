"""A change after the closing, for a listed event, with its proof, admitted by a named person (S72, D28)."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from documents.selectors.receipts import receipt_for
from documents.services.submit import Incomplete
from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from mobility.enums import AskState, VersionCause
from mobility.models import LateChange
from mobility.services.late import answer_late_change
from mobility.services.versions import latest_version
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.documents import kept_document
from tests.factories.mobility_life import controlled, late_change
from tests.mobility.plain_rules import plain_bareme

pytestmark = [pytest.mark.django_db, pytest.mark.req("S56", "S72")]


@pytest.fixture
def version(monkeypatch):
    monkeypatch.setattr("mobility.services.late.bareme", plain_bareme)
    return controlled(full_career().user)


def test_asked_it_changes_nothing_and_its_receipt_tells_no_event(version):
    row = late_change(version)
    version.request.refresh_from_db()
    assert version.request.state == "controle"
    receipt = receipt_for(f"tardive:{row.public_id}")
    assert "conjoint" not in str(receipt.payload)
    assert version.request.owner.submissions.get().subject == f"tardive:{row.public_id}"


def test_admitted_it_makes_a_version_and_is_controlled_again(version):
    by, row = (
        UserFactory(),
        late_change(version, claims={"conjoint_departement": "06", "conjoint_postal_code": "06000"}),
    )
    confirmed = version.request.confirmed_at
    done = answer_late_change(late=row, by=by, accepted=True, reason="Arrêté de mutation du conjoint.")
    request, made = done.request, latest_version(version.request)
    request.refresh_from_db()
    assert (request.state, request.late, request.confirmed_at) == ("saisi", True, confirmed)
    assert [voeu.place for voeu in request.voeux.order_by("rank")] == ["Nice", "Lyon"]
    assert request.claims.conjoint_departement == "06"
    assert (made.cause, made.decided_by, done.outcome) == (VersionCause.LATE, by, made)
    assert [one["place"] for one in made.result["voeux"]] == ["Nice", "Lyon"]


def test_refused_the_request_stays_and_its_owner_is_told(version):
    row, before = late_change(version), Alert.objects.count()
    done = answer_late_change(late=row, by=UserFactory(), accepted=False, reason="Mutation demandée en mai.")
    assert done.state == AskState.REFUSED
    assert latest_version(version.request) == version
    assert Alert.objects.count() == before + 1


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("late_event_unknown", {"event": "demenagement"}),
        ("late_event_unknown", {"claims": {"boe": "oui"}}),
        ("late_no_proof", {"documents": []}),
        ("late_nothing", {"voeux": ("Dijon", "Lyon", "Nice")}),
        ("late_closed", {"at": timezone.now() + dt.timedelta(days=30)}),
        ("late_closed", {"at": timezone.now()}),
    ],
)
def test_what_stands_in_the_way(version, code, told):
    with pytest.raises(DomainError) as error:
        late_change(version, **told)
    assert error.value.code == code
    assert not LateChange.objects.exists()


def test_a_proof_of_another_type_is_told_and_nothing_is_written(version):
    with pytest.raises(Incomplete):
        late_change(version, documents=[kept_document(version.request.owner)])
    assert not LateChange.objects.exists()


def test_one_at_a_time_and_one_s_own(version):
    row = late_change(version)
    for code, act in (
        ("late_already_open", lambda: late_change(version)),
        ("late_not_owner", lambda: late_change(version, by=UserFactory())),
        ("late_own", lambda: answer_late_change(late=row, by=row.request.owner, accepted=True, reason="Oui.")),
        ("late_no_reason", lambda: answer_late_change(late=row, by=UserFactory(), accepted=True, reason=" ")),
    ):
        with pytest.raises(DomainError) as error:
            act()
        assert error.value.code == code


def test_an_answer_stays(version):
    row = late_change(version)
    answer_late_change(late=row, by=UserFactory(), accepted=False, reason="Non.")
    with pytest.raises(DomainError, match="late_answered"):
        answer_late_change(late=row, by=UserFactory(), accepted=True, reason="Oui.")
    with pytest.raises(DatabaseError, match="never"), transaction.atomic():
        LateChange.objects.update(reason="Autre chose.")
