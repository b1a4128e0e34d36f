"""Answers to contests and late changes in « Gestion »: by a named person within reach, with a reason (D28, K4, S72)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from iprof.correspondence.models import Alert
from mobility.enums import AskState, RequestState
from mobility.services.contests import answer_contest
from security.enums import AccessKind, Role, ScopeKind
from security.models import AccessEvent
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.mobility_life import contest, controlled, late_change
from tests.mobility.plain_rules import plain_bareme

pytestmark = [pytest.mark.django_db, pytest.mark.req("D28")]
ACCEPT = {"decision": "accepter", "points": "56", "motif": "Arrêté du 3 mars : 8e échelon."}


@pytest.fixture
def version(plain_rules, monkeypatch):
    monkeypatch.setattr("mobility.services.late.bareme", plain_bareme)
    return controlled(full_career(last_name="Vasseur").user)


@pytest.fixture
def office():
    return staff(Role.GESTIONNAIRE, first_name="Hélène", last_name="Marchand")


@pytest.fixture
def client(office):
    return at(office)


def at(user) -> PortalClient:
    client = PortalClient()
    client.force_login(user)
    return client


def page(row) -> str:
    return reverse(f"admin:mobility_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.req("K4")
def test_a_contest_is_read_then_accepted_by_a_named_person(client, office, version):
    row = contest(version)
    asked = words(client.get(reverse("admin:mobility_mobilityrequest_change", args=[version.request.pk])))
    assert "Contestations et modifications tardives" in asked
    text = words(client.get(page(row)))
    for said in ("Vasseur", "Mon échelon est le 8e.", "Points affichés 49", "Points attendus 56", "Répondre"):
        assert said in text, said
    assert AccessEvent.objects.filter(kind=AccessKind.MOBILITY_READ, subject=version.request.owner).count() == 2
    before = Alert.objects.filter(user=version.request.owner).count()
    assert client.post(page(row), ACCEPT).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.granted, row.decided_by) == (AskState.ACCEPTED, Decimal(56), office)
    assert row.outcome.retained == {f"{row.place}|echelon": "56"}
    assert Alert.objects.filter(user=version.request.owner).count() == before + 1
    read = words(client.get(page(row)))
    assert "Hélène Marchand" in read
    assert "56 points retenus" in read


def test_points_are_retained_on_each_voeu_that_bears_the_line(client, version):
    row = contest(version)
    assert client.post(page(row), ACCEPT | {"partout": "on"}).status_code == 302
    row.refresh_from_db()
    assert len(row.outcome.retained) == len(version.result["voeux"]) > 1


def test_a_contest_is_refused_with_a_reason(client, version):
    row = contest(version)
    assert client.post(page(row), {"decision": "refuser", "motif": "Échelon conforme."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer, row.outcome) == (AskState.REFUSED, "Échelon conforme.", None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"decision": ""}, "Choisissez d'accepter ou de refuser"),
        ({"decision": "x"}, "Choisissez d'accepter ou de refuser"),
        ({"points": ""}, "écrivez les points que vous retenez"),
        ({"points": "-1"}, "entre 0 et 99 999"),
        ({"points": "1e9"}, "entre 0 et 99 999"),
        ({"motif": " "}, "Le motif est vide"),
        ({"motif": "x" * 2001}, "fait 2001 caractères"),
        ({"motif": "a\x00b"}, "caractère nul"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(client, version, change, sentence):
    row = contest(version)
    answer = client.post(page(row), ACCEPT | change)
    assert answer.status_code == 400
    assert sentence in words(answer)
    if "motif" not in change:
        assert ACCEPT["motif"] in words(answer)
    row.refresh_from_db()
    assert row.state == AskState.OPEN


def test_a_contest_is_answered_once(client, version):
    row = contest(version)
    answer_contest(contest=row, by=UserFactory(), accepted=False, reason="Conforme.")
    answer = client.post(page(row), ACCEPT)
    assert answer.status_code == 409
    assert "déjà reçu une réponse" in words(answer)


@pytest.mark.req("S72")
def test_a_late_change_is_admitted_by_a_named_person(client, office, version):
    row = late_change(version)
    text = words(client.get(page(row)))
    for said in (
        "Vœux de la demande 1. Dijon",
        "Vœux demandés 1. Nice, 2. Lyon",
        "Voir l'envoi",
        "Mon conjoint est muté",
    ):
        assert said in text, said
    assert client.post(page(row), {"decision": "accepter", "motif": ""}).status_code == 400
    assert client.post(page(row), {"decision": "accepter", "motif": "Mutation prouvée."}).status_code == 302
    row.refresh_from_db()
    request = row.request
    assert (row.state, row.decided_by, row.outcome.decided_by) == (AskState.ACCEPTED, office, office)
    assert list(request.voeux.order_by("rank").values_list("place", flat=True)) == ["Nice", "Lyon"]
    assert request.state == RequestState.SUBMITTED


@pytest.mark.req("S72")
def test_a_late_change_refused_leaves_the_request_as_it_is(client, version):
    row = late_change(version)
    assert client.post(page(row), {"decision": "refuser", "motif": "Preuve illisible."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.outcome) == (AskState.REFUSED, None)
    assert row.request.state == RequestState.CONTROLLED


@pytest.mark.req("D16")
def test_nobody_answers_out_of_reach_nor_their_own(version):
    rows = [contest(version), late_change(version)]
    far = at(staff(Role.GESTIONNAIRE, scope_kind=ScopeKind.DEPARTEMENT, scope_code="10", username="loin"))
    for row in rows:
        assert far.get(page(row)).status_code == far.post(page(row), ACCEPT).status_code == 404
        assert at(staff(Role.HEAD, username=f"chef-{row.pk}-{row._meta.model_name}")).get(page(row)).status_code == 403
    mine = staff(Role.GESTIONNAIRE, username="moi")
    own = controlled(full_career(user=mine).user, version.request.campaign)
    for row in (contest(own), late_change(own)):
        assert at(mine).post(page(row), ACCEPT).status_code == 404
        row.refresh_from_db()
        assert row.state == AskState.OPEN


@pytest.mark.parametrize("number", [1, 3])
def test_the_query_count_of_the_list_does_not_grow(client, plain_rules, number, django_assert_max_num_queries):
    for _ in range(number):
        contest(controlled(full_career().user))
    with django_assert_max_num_queries(12):
        assert "Ancienneté de service" in words(client.get(reverse("admin:mobility_contest_changelist")))
