"""The queue of requests about rendez-vous de carrière: who sees it, who answers, what the answer does."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from career.enums import CorrectionState
from iprof.correspondence.models import Alert
from security.enums import Role, ScopeKind
from tests.career.web.pages import words
from tests.factories.accounts import staff
from tests.factories.career import AppraisalRequestFactory, AssignmentFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S48")]
LIST = "/gestion/career/appraisalrequest/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def asked():
    return AppraisalRequestFactory(agent=full_career())


@pytest.fixture
def revision():
    return AppraisalRequestFactory(
        agent=full_career(last_name="Vasseur"),
        kind="revision",
        evaluation_ref="RDV-1",
        subject="Révision de l'appréciation finale : Premier rendez-vous de carrière",
        notified_on=dt.date(2026, 10, 1),
        notified_declared=True,
        due_on=dt.date(2026, 11, 23),
    )


@pytest.fixture
def office(client):
    user = staff(Role.GESTIONNAIRE)
    client.force_login(user)
    return user


def page(asked) -> str:
    return reverse("admin:career_appraisalrequest_change", args=[asked.pk])


def test_the_queue_filters_what_waits_and_what_is_late(client, office, asked, revision):
    assert "2 demandes" in words(client.get(LIST))
    assert "Vasseur" in words(client.get(LIST, {"q": "vasseur"}))
    late = words(client.get(LIST, {"attente": "retard"}))
    assert "1 demande" in late
    assert "Révision" in late
    client.post(page(asked), {"decision": "accepter", "reponse": "Fixé au 12 janvier."})
    assert "1 demande" in words(client.get(LIST, {"attente": "oui"}))
    assert "1 demande" in words(client.get(LIST, {"attente": "non"}))
    assert "Demandes sur les rendez-vous de carrière à traiter" in words(client.get("/"))


def test_taking_up_then_answering_warns_each_time(client, office, asked):
    assert client.post(page(asked), {"decision": "examiner"}).status_code == 302
    assert "Prendre en charge" not in words(client.get(page(asked)))
    assert client.post(page(asked), {"decision": "refuser", "reponse": "Pas cette année."}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.answered_by) == (CorrectionState.REFUSED, "Pas cette année.", office)
    assert Alert.objects.filter(user=asked.agent.user).count() == 2
    text = words(client.get(page(asked)))
    assert "Pas cette année." in text
    assert "Répondre" not in text
    again = client.post(page(asked), {"decision": "accepter", "reponse": "Si."})
    assert again.status_code == 409
    assert "Cette demande a déjà reçu une réponse" in words(again)


def test_an_empty_answer_is_refused_and_an_unknown_decision_does_nothing(client, office, asked):
    response = client.post(page(asked), {"decision": "accepter", "reponse": "  "})
    assert response.status_code == 400
    assert "La réponse est vide" in words(response)
    assert "Aucune décision" in words(client.post(page(asked), {"decision": "licorne"}, follow=True))
    asked.refresh_from_db()
    assert asked.state == CorrectionState.OPEN


def test_a_declared_day_is_to_be_checked_and_a_late_one_is_said(client, office, revision):
    text = words(client.get(page(revision)))
    assert "date déclarée par l'agent : vérifiez-la" in text
    assert "délai dépassé : la demande est réputée refusée" in text


def test_observations_have_no_refusal(client, office):
    observed = AppraisalRequestFactory(
        agent=full_career(), kind="observations", evaluation_ref="R", notified_on=dt.date(2026, 11, 20)
    )
    assert "Refuser" not in words(client.get(page(observed)))
    response = client.post(page(observed), {"decision": "refuser", "reponse": "Non."})
    assert response.status_code == 400
    assert "Des observations ne se refusent pas" in words(response)


@pytest.mark.req("D16")
@pytest.mark.parametrize("role", [Role.HEAD, Role.DPO, Role.IT])
def test_other_roles_see_no_request(client, asked, role):
    client.force_login(staff(role))
    assert client.get(LIST).status_code == 403
    assert client.get(page(asked)).status_code == 403
    assert client.post(page(asked), {"decision": "examiner"}).status_code == 403


@pytest.mark.req("D16")
def test_only_the_habilitation_is_seen(client, asked):
    client.force_login(staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="08"))
    assert client.get(page(asked)).status_code == 404
    assert "0 demande" in words(client.get(LIST))
    AssignmentFactory(agent=asked.agent, establishment__departement="08")
    assert client.get(page(asked)).status_code == 200
    assert client.get(f"{LIST}{'9' * 30}/change/").status_code == 404


def test_nobody_answers_their_own(client):
    office = staff(Role.GESTIONNAIRE)
    own = AppraisalRequestFactory(agent=full_career(user=office))
    client.force_login(office)
    assert "Vous pouvez lire cette demande, pas y répondre." in words(client.get(page(own)))
    response = client.post(page(own), {"decision": "accepter", "reponse": "Oui."})
    assert response.status_code == 409
    assert "confiez-la à un collègue" in words(response)


def test_the_list_asks_as_much_for_one_as_for_many(client, office, django_assert_max_num_queries):
    counts = []
    for batch in (1, 12):
        for _ in range(batch):
            AppraisalRequestFactory(agent=full_career())
        with django_assert_max_num_queries(14) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
