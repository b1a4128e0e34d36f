"""The way of a correspondence: written, simulated, approved by another, released to exactly those found, recalled (S11)."""

import pytest

from iprof.correspondence.audience import Audience
from iprof.correspondence.enums import CircularState
from iprof.correspondence.models import Alert, CircularRecipient
from iprof.correspondence.services.circulars import (
    approve_circular,
    recall_circular,
    release_circular,
    save_circular,
    simulate_circular,
)
from iprof.kernel.errors import DomainError
from security.models import AccessEvent
from tests.factories.career import full_career
from tests.factories.correspondence import clerk, draft_circular, sent_circular, simulated_circular

pytestmark = [pytest.mark.django_db, pytest.mark.req("S11", "D17")]


def code_of(call, **arguments) -> str:
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    return caught.value.code


def test_the_way_of_a_circular_is_held_and_journalled():
    agent, author = full_career(), clerk("secretaire")
    circular = draft_circular()
    assert code_of(release_circular, circular=circular, by=author) == "circular_not_simulated"
    assert code_of(approve_circular, circular=circular, by=clerk("valideuse")) == "circular_not_simulated"
    assert code_of(recall_circular, circular=circular, by=author, reason="Faux") == "circular_not_sent"
    circular = simulate_circular(circular=circular, by=author)
    assert (circular.state, circular.recipient_count) == (CircularState.SIMULATED, 1)
    assert not Alert.objects.exists()
    circular = release_circular(circular=circular, by=author)
    assert circular.state == CircularState.RELEASED
    alert = Alert.objects.get()
    assert (alert.user, alert.cause, alert.kind) == (agent.user, circular.cause, "correspondance.nouvelle")
    for call in (release_circular, simulate_circular, save_circular):
        assert code_of(call, circular=circular, by=author) == "circular_sent"
    assert code_of(recall_circular, circular=circular, by=author, reason=" \n") == "recall_without_reason"
    assert recall_circular(circular=circular, by=author, reason="La date est fausse.") == (1, 0)
    assert code_of(recall_circular, circular=circular, by=author, reason="Encore") == "circular_recalled"
    acts = (
        AccessEvent.objects.filter(kind="correspondance.gestion").order_by("pk").values_list("detail__act", flat=True)
    )
    assert list(acts) == ["simulation", "diffusion", "rappel"]


def test_a_result_is_released_once_another_person_has_approved():
    full_career()
    circular = simulated_circular(result=True)
    author, other = circular.edited_by, clerk("valideuse")
    assert code_of(release_circular, circular=circular, by=author) == "circular_needs_two"
    assert code_of(release_circular, circular=circular, by=other) == "circular_needs_two"
    assert code_of(approve_circular, circular=circular, by=author) == "circular_own"
    assert approve_circular(circular=circular, by=other).state == CircularState.APPROVED
    assert release_circular(circular=circular, by=author).released_by == author


def test_a_change_after_the_dry_run_asks_for_another():
    full_career()
    circular = simulated_circular(result=True)
    approve_circular(circular=circular, by=clerk("valideuse"))
    circular.title = "Un autre titre"
    saved = save_circular(circular=circular, by=circular.edited_by)
    assert (saved.state, saved.recipient_count, saved.approved_by) == (CircularState.DRAFT, None, None)
    assert not CircularRecipient.objects.exists()


def test_whoever_joins_after_the_dry_run_stops_the_release():
    full_career()
    circular = simulated_circular()
    full_career()
    with pytest.raises(DomainError) as caught:
        release_circular(circular=circular, by=circular.edited_by)
    assert caught.value.params == {"before": 1, "now": 2, "gained": 1, "lost": 0}
    assert not Alert.objects.exists()


def test_a_letter_is_for_the_people_named_alone():
    first, other = full_career(), full_career()
    sent_circular(first.user, kind="courrier")
    assert list(Alert.objects.values_list("user", flat=True)) == [first.user_id]
    assert other.user_id not in CircularRecipient.objects.values_list("user", flat=True)


def test_an_audience_of_nobody_is_refused():
    circular = draft_circular(Audience(uais=("0510001A",)))
    assert code_of(simulate_circular, circular=circular, by=circular.edited_by) == "circular_nobody"
